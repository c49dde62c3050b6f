"""`uptake up --demo`: from an empty folder to the first page (reach: 5 s)"""

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator


def run() -> Iterator[str]:
    times = [seconds_to_first_page() for _ in range(3)]
    yield f"median {statistics.median(times):.1f} s of {', '.join(f'{t:.1f}' for t in times)}"


def seconds_to_first_page() -> float:
    """Seconds until the register's page responds."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "app.bootstrap", "up", "--demo", "--port", str(port)],
            env=os.environ | {"UPTAKE_DATA_DIR": f"{folder}/data"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while time.perf_counter() - started < 60:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/dprk-enablers/", timeout=5) as answer:
                        answer.read()
                        return time.perf_counter() - started
                except OSError:
                    time.sleep(0.02)
            raise TimeoutError("no page within a minute")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)
