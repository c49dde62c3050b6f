"""Processes of Uptake as an operator starts them, on a free port of this machine."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.waiting import wait_until

STOP_TIMEOUT_SECONDS = 120


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def children(pid: int) -> list[int]:
    """The processes that a process started and that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(stat.parent.name))
    return sorted(found)


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()


def child(pid: int, command: str) -> int:
    """The process of `uptake up` that runs a command."""
    return next((c for c in children(pid) if command_of(c).endswith(command)), 0)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until_ready(address: str, process: "subprocess.Popen[Any]") -> None:
    """Wait until the site at an address says that it is ready; raise AssertionError if its process ends first."""

    def is_ready() -> bool:
        assert process.poll() is None, "the site ended by itself"
        try:
            urllib.request.urlopen(f"{address}/readyz", timeout=30).close()
        except OSError:
            return False
        return True

    wait_until(is_ready, waits_for="the site to be ready")


def stop(process: "subprocess.Popen[Any]") -> None:
    """End a process as Ctrl-C does, and wait for its end."""
    process.send_signal(signal.SIGINT)
    process.wait(timeout=STOP_TIMEOUT_SECONDS)


@contextmanager
def served(command: str, data_dir: Path, log_file: Path | None = None, **settings: str) -> Iterator[str]:
    """The address at which `uptake COMMAND` answers over a store; its log goes to a file."""
    port = free_port()
    with (log_file or Path(os.devnull)).open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.bootstrap", command, "--port", str(port)],
            env=os.environ | {"UPTAKE_DATA_DIR": str(data_dir)} | settings,
            stdout=subprocess.DEVNULL,
            stderr=log,
            text=True,
        )
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)
