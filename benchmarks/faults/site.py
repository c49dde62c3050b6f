"""The site under test: `uptake up` over a data folder of its own, started again when it ends, as systemd does."""

import http.client
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from tests.support.processes import child, children, free_port, is_alive
from tests.support.waiting import wait_until

RESTART_SECONDS = 1.0
"""As `RestartSec` in docs/deploy/uptake.service."""
WEB_PROCESSES = 2
ROLES = ("web", "worker", "server", "supervisor")
COMMAND = [sys.executable, "-m", "app.bootstrap"]
SITE_WAIT_SECONDS = 120


class Answer(Struct):
    status: int
    headers: http.client.HTTPMessage
    body: bytes


def ask(
    host: str,
    port: int,
    path: str,
    *,
    token: str = "",
    body: bytes | None = None,
    timeout_seconds: float,
    **headers: str,
) -> Answer:
    """A request to a site at an address. Raises `OSError` if there is no whole response."""
    connection = http.client.HTTPConnection(host, port, timeout=timeout_seconds)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if token:
        sent["Authorization"] = f"Bearer {token}"
    try:
        connection.request("GET" if body is None else "POST", path, body, sent)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    except http.client.HTTPException as e:
        raise OSError(f"no whole response: {e!r}") from e
    finally:
        connection.close()


class Site:
    """Runs until `stop`; `suspend` ends the processes for a while."""

    def __init__(self, data_dir: Path, environment: Mapping[str, str], output: Path, database_url: str = "") -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.own_settings = {
            "UPTAKE_DATA_DIR": str(data_dir),
            "UPTAKE_DATABASE_URL": database_url,
            "UPTAKE_PORT": str(self.port),
            "UPTAKE_WEB_PROCESSES": str(WEB_PROCESSES),
            "UPTAKE_PUBLISH_HOLD_SECONDS": "0",
        }
        self.environment = os.environ | self.own_settings | environment
        self.output = output.open("ab")
        self._is_wanted = threading.Event()
        self._ends = threading.Event()
        self._may_start = threading.Lock()
        self.start()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def start(self) -> None:
        with self._may_start:
            self._start()
            self._is_wanted.set()

    def _start(self) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "up"], env=self.environment, stdout=self.output, stderr=self.output, start_new_session=True
        )

    def _keep(self) -> None:
        while not self._ends.wait(0.05):
            if self._is_wanted.is_set() and self.process.poll() is not None:
                self._ends.wait(RESTART_SECONDS)
                with self._may_start:
                    if self._is_wanted.is_set() and self.process.poll() is not None:
                        self._start()

    def suspend(self) -> None:
        """End all processes in an orderly way, as `systemctl stop` does."""
        below = self.all_processes()
        with self._may_start:
            self._is_wanted.clear()
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(SITE_WAIT_SECONDS)
        wait_until(lambda: not any(map(is_alive, below)), waits_for="the end of all processes")

    def stop(self) -> None:
        self._ends.set()
        self._keeper.join()
        self._is_wanted.clear()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(SITE_WAIT_SECONDS)
        self.output.close()

    def processes(self, role: str) -> list[int]:
        """The processes of a role that run now."""
        if role == "supervisor":
            return [self.process.pid] if self.process.poll() is None else []
        if role == "worker":
            return list(filter(None, [child(self.process.pid, "worker")]))
        server = child(self.process.pid, "serve")
        if role == "server":
            return [server] if server else []
        return children(server) if server else []

    def all_processes(self) -> list[int]:
        return [pid for role in ROLES for pid in self.processes(role)]

    def run(self, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        """Another command of Uptake over the same store, which no fault reaches."""
        return subprocess.run(
            [*COMMAND, *arguments],
            env=os.environ | self.own_settings | settings,
            capture_output=True,
            text=True,
            timeout=SITE_WAIT_SECONDS,
        )

    def ask(
        self, path: str, *, token: str = "", body: bytes | None = None, timeout_seconds: float = 10, **headers: str
    ) -> Answer:
        """A request over loopback. Raises `OSError` if there is no whole response."""
        return ask("127.0.0.1", self.port, path, token=token, body=body, timeout_seconds=timeout_seconds, **headers)

    def answers(self) -> bool:
        """Whether a public page comes within a second."""
        try:
            return self.ask("/faults/", timeout_seconds=1).status == 200
        except OSError:
            return False

    def is_whole(self) -> bool:
        """Whether every process runs and the site is ready."""
        if len(self.processes("web")) != WEB_PROCESSES or not self.processes("worker"):
            return False
        try:
            return self.ask("/readyz", timeout_seconds=5).status == 200
        except OSError:
            return False
