"""The machines of the database: etcd, Patroni 4 and PostgreSQL, with the very files of docs/deploy/postgresql."""

import json
import os
import shutil
import subprocess
import urllib.request
from pathlib import Path

from benchmarks.cluster import needs
from benchmarks.cluster.network import Network
from tests.support.waiting import wait_until

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy" / "postgresql"
NAMES = ("node-1", "node-2", "node-3")
EXAMPLE_SUBNET, EXAMPLE_NAME = "10.0.0", "node-1"
DATABASE = "uptake"
PASSWORD = "only-for-the-benchmark"
START_SECONDS, ASK_SECONDS = 180, 2
SOCKETS, WATCHDOG = "/var/run/postgresql", "mode: required"


class Node:
    """One machine: `start` runs etcd and Patroni, which runs PostgreSQL."""

    def __init__(self, network: Network, name: str, number: int, folder: Path) -> None:
        self.network, self.name, self.folder = network, name, folder
        self.address = network.add(name, number)
        folder.mkdir()
        shutil.chown(folder, needs.account().pw_name)
        folder.chmod(0o700)
        self.environment = os.environ | self._settings()
        self.configuration = folder / "patroni.yml"
        self.configuration.write_text(configuration(folder))
        self.started: list[subprocess.Popen[bytes]] = []

    def _settings(self) -> dict[str, str]:
        """node.env, with the names, addresses and folders of this node."""
        text = (DEPLOY / "node.env").read_text("utf-8")
        example = dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))
        settings = {}
        for key, value in example.items():
            if not key.endswith(("_CLUSTER", "_HOSTS")):  # these name all nodes
                value = value.replace(f"{EXAMPLE_SUBNET}.11", self.address).replace(EXAMPLE_NAME, self.name)
            settings[key] = value.replace(EXAMPLE_SUBNET, self.network.subnet)
        return settings | {
            "ETCD_DATA_DIR": str(self.folder / "etcd"),
            "PATRONI_POSTGRESQL_DATA_DIR": str(self.folder / "postgresql"),
            "PATRONI_POSTGRESQL_BIN_DIR": str(needs.postgres_programs()),
            "PATRONI_POSTGRESQL_PGPASS": str(self.folder / "pgpass"),
            "HOME": str(self.folder),
            "LC_ALL": "C.UTF-8",
        }

    def start(self) -> None:
        self._run("etcd", needs.program("etcd"))
        self._run("patroni", str(needs.patroni()), str(self.configuration))

    def _run(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.started.append(
                subprocess.Popen(
                    [*self.network.command(self.name), *needs.as_account(), *command],
                    env=self.environment,
                    cwd=self.folder,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

    def reap(self) -> None:
        """Collect what was killed."""
        self.started = [process for process in self.started if process.poll() is None]

    def has_role(self, role: str) -> bool:
        """Whether Patroni says that PostgreSQL has a role here: primary, replica, sync."""
        try:
            with urllib.request.urlopen(f"http://{self.address}:8008/{role}", timeout=ASK_SECONDS) as answer:
                return bool(answer.status == 200)
        except (OSError, ValueError):
            return False

    def members(self) -> list[tuple[str, str]]:
        """The role and the state of each node, as Patroni says here; empty if it does not answer."""
        try:
            with urllib.request.urlopen(f"http://{self.address}:8008/cluster", timeout=ASK_SECONDS) as answer:
                return [(member["role"], member["state"]) for member in json.load(answer)["members"]]
        except (OSError, ValueError, KeyError):
            return []


def configuration(folder: Path) -> str:
    """patroni.yml with sockets in a folder, without the watchdog where this machine has no such device."""
    text = (DEPLOY / "patroni.yml").read_text("utf-8")
    assert SOCKETS in text and WATCHDOG in text
    text = text.replace(SOCKETS, str(folder))
    return text if needs.WATCHDOG.exists() else text.replace(WATCHDOG, 'mode: "off"')


class Nodes:
    """All three, with a database for Uptake in them."""

    def __init__(self, network: Network, folder: Path) -> None:
        self.all = [Node(network, name, 11 + n, folder / name) for n, name in enumerate(NAMES)]
        hosts = ",".join(f"{node.address}:5432" for node in self.all)
        self.url = (
            f"postgresql://uptake:{PASSWORD}@{hosts}/{DATABASE}?target_session_attrs=read-write&connect_timeout=3"
        )
        for node in self.all:
            node.start()
        wait_until(self.primary, START_SECONDS, "a primary")
        wait_until(self.is_whole, START_SECONDS, "two standbys")
        self._make_database()

    def primary(self) -> Node | None:
        """The node that leads, if one does and only one says so."""
        leading = [node for node in self.all if node.has_role("primary")]
        return leading[0] if len(leading) == 1 else None

    def is_whole(self) -> bool:
        """Whether one leads, and the two others follow it now, one of them with every commit."""
        leader = self.primary()
        members = leader.members() if leader else []
        return sorted(members) == [("leader", "running"), ("replica", "streaming"), ("sync_standby", "streaming")]

    def _make_database(self) -> None:
        import psycopg

        password = self.all[0].environment["PATRONI_SUPERUSER_PASSWORD"]
        url = self.url.replace(f"uptake:{PASSWORD}@", f"postgres:{password}@").replace(f"/{DATABASE}?", "/postgres?")
        with psycopg.connect(url, autocommit=True) as db:
            db.execute(f"CREATE ROLE uptake LOGIN PASSWORD '{PASSWORD}'")
            db.execute(f"CREATE DATABASE {DATABASE} OWNER uptake TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
