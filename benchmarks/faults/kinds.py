"""The kinds of faults. Each is a function of a trial, which draws the details from the trial's random numbers."""

import errno
import os
import shutil
import signal
import time
from collections.abc import Callable

from benchmarks.faults import crashes
from benchmarks.faults.calls import CALLS, KILL
from benchmarks.faults.trial import NotPossibleHere, Trial
from tests.support.processes import is_alive
from tests.support.waiting import wait_until

Fault = Callable[[Trial], object]
MAX_CALLS_BEFORE = {"read": 30, "write": 30, "sync": 6, "open": 10, "map": 3, "truncate": 2}
"""How many calls of a kind may succeed before one fails: about as many as one command makes."""
CALLS_WAIT_SECONDS = 2.0
"""How long a call is waited for that may not come, such as the creation of a folder."""
DAY_SECONDS = 86_400


def _process(trial: Trial, role: str) -> int:
    return trial.random.choice(wait_until(lambda: trial.site.processes(role), waits_for=f"the {role}"))


def kill(role: str) -> Fault:
    def fault(trial: Trial) -> None:
        process = _process(trial, role)
        os.kill(process, signal.SIGKILL)
        wait_until(lambda: not is_alive(process), waits_for="the end of a process")

    return fault


def pause(role: str) -> Fault:
    """SIGSTOP, and SIGCONT after up to a second."""

    def fault(trial: Trial) -> None:
        process = _process(trial, role)
        os.kill(process, signal.SIGSTOP)
        time.sleep(trial.random.uniform(0.1, 1.0))
        os.kill(process, signal.SIGCONT)

    return fault


def pause_all(trial: Trial) -> None:
    """All processes at once, as when a virtual machine is moved."""
    processes = trial.site.all_processes()
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    time.sleep(trial.random.uniform(0.1, 1.0))
    for process in processes:
        os.kill(process, signal.SIGCONT)


def _needs_compiler(trial: Trial) -> None:
    if not trial.calls.is_available:
        raise NotPossibleHere("there is no C compiler (cc) for the library that lets calls fail")


def failing(call: str) -> Fault:
    """One call of a kind fails in whichever process makes it."""

    def fault(trial: Trial) -> None:
        _needs_compiler(trial)
        error = trial.random.choice((errno.EIO, errno.ENOSPC)) if call == "write" else errno.EIO
        after = trial.random.randrange(MAX_CALLS_BEFORE.get(call, 1))
        trial.calls.fail((call,), error, trial.data_dir, after=after, partial=trial.random.random() < 0.5)
        _wait_for_failures(trial, 1)

    return fault


def killed_in(call: str) -> Fault:
    """The process that makes a call of a kind is killed in it, after a half of a write."""

    def fault(trial: Trial) -> None:
        _needs_compiler(trial)
        after = trial.random.randrange(MAX_CALLS_BEFORE.get(call, 1))
        trial.calls.fail((call,), KILL, trial.data_dir, after=after)
        _wait_for_failures(trial, 1)

    return fault


def _wait_for_failures(trial: Trial, count: int) -> None:
    deadline = time.monotonic() + CALLS_WAIT_SECONDS
    while trial.calls.failures < count and time.monotonic() < deadline:
        time.sleep(0.005)


def full_disk(trial: Trial) -> None:
    """No byte more can be written, from the middle of a write on, for up to a second."""
    _needs_compiler(trial)
    trial.calls.fill_disk(trial.data_dir, trial.random.randrange(30))
    _wait_for_failures(trial, 1)
    time.sleep(trial.random.uniform(0.1, 1.0))


def read_only_disk(trial: Trial) -> None:
    _needs_compiler(trial)
    trial.calls.make_read_only(trial.data_dir)
    _wait_for_failures(trial, 1)
    time.sleep(trial.random.uniform(0.1, 1.0))


def moved_clock(trial: Trial) -> None:
    """The clock is set for up to a second, by two hours to 300 days, forwards or back."""
    _needs_compiler(trial)
    days = trial.random.choice((0.1, 1, 40, 300)) * trial.random.choice((-1, 1))
    trial.calls.move_clock(int(days * DAY_SECONDS))
    time.sleep(trial.random.uniform(0.1, 1.0))


def deleted_checkpoints(trial: Trial) -> None:
    """The file of checkpoints is deleted, and the worker killed; it writes the file again when it starts."""
    file = trial.data_dir / "checkpoints.txt"
    file.unlink(missing_ok=True)
    os.kill(_process(trial, "worker"), signal.SIGKILL)
    wait_until(file.is_file, waits_for="the file of checkpoints")


def deleted_views(trial: Trial) -> None:
    """The tables behind the pages are deleted while nothing runs."""
    trial.site.suspend()
    shutil.rmtree(trial.data_dir / "views")
    trial.site.start()


def views_deleted_while_running(trial: Trial) -> None:
    shutil.rmtree(trial.data_dir / "views", ignore_errors=True)  # processes may make new ones meanwhile


def deleted_wal(trial: Trial) -> None:
    """After an orderly stop nothing is left in a write-ahead log: it may be lost when files are copied."""
    trial.site.suspend()
    for file in [*trial.data_dir.rglob("*-wal"), *trial.data_dir.rglob("*-shm")]:
        file.unlink()
    trial.site.start()


def orderly_restart(trial: Trial) -> None:
    trial.site.suspend()
    trial.site.start()


STORE_KINDS: dict[str, tuple[Fault, int]] = {
    **{
        f"kill {role}": (kill(role), weight)
        for role, weight in (("web", 8), ("worker", 4), ("server", 3), ("supervisor", 2))
    },
    **{f"pause {role}": (pause(role), 3) for role in ("web", "worker", "server")},
    "pause all": (pause_all, 2),
    "two starters": (crashes.two_starters, 1),
    "orderly restart": (orderly_restart, 1),
}
"""Faults of either store, with how often they are drawn."""
FILE_KINDS: dict[str, tuple[Fault, int]] = {
    **{f"failing {call}": (failing(call), 12 if call in MAX_CALLS_BEFORE else 1) for call in CALLS},
    **{f"killed in {call}": (killed_in(call), 6) for call in ("write", "sync", "open")},
    "full disk": (full_disk, 6),
    "read-only disk": (read_only_disk, 4),
    "moved clock": (moved_clock, 3),
    "deleted checkpoints": (deleted_checkpoints, 1),
    "deleted views": (deleted_views, 1),
    "views deleted while running": (views_deleted_while_running, 1),
    "deleted WAL": (deleted_wal, 1),
    "import killed": (crashes.killed_import, 2),
    "restore killed": (crashes.killed_restore, 2),
    "backup under load": (crashes.backup_under_load, 2),
    "older log": (crashes.older_log, 1),
}
"""Faults of a store in files."""
DATABASE_KINDS: dict[str, tuple[Fault, int]] = {
    "connections cut": (crashes.cut_connections, 4),
    "database killed": (crashes.kill_database, 2),
    "database paused": (crashes.pause_database, 2),
}
"""Faults of a store in PostgreSQL."""
