"""Ends a process after its parent, even one that was killed: nothing is left that holds a port or a file."""

import os
import signal
import threading
import time

POLL_SECONDS = 0.25
STOP_TIMEOUT_SECONDS = 2
"""How long the process may take to end itself; then it is ended."""


def end_with_parent(parent: int) -> None:
    """End this process when the process with this id is no longer its parent. Works on every POSIX system."""
    threading.Thread(target=_watch, args=(parent,), name="parent watch", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_TIMEOUT_SECONDS)
    os._exit(1)
