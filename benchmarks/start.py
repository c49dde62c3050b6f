"""cold answers of the command line (reach: 0.4 s of computing, 2x its SQL library); `uptake up --demo`: from an empty
folder to the first page (reach: 2.5 s), then at rest (reach: 1 % of a core in all, 90 MB a process)"""

import os
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

RUNS, REST_SECONDS = 5, 30
CALM_SECONDS = 10
"""How long after the first page the processes are at rest."""
LIMIT = ["-c", "import sqlalchemy"]
UPTAKE = ["-m", "app.bootstrap"]


def run() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        data = f"{folder}/data"
        cpu_seconds([*UPTAKE, "demo", "audit-office"], data)
        limit = statistics.median(cpu_seconds(LIMIT, data) for _ in range(RUNS))
        for words in (["--help"], ["scorecard", "audit-office"]):
            seconds = statistics.median(cpu_seconds([*UPTAKE, *words], data) for _ in range(RUNS))
            yield f"uptake {' '.join(words)}: {seconds:.2f} s of computing, {seconds / limit:.1f}x its SQL library alone"
    times, computing = [], []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder, first_page(f"{folder}/data") as (process, seconds):
            times.append(seconds)
            computing.append(sum(cpu_of(pid) for pid in tree(process.pid)))
    yield f"up --demo: median {statistics.median(times):.1f} s of {', '.join(f'{t:.1f}' for t in times)}"
    spent = statistics.median(computing)
    yield f"up --demo: {spent:.1f} s of computing in all processes, {spent / limit:.0f}x the SQL library alone"
    yield from at_rest()


def at_rest() -> Iterator[str]:
    """What each process takes while no one asks for anything."""
    with tempfile.TemporaryDirectory() as folder, first_page(f"{folder}/data") as (process, _seconds):
        time.sleep(CALM_SECONDS)
        before = {pid: cpu_of(pid) for pid in tree(process.pid)}
        time.sleep(REST_SECONDS)
        for pid, seconds in before.items():
            share = (cpu_of(pid) - seconds) / REST_SECONDS
            yield f"at rest: {command_of(pid)}: {share:.2%} of a core, {memory_of(pid):.0f} MB with its part of what is shared"


def cpu_seconds(words: list[str], data: str) -> float:
    """What a command of Python computes, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *words], env=os.environ | {"UPTAKE_DATA_DIR": data}, stdout=subprocess.DEVNULL, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@contextmanager
def first_page(data: str) -> Iterator[tuple["subprocess.Popen[bytes]", float]]:
    """A site over an empty folder, and the seconds until the register's page responded."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *UPTAKE, "up", "--demo", "--port", str(port)],
        env=os.environ | {"UPTAKE_DATA_DIR": data},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process, _wait_for_page(port, started)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def _wait_for_page(port: int, started: float) -> float:
    while time.perf_counter() - started < 60:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/dprk-enablers/", timeout=5) as answer:
                answer.read()
                return time.perf_counter() - started
        except OSError:
            time.sleep(0.02)
    raise TimeoutError("no page within a minute")


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    parents = {int(f.parent.name): int(_fields(int(f.parent.name))[1]) for f in Path("/proc").glob("[0-9]*/stat")}
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found


def cpu_of(pid: int) -> float:
    """What a process has computed, in seconds."""
    fields = _fields(pid)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_of(pid: int) -> float:
    """In MB; what processes share is divided among them."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("Pss:"))) / 1024


def command_of(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return words[words.index(UPTAKE[1]) + 1]


def _fields(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:  # it ended meanwhile
        return ["", "0"]
