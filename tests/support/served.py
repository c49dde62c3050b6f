"""Web processes as an operator starts them, on a free port of this machine."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(url: str, process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the site ended by itself"
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the site did not answer within a minute")


@contextmanager
def served(command: str, data_dir: Path, said: Path | None = None, **settings: str) -> Iterator[str]:
    """The address at which `uptake COMMAND` answers over a store; its log goes to the file `said`."""
    port = free_port()
    with (said or Path(os.devnull)).open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.bootstrap", command, "--port", str(port)],
            env=os.environ | {"UPTAKE_DATA_DIR": str(data_dir)} | settings,
            stdout=subprocess.DEVNULL,
            stderr=log,
            text=True,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
