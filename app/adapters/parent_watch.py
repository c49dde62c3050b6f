"""Ends a process after its parent, even one that was killed: nothing is left that holds a port or a file."""

import os
import signal
import threading
import time

PARENT = "UPTAKE_PARENT"
"""The variable by which a process learns that it is to end with the one that started it."""
POLL_SECONDS = 0.25
MAX_WAIT_SECONDS = 30
"""How long a process goes on without its parent while another one starts the next."""
STOP_TIMEOUT_SECONDS = 2
"""How long the process may take to end itself; then it is ended."""


def supervisor() -> int:
    """The process of Uptake that started this one and ends it; 0 without."""
    return int(os.environ.get(PARENT, "0"))


def supervised() -> dict[str, str]:
    """The environment for a process that is to end with this one."""
    return os.environ | {PARENT: str(os.getpid())}


def end_with_supervisor() -> None:
    """End this process with the one of Uptake that started it, if one did."""
    if parent := supervisor():
        end_with_parent(parent)


def end_with_parent(parent: int, *, supervisor: int = 0) -> None:
    """End this process when the process with this id is no longer its parent. Works on every POSIX system.

    If there is a supervisor that starts the parent again, this process goes on for a while, so that no one waits.
    """
    threading.Thread(target=_watch, args=(parent, supervisor), name="parent watch", daemon=True).start()


def _watch(parent: int, supervisor: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    deadline = time.monotonic() + MAX_WAIT_SECONDS
    while supervisor and _runs(supervisor) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_TIMEOUT_SECONDS)
    os._exit(1)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True
