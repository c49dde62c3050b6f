/* Lets file system calls of Uptake's processes fail, and moves their clock. Preloaded into each of them.
 *
 * All processes map one file, in which the harness writes what is to fail. Only calls about files in one folder fail,
 * so Python itself is not disturbed. Nothing of this is part of Uptake. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { OPEN, READ, WRITE, SYNC, TRUNCATE, RENAME, UNLINK, MKDIR, MAP };
enum { OFF, ONCE, ALWAYS };

struct plan {
    volatile int32_t mode;
    volatile uint32_t calls;     /* a bit for each kind of call */
    volatile int32_t error;      /* errno; 0 kills the process */
    volatile int32_t countdown;  /* calls that still succeed */
    volatile int32_t failures;   /* calls that failed */
    volatile int32_t is_partial; /* the write that fails first stores a half */
    volatile int64_t clock_ns;   /* added to the clock */
    char folder[256];
};

static struct plan *plan;

static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void map_plan(void) {
    const char *path = getenv("FAULT_PLAN");
    int file = path ? ((int (*)(const char *, int, ...))next("open"))(path, O_RDWR) : -1;
    if (file < 0) return;
    void *(*map)(void *, size_t, int, int, int, off_t) = next("mmap");
    void *mapped = map(NULL, sizeof(struct plan), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (mapped != MAP_FAILED) plan = mapped;
    close(file);
}

static int concerns(const char *path) {
    size_t length = strlen(plan->folder);
    return path && length && strncmp(path, plan->folder, length) == 0;
}

/* Whether a call fails now; sets errno if so. */
static int fails(int kind, const char *path, int file) {
    char target[512], link[64];
    int kept = errno;
    if (!plan || plan->mode == OFF || !(plan->calls & (1u << kind))) return 0;
    if (!path) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", file);
        ssize_t length = readlink(link, target, sizeof target - 1);
        errno = kept;
        if (length < 0) return 0;
        target[length] = 0;
        path = target;
    }
    if (!concerns(path)) return 0;
    int left = __sync_fetch_and_sub(&plan->countdown, 1);
    if (plan->mode == ONCE ? left != 0 : left > 0) return 0;
    __sync_fetch_and_add(&plan->failures, 1);
    if (!plan->error) kill(getpid(), SIGKILL);
    errno = plan->error;
    return 1;
}

static size_t partial(size_t count) { return plan->is_partial && plan->failures == 1 ? count / 2 : 0; }

static int writes(int flags) { return (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT); }

#define OPENS(NAME)                                                                                   \
    int NAME(const char *path, int flags, ...) {                                                      \
        va_list more; va_start(more, flags); mode_t mode = va_arg(more, mode_t); va_end(more);        \
        if (plan && (plan->error != EROFS || writes(flags)) && fails(OPEN, path, -1)) return -1;      \
        return ((int (*)(const char *, int, ...))next(#NAME))(path, flags, mode);                     \
    }
OPENS(open)
OPENS(open64)

#define OPENS_AT(NAME)                                                                                \
    int NAME(int at, const char *path, int flags, ...) {                                              \
        va_list more; va_start(more, flags); mode_t mode = va_arg(more, mode_t); va_end(more);        \
        if (plan && (plan->error != EROFS || writes(flags)) && fails(OPEN, path, -1)) return -1;      \
        return ((int (*)(int, const char *, int, ...))next(#NAME))(at, path, flags, mode);            \
    }
OPENS_AT(openat)
OPENS_AT(openat64)

ssize_t read(int file, void *to, size_t count) {
    if (fails(READ, NULL, file)) return -1;
    return ((ssize_t(*)(int, void *, size_t))next("read"))(file, to, count);
}

ssize_t write(int file, const void *from, size_t count) {
    ssize_t (*real)(int, const void *, size_t) = next("write");
    if (!fails(WRITE, NULL, file)) return real(file, from, count);
    int error = errno;
    ssize_t stored = partial(count) ? real(file, from, partial(count)) : 0;
    errno = error;
    return stored > 0 ? stored : -1;
}

#define READS_AT(NAME, OFFSET)                                                                        \
    ssize_t NAME(int file, void *to, size_t count, OFFSET at) {                                       \
        if (fails(READ, NULL, file)) return -1;                                                       \
        return ((ssize_t(*)(int, void *, size_t, OFFSET))next(#NAME))(file, to, count, at);           \
    }
READS_AT(pread, off_t)
READS_AT(pread64, off64_t)

#define WRITES_AT(NAME, OFFSET)                                                                       \
    ssize_t NAME(int file, const void *from, size_t count, OFFSET at) {                               \
        ssize_t (*real)(int, const void *, size_t, OFFSET) = next(#NAME);                             \
        if (!fails(WRITE, NULL, file)) return real(file, from, count, at);                            \
        int error = errno;                                                                            \
        ssize_t stored = partial(count) ? real(file, from, partial(count), at) : 0;                   \
        errno = error;                                                                                \
        return stored > 0 ? stored : -1;                                                              \
    }
WRITES_AT(pwrite, off_t)
WRITES_AT(pwrite64, off64_t)

#define ON_FILE(NAME, KIND)                                                                           \
    int NAME(int file) { return fails(KIND, NULL, file) ? -1 : ((int (*)(int))next(#NAME))(file); }
ON_FILE(fsync, SYNC)
ON_FILE(fdatasync, SYNC)

#define TRUNCATES(NAME, OFFSET)                                                                       \
    int NAME(int file, OFFSET length) {                                                               \
        return fails(TRUNCATE, NULL, file) ? -1 : ((int (*)(int, OFFSET))next(#NAME))(file, length);  \
    }
TRUNCATES(ftruncate, off_t)
TRUNCATES(ftruncate64, off64_t)

#define MAPS(NAME, OFFSET)                                                                            \
    void *NAME(void *at, size_t length, int protection, int flags, int file, OFFSET offset) {         \
        if (file >= 0 && fails(MAP, NULL, file)) return MAP_FAILED;                                   \
        return ((void *(*)(void *, size_t, int, int, int, OFFSET))next(#NAME))(at, length, protection, flags, file, offset); \
    }
MAPS(mmap, off_t)
MAPS(mmap64, off64_t)

int rename(const char *from, const char *to) {
    return fails(RENAME, to, -1) ? -1 : ((int (*)(const char *, const char *))next("rename"))(from, to);
}

int unlink(const char *path) {
    return fails(UNLINK, path, -1) ? -1 : ((int (*)(const char *))next("unlink"))(path);
}

int mkdir(const char *path, mode_t mode) {
    return fails(MKDIR, path, -1) ? -1 : ((int (*)(const char *, mode_t))next("mkdir"))(path, mode);
}

static void move(struct timespec *at) {
    int64_t ns = at->tv_nsec + (plan ? plan->clock_ns : 0) % 1000000000;
    at->tv_sec += (plan ? plan->clock_ns : 0) / 1000000000 + (ns < 0 ? -1 : ns / 1000000000);
    at->tv_nsec = (ns + 1000000000) % 1000000000;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    int result = ((int (*)(clockid_t, struct timespec *))next("clock_gettime"))(clock, at);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) move(at);
    return result;
}

time_t time(time_t *to) {
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    if (to) *to = at.tv_sec;
    return at.tv_sec;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}
