"""The machines of Uptake: HAProxy, web processes and a worker on each, over one database and one shared folder."""

import itertools
import json
import os
import subprocess
import time
from collections import Counter
from pathlib import Path
from threading import Event

from benchmarks.cluster import needs
from benchmarks.cluster.network import Network
from benchmarks.cluster.nodes import DATABASE, DEPLOY, PASSWORD, Nodes
from benchmarks.faults.site import COMMAND, SITE_WAIT_SECONDS, Answer, ask
from tests.support.processes import children, is_alive

PORT, HOST_NAME = 8000, "127.0.0.1"
WEB_PROCESSES = 2
PUBLIC_PAGES = ("/", "/faults/")
WARMING_REQUESTS = 40
"""So many that each web process gets some."""
REQUEST_SECONDS, VISIT_SECONDS = 10, 5
VISIT_EVERY_SECONDS = 0.05
NO_ANSWER = 0
"""Counted among the statuses: requests that got no answer in time."""


class Machine:
    """One machine of Uptake. Its processes are started once and must never end."""

    def __init__(
        self, network: Network, name: str, number: int, nodes: Nodes, folder: Path, more: dict[str, str] | None = None
    ) -> None:
        self.network, self.name = network, name
        self.address = network.add(name, number)
        settings = {
            "UPTAKE_DATA_DIR": str(folder / "data"),
            "UPTAKE_DATABASE_URL": f"postgresql://uptake:{PASSWORD}@127.0.0.1:5432/{DATABASE}",
            "UPTAKE_HOST": "0.0.0.0",
            "UPTAKE_PORT": str(PORT),
            "UPTAKE_BASE_URL": f"http://{HOST_NAME}:{PORT}",
            "UPTAKE_WEB_PROCESSES": str(WEB_PROCESSES),
            "UPTAKE_PUBLISH_HOLD_SECONDS": "0",
        }
        addresses = {f"NODE_{n}": node.address for n, node in enumerate(nodes.all, 1)}
        self.environment = os.environ | settings | addresses
        self.output = folder / f"{name}.log"
        run = [needs.program("haproxy"), "-db", "-f", str(DEPLOY / "haproxy.cfg")]
        self.proxy = self._start({}, run)
        self.server = self._start(more or {}, [*COMMAND, "serve"])
        self.worker = self._start(more or {}, [*COMMAND, "worker"])
        self.processes: set[int] = set()

    def _start(self, more: dict[str, str], command: list[str]) -> "subprocess.Popen[bytes]":
        with self.output.open("ab") as log:
            return subprocess.Popen(
                [*self.network.command(self.name), *command],
                env=self.environment | more,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Another command of Uptake on this machine."""
        return subprocess.run(
            [*self.network.command(self.name), *COMMAND, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=SITE_WAIT_SECONDS,
        )

    def ask(self, path: str, *, timeout_seconds: float = REQUEST_SECONDS, **more: object) -> Answer:
        headers = {"Host": f"{HOST_NAME}:{PORT}"} | more
        return ask(self.address, PORT, path, timeout_seconds=timeout_seconds, **headers)  # type: ignore[arg-type]

    def is_whole(self) -> bool:
        try:
            return self.ask("/readyz", timeout_seconds=VISIT_SECONDS).status == 200
        except OSError:
            return False

    def note_processes(self) -> None:
        """Remember what runs; `ended` names what of it is gone."""
        server = self.server.pid
        self.processes = {self.proxy.pid, server, self.worker.pid, *children(server)}

    def ended(self) -> list[str]:
        return [f"A process of {self.name} ended: {pid}." for pid in sorted(self.processes) if not is_alive(pid)]


class Machines:
    """Both machines as a client sees them: each request goes to the next."""

    def __init__(self, all_machines: list[Machine]) -> None:
        self.all = all_machines
        self._turns = itertools.cycle(all_machines)

    def ask(self, path: str, **more: object) -> Answer:
        return next(self._turns).ask(path, **more)  # type: ignore[arg-type]

    def answers(self) -> bool:
        return self.ask(PUBLIC_PAGES[0], timeout_seconds=1).status == 200

    def is_whole(self) -> bool:
        return all(machine.is_whole() for machine in self.all)


class PublicReader:
    """Opens cached public pages of one machine over and over, and keeps what came and when."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.came_at = [time.monotonic()]
        self.statuses: Counter[int] = Counter()
        self.refusals: list[str] = []
        self.oldest_seconds = 0

    def warm(self) -> None:
        for _ in range(WARMING_REQUESTS):
            for page in PUBLIC_PAGES:
                self.machine.ask(page)

    def work(self, ends: Event) -> None:
        pages = itertools.cycle(PUBLIC_PAGES)
        while not ends.wait(VISIT_EVERY_SECONDS):
            page = next(pages)
            try:
                answer = self.machine.ask(page, timeout_seconds=VISIT_SECONDS)
            except OSError:
                self.statuses[NO_ANSWER] += 1
                continue
            self.statuses[answer.status] += 1
            self.oldest_seconds = max(self.oldest_seconds, int(answer.headers.get("Age", 0)))
            if answer.status < 500:
                self.came_at.append(time.monotonic())
            else:
                self.refusals.append(f"{self.machine.name} {page}: {answer.status}")


def sentence_of(answer: Answer) -> str:
    try:
        return str(json.loads(answer.body)["detail"])
    except (ValueError, KeyError, TypeError):
        return ""
