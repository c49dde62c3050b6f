"""Runs the processes of `uptake up`: starts each again that ends, and lets only one run over a data folder and port."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import click

from app.adapters.parent_watch import supervised
from app.adapters.settings import Settings
from domain.errors import Refused
from projections.engine.private_files import make_private_folder

FIRST_PAUSE_SECONDS, MAX_PAUSE_SECONDS = 0.25, 30.0
GATE = "UPTAKE_GATE"
"""The variable by which a process learns at which pipe it is to wait."""
STEADY_SECONDS = 60
"""A process that ran for so long starts again with the first pause."""
STOP_TIMEOUT_SECONDS, GROUP_TIMEOUT_SECONDS, POLL_SECONDS = 10, 2, 0.02


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Hold the data folder while the block runs. Raises `Refused` if another `uptake up` holds it.

    The lock is on the folder itself, so that no one can delete it. The system releases it when the process ends. With
    PostgreSQL several machines may share the folder.
    """
    if settings.database_url:
        yield
        return
    make_private_folder(settings.data_dir)
    folder = os.open(settings.data_dir, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(folder)
        raise Refused(
            f"Uptake already runs over {settings.data_dir}. Stop it, or name another folder in UPTAKE_DATA_DIR."
        ) from None
    try:
        yield
    finally:
        os.close(folder)


def check_port(host: str, port: int) -> None:
    """Raise `Refused` if this process could not listen there, or would share the port with another program."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as e:
        problem = (e.strerror or str(e)).lower()
        raise Refused(f"Uptake cannot listen at {host}, port {port}: {problem}. Choose another with --port.") from None


class Gate:
    """Where processes wait that were started before the store was ready: a pipe, at its end once the gate is open."""

    def __init__(self) -> None:
        self.waiting_end, self._open_end = os.pipe()

    def open(self) -> None:
        os.close(self._open_end)


def wait_at_gate() -> None:
    """Wait until the process that started this one has prepared the store."""
    if gate := os.environ.pop(GATE, ""):
        with os.fdopen(int(gate), "rb") as end:
            end.read()


class Child:
    """A process of `uptake up`. It is started again when it ends, after a pause that doubles while it keeps ending."""

    def __init__(self, command: str, gate: Gate | None = None) -> None:
        self.command, self.gate = command, gate
        self.leaders: list[subprocess.Popen[bytes]] = []
        """The processes of the last two starts; what was left of earlier ones has ended by itself.

        One that ended is waited for only when its group is ended or forgotten: until then, its number is no other's.
        """
        self.pause_seconds = FIRST_PAUSE_SECONDS
        self.start()

    def start(self) -> None:
        self.started_at, self.start_at = time.monotonic(), None
        process = subprocess.Popen(
            [sys.executable, "-m", "app.bootstrap", self.command],
            start_new_session=True,
            env=supervised() | ({GATE: str(self.gate.waiting_end)} if self.gate else {}),
            pass_fds=[self.gate.waiting_end] if self.gate else [],
        )
        for forgotten in self.leaders[:-1]:
            forgotten.wait()
        self.leaders = [*self.leaders[-1:], process]

    started_at: float
    start_at: float | None

    def start_if_ended(self) -> None:
        """Start the process again if it has ended and its pause is over."""
        now = time.monotonic()
        if self.start_at is not None:
            if now >= self.start_at:
                self.start()
            return
        exit_code = _exit_code(self.leaders[-1])
        if exit_code is None:
            return
        if now - self.started_at >= STEADY_SECONDS:
            self.pause_seconds = FIRST_PAUSE_SECONDS
        click.echo(
            f"“uptake {self.command}” ended with exit code {exit_code}. "
            f"It starts again in {self.pause_seconds:g} seconds.",
            err=True,
        )
        self.start_at = now + self.pause_seconds
        self.pause_seconds = min(2 * self.pause_seconds, MAX_PAUSE_SECONDS)

    def stop(self) -> None:
        deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
        os.kill(self.leaders[-1].pid, signal.SIGTERM)
        while _exit_code(self.leaders[-1]) is None and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        for leader in self.leaders:
            _end_group(leader)


def _exit_code(process: subprocess.Popen[bytes]) -> int | None:
    """How a process ended, as `returncode` says it, or None. Its number stays its own, unlike after `poll`."""
    ended = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    if ended is None:
        return None
    return ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status


def _end_group(leader: subprocess.Popen[bytes]) -> None:
    """End what is left of a process group: web processes of a server that was killed, which would go on answering.

    The leader is not waited for yet, so that the group can be no other's.
    """
    os.killpg(leader.pid, signal.SIGKILL)
    leader.wait()
    deadline = time.monotonic() + GROUP_TIMEOUT_SECONDS
    with suppress(OSError):  # there is no such group any more
        while time.monotonic() < deadline:
            os.killpg(leader.pid, 0)
            time.sleep(POLL_SECONDS)


def supervise(children: list[Child]) -> None:
    """Keep all processes running until a signal arrives, then stop them."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    while not stop.wait(0.1):
        for child in children:
            child.start_if_ended()
    for child in children:
        child.stop()
