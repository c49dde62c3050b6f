"""A point in time of PostgreSQL is restored with pgBackRest, by the very commands and the file of docs/operating.md."""

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from app.adapters.settings import Settings
from app.bootstrap.command_line import main
from app.bootstrap.container import build_services
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from benchmarks.data import make_bundle, write_files
from tests.support.repository import ROOT
from tests.support.stoppable_postgres import StoppablePostgres
from tests.support.system_postgres import programs
from tests.support.waiting import wait_until

CONF = ROOT / "docs" / "deploy" / "postgresql" / "pgbackrest.conf"
NEWEST_KNOWN = 15
"""The newest PostgreSQL that pgBackRest 2.45 of Debian 12 can read."""


def documented(word: str) -> list[str]:
    """The one command of pgBackRest in the document with a word."""
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    (line,) = [line for line in re.findall(r"pgbackrest [a-z-]+ --stanza[^`\n]*", text) if f"{word} " in f"{line} "]
    return shlex.split(line, comments=True)


class Archive:
    """A server whose changes go to a repository as they come."""

    def __init__(self, folder: Path, bin_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.server = StoppablePostgres(bin_, folder)
        paths = {"/var/lib/pgbackrest": "repository", "/var/lib/postgresql/uptake": "data", "/var/run/postgresql": ""}
        text = CONF.read_text(encoding="utf-8")
        for example, own in paths.items():
            assert example in text
            text = text.replace(example, str(folder / own))
        for name in ("repository", "work"):
            (folder / name).mkdir()
            shutil.chown(folder / name, self.server.user or os.geteuid())
        self.conf = folder / "pgbackrest.conf"
        self.conf.write_text(f"{text}pg1-user=postgres\n", encoding="utf-8")
        monkeypatch.setenv("PGBACKREST_CONFIG", str(self.conf))  # of the commands, and of those that the server runs
        for kind in ("LOG", "LOCK", "SPOOL"):
            monkeypatch.setenv(f"PGBACKREST_{kind}_PATH", str(folder / "work"))

    def run(self, word: str, **places: str) -> None:
        command = [places.get(part.partition("=")[0], part) for part in documented(word)]
        done = subprocess.run(
            command,
            user=self.server.user,
            extra_groups=[] if self.server.user else None,
            cwd=self.folder,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"

    def ask(self, statement: str) -> str:
        with psycopg.connect(self.server.address, autocommit=True) as db:
            row = db.execute(statement).fetchone()  # type: ignore[arg-type]
            return str(row[0]) if row else ""

    def archive_changes(self) -> None:
        """As docs/operating.md says under archive_command."""
        text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
        (command,) = re.findall(r"^archive_command: (.*)$", text, re.MULTILINE)
        with (self.server.data / "postgresql.auto.conf").open("a") as file:
            file.write(f"archive_mode = on\narchive_command = '{command}'\n")


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    bin_ = programs()
    if not shutil.which("pgbackrest") or not bin_ or float(bin_.parent.name) > NEWEST_KNOWN:
        pytest.skip("needs pgbackrest and a PostgreSQL that it knows")
    folder = Path(tempfile.mkdtemp(prefix="uptake-pg-"))  # the account of PostgreSQL cannot enter pytest's folders
    folder.chmod(0o755)
    archive = Archive(folder, bin_, monkeypatch)
    yield archive
    if (archive.server.data / "postmaster.pid").exists():
        archive.server.stop()
    shutil.rmtree(folder)


def add_register(services: Services, name: str, folder: Path) -> None:
    files = write_files(make_bundle(name, 3, 1, published=True), folder / name)
    import_bundle(services, files, ImportOptions(approve_cards="ben"))


def uptake(*arguments: str) -> str:
    result = CliRunner().invoke(main, list(arguments))
    return f"{result.exit_code} {result.output}"


def test_a_point_in_time_comes_back_and_uptake_says_what_is_missing(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = archive.server
    archive.archive_changes()
    server.stop("fast")
    server.start()
    archive.run("stanza-create")
    archive.run("check")
    settings = Settings(data_dir=tmp_path / "data", database_url=server.address)
    with closing(build_services(settings, create=True)) as services:
        add_register(services, "before", tmp_path)
    archive.run("--type=full")
    second = "SELECT date_trunc('second', clock_timestamp())"
    ended = archive.ask(second)
    wait_until(lambda: archive.ask(second) > ended, waits_for="the next second: pgBackRest counts whole ones")
    with closing(build_services(settings)) as services:
        add_register(services, "between", tmp_path)
        count = services.log.last()[0]
    target = archive.ask("SELECT clock_timestamp()")
    archive.ask("SELECT pg_switch_wal()")
    with closing(build_services(settings)) as services:
        add_register(services, "mistake", tmp_path)
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("UPTAKE_DATABASE_URL", server.address)
    assert uptake("log", "checkpoint").startswith("0 ")
    archive.ask("SELECT pg_switch_wal()")

    server.stop("fast")
    archive.run("--type=time", **{"--target": f"--target={target}"})
    server.start()
    wait_until(lambda: archive.ask("SELECT pg_is_in_recovery()") == "False", waits_for="a server that takes writes")
    with closing(build_services(settings)) as services:
        services.catch_up()
        assert services.log.last()[0] == count
    assert "its end was removed" in uptake("log", "verify")
    assert uptake("log", "accept-loss", "--reason", "Restored to before a mistake.").startswith("0 ")
    assert uptake("log", "verify").startswith("0 ")
