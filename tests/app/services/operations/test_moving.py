"""An installation is moved between SQLite and PostgreSQL: all of it, once, and never to two places at the same time."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import text

from app.adapters.jobs_db.tables import open_jobs
from app.adapters.settings import Settings
from app.adapters.store_marks import LOCK_FILE
from app.bootstrap.command_line import main
from app.bootstrap.container import build_services
from app.services.accounts import people
from app.services.accounts.actors import Operator
from app.services.accounts.models import User
from app.services.container import Services
from app.services.followers.models import Follower
from app.services.locker.copies import check_copy, files_of, store_copy
from app.services.operations.backups.tables import read_transaction, write_transaction
from app.services.operations.moving.log_copy import BATCH_ROWS
from app.services.operations.moving.move import give_up, move_store
from app.services.snapshots import package_store
from app.services.snapshots.freeze import freeze_review
from app.services.transparency import checkpoints
from app.services.transparency.log_verification import verify
from domain import commands as c
from domain.errors import Refused
from domain.event_log import WholeRow
from domain.values import Theme
from tests.support.clock import Clock
from tests.support.postgres import fresh_database
from tests.support.processes import free_port
from tests.support.repository import ROOT
from tests.support.small_register import open_small_register
from tests.support.waiting import wait_until

Open = Callable[[Settings], Services]
BOTH = pytest.mark.parametrize("to_postgres", [True, False], ids=["to PostgreSQL", "to SQLite"])


@pytest.fixture
def opened(clock: Clock) -> Iterator[Open]:
    made: list[Services] = []

    def open_one(settings: Settings) -> Services:
        made.append(build_services(settings, clock=clock))
        return made[-1]

    yield open_one
    for services in made:
        services.close()


@pytest.fixture
def full(to_postgres: bool, new_services: Callable[..., Services], tmp_path: Path) -> Settings:
    """A stopped installation: a register, a person, a follower, a copy of a source, a checkpoint and keys."""
    services = open_small_register(new_services(postgres=not to_postgres), tmp_path / "bundle")
    jobs = open_jobs(services.settings)
    checkpoints.make_checkpoint(services, jobs)
    jobs.dispose()
    with services.accounts.work() as db:
        people.add_user(db, "ana@example.org", "Ana", person="person-ana")
        db.add(Follower(key="k", email="r@example.org", language="en", next_at=services.clock()))
    store_copy(services, Operator("ana"), "small", "oath", check_copy(services, b"A copy of the oath."))
    services.close()
    return services.settings


def target(folder: Path, *, postgres: bool) -> Settings:
    return Settings(data_dir=folder, database_url=fresh_database() if postgres else "", trial=True)


def rows_of(services: Services) -> list[WholeRow]:
    return [(r[0], r[1].replace("-", ""), *r[2:]) for r in services.log.whole_rows_after(0, 10**6)]


@BOTH
def test_all_of_an_installation_moves_there_and_back(
    full: Settings, to_postgres: bool, tmp_path: Path, opened: Open, clock: Clock
) -> None:
    before = opened(full)
    freeze_review(before, "small", "ten", by="ana")
    rows, root = rows_of(before), verify(before).root
    before.close()
    there = target(tmp_path / "there", postgres=to_postgres)
    first = move_store(full, there)
    assert (first.events, first.root) == (len(rows), root)
    assert first.checkpoints > 0
    back = target(tmp_path / "back", postgres=not to_postgres)
    assert move_store(there, back).root == root

    services = opened(back)
    assert rows_of(services) == rows
    report = verify(services)
    assert (report.problems, report.root, report.checkpoints) == ([], root, first.checkpoints)
    with services.accounts.work() as db:
        assert [u.email for u in db.query(User)] == ["ana@example.org"]
        assert [f.email for f in db.query(Follower)] == ["r@example.org"]
        (copy,) = files_of(db, "small", ["oath"])
    assert services.blobs.get(copy.sha256) == b"A copy of the oath."
    (package,) = (back.data_dir / "snapshots").glob("*.zip")
    assert package == package_store.get(back, package.stem)
    for folder in (there, back):
        assert (folder.data_dir / "keys").stat().st_mode & 0o777 == 0o700
        assert (folder.data_dir / "keys" / "signing.pem").stat().st_mode & 0o777 == 0o600

    with services.accounts.work() as db:
        people.add_user(db, "ben@example.org", "Ben", person="person-ben")  # numbers go on
    clock.go_on(days=1)
    services.execute(c.NameTheme("small", theme=Theme(id="new", title="New")), by="ana")
    assert rows_of(services)[-1][0] == rows[-1][0] + 1
    jobs = open_jobs(back)
    assert checkpoints.make_checkpoint(services, jobs)
    jobs.dispose()
    assert verify(services).problems == []


@BOTH
def test_what_was_left_is_not_used_until_the_move_is_given_up(
    full: Settings, to_postgres: bool, tmp_path: Path, opened: Open, clock: Clock
) -> None:
    there = target(tmp_path / "there", postgres=to_postgres)
    before = _rows_of_settings(full)
    move_store(full, there)
    with pytest.raises(Refused, match="^The store in .* was moved to the one in .* and is not used any more"):
        opened(full)
    with pytest.raises(Refused, match="The move is finished already"):
        move_store(full, there)
    assert _rows_of_settings(full) == before

    moved = opened(there)
    clock.go_on(days=1)
    moved.execute(c.NameTheme("small", theme=Theme(id="new", title="New")), by="ana")
    moved.close()
    with pytest.raises(Refused, match="^1 entry was recorded .* since the move, and would be lost"):
        give_up(full, there)

    again = target(tmp_path / "again", postgres=not to_postgres)
    move_store(there, again)
    give_up(there, again)
    opened(there).execute(c.NameTheme("small", theme=Theme(id="newer", title="Newer")), by="ana")
    with pytest.raises(Refused, match="^The move to the store in .* was given up. Use the store in "):
        opened(again)


def _rows_of_settings(settings: Settings) -> list[tuple[object, ...]]:
    with read_transaction(settings, "log") as db:
        return [tuple(row) for row in db.execute(text("SELECT * FROM stored_events ORDER BY 1"))]


@BOTH
def test_a_store_that_is_in_use_or_full_or_older_is_refused(
    full: Settings, to_postgres: bool, tmp_path: Path, opened: Open
) -> None:
    there = target(tmp_path / "there", postgres=to_postgres)
    running = opened(full)
    with pytest.raises(Refused, match="in use"):
        move_store(full, there)
    running.close()
    opened(full).close()  # no mark was left

    with pytest.raises(Refused, match="Both stores are the same"):
        move_store(full, full)
    with write_transaction(full, "accounts") as db:
        newest = db.scalar(text("SELECT version_num FROM alembic_version"))
        db.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(Refused, match="not on the newest migration"):
        move_store(full, there)
    with write_transaction(full, "accounts") as db:
        db.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": newest})
    build_services(there, create=True).close()
    with pytest.raises(Refused, match="is not empty"):
        move_store(full, there)
    opened(full).close()
    opened(there).close()


def test_a_database_that_another_program_uses_is_refused_by_name(
    new_services: Callable[..., Services], tmp_path: Path
) -> None:
    services = new_services(postgres=True)
    services.close()
    url = services.settings.database_url
    with psycopg.connect(url, application_name="uptake web"), pytest.raises(Refused, match="in use by uptake web"):
        move_store(services.settings, target(tmp_path / "there", postgres=False))


def test_a_process_that_missed_the_move_cannot_append_to_what_was_left(
    new_services: Callable[..., Services], tmp_path: Path, clock: Clock
) -> None:
    services = open_small_register(new_services(postgres=True), tmp_path / "bundle")
    settings = services.settings
    services.log.datastore.close()  # type: ignore[attr-defined]
    services.views.close()
    services.accounts.engine.dispose()  # as after a restart of the database: it has no connection
    move_store(settings, target(tmp_path / "there", postgres=False))
    with pytest.raises(Refused, match="Nothing was saved, because the store was moved elsewhere"):
        services.execute(c.NameTheme("small", theme=Theme(id="new", title="New")), by="ana")


def test_a_log_that_contradicts_its_checkpoints_is_not_moved(services: Services, tmp_path: Path) -> None:
    open_small_register(services, tmp_path / "bundle")
    jobs = open_jobs(services.settings)
    checkpoints.make_checkpoint(services, jobs)
    jobs.dispose()
    services.close()
    with write_transaction(services.settings, "log") as db:
        db.execute(text("DROP TRIGGER stored_events_no_UPDATE"))
        db.execute(text("UPDATE stored_events SET state = CAST(state || ' ' AS BLOB) WHERE rowid = 3"))
    there = target(tmp_path / "there", postgres=False)
    with pytest.raises(Refused, match="does not match"):
        move_store(services.settings, there)
    with pytest.raises(Refused, match="is not complete: the one in .* is being moved there"):
        build_services(there)


@BOTH
def test_a_move_that_is_killed_goes_on_and_no_server_starts_meanwhile(
    full: Settings, to_postgres: bool, tmp_path: Path, opened: Open, clock: Clock
) -> None:
    services = opened(full)
    themes = [c.NameTheme("small", theme=Theme(id=f"t-{n}", title="T")) for n in range(5 * BATCH_ROWS)]
    services.tracker.execute_all(themes, by="ana", at=clock())
    count, rows = services.log.count(), rows_of(services)
    services.close()
    there = target(tmp_path / "there", postgres=to_postgres)

    moving = subprocess.Popen(_command(full, there), env=_environment(full, there), cwd=tmp_path)
    with _stopped_after_the_first_batch(there, moving) as copied:
        moving.kill()
        moving.wait(60)
    assert 0 < copied < count
    for settings in (full, there):
        for command in ("serve", "worker", "up"):
            run = _uptake(settings, command)
            assert (run.returncode, "Traceback" in run.stderr) == (1, False)
            assert "“uptake migrate-store” again" in run.stderr
    environment = _environment(full, there)
    again = subprocess.run(_command(full, there), env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    assert f"{count:,} events" in again.stdout
    moved = opened(there)
    assert rows_of(moved) == rows
    assert verify(moved).problems == []
    clock.go_on(days=1)
    moved.execute(c.NameTheme("small", theme=Theme(id="new", title="New")), by="ana")


def _command(source: Settings, there: Settings) -> list[str]:
    names = [s.database_url or str(s.data_dir) for s in (source, there)]
    return [sys.executable, "-m", "app.bootstrap", "migrate-store", "--from", names[0], "--to", names[1]]


def _environment(source: Settings, there: Settings) -> dict[str, str]:
    """The files of the store in PostgreSQL are where the settings say."""
    folder = (source if source.database_url else there).data_dir
    return os.environ | {"UPTAKE_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)}


def _uptake(settings: Settings, command: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"UPTAKE_DATA_DIR": str(settings.data_dir), "UPTAKE_PORT": str(free_port())}
    if settings.database_url:
        environment["UPTAKE_DATABASE_URL"] = settings.database_url
    arguments = [sys.executable, "-m", "app.bootstrap", command]
    return subprocess.run(arguments, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120)


@contextmanager
def _stopped_after_the_first_batch(there: Settings, moving: "subprocess.Popen[bytes]") -> Iterator[int]:
    """Lock the events of the target as soon as it has some; yields how many."""
    wait_until(lambda: there.database_url or (there.data_dir / "log.sqlite").is_file(), waits_for="the target")
    if there.database_url:
        with psycopg.connect(there.database_url, autocommit=True) as connection:
            while not _count(connection):
                assert moving.poll() is None
            with connection.transaction():
                connection.execute("LOCK TABLE stored_events IN SHARE MODE")
                yield _count(connection)
    else:
        with closing(sqlite3.connect(there.data_dir / "log.sqlite", isolation_level=None, timeout=15)) as file:
            while not _count(file):
                assert moving.poll() is None
            file.execute("BEGIN IMMEDIATE")
            yield _count(file)


def _count(connection: "psycopg.Connection[Any] | sqlite3.Connection") -> int:
    try:
        row = connection.execute("SELECT count(*) FROM stored_events").fetchone()
    except (psycopg.errors.UndefinedTable, sqlite3.OperationalError):  # not yet
        return 0
    return int(row[0]) if row else 0


def test_the_command_says_what_is_where_and_goes_back(services: Services, tmp_path: Path) -> None:
    open_small_register(services, tmp_path / "bundle")
    services.close()
    old, new = services.settings.data_dir, tmp_path / "new"
    run = CliRunner(env={"UPTAKE_DATA_DIR": str(old)}).invoke
    moved = run(main, ["migrate-store", "--to", str(new)])
    assert moved.exit_code == 0, moved.output
    assert f"The store is in {new} now" in moved.output
    assert "Root: " in moved.output
    undone = run(main, ["migrate-store", "--to", str(new), "--undo"])
    assert f"The store in {old} can be used again" in undone.output
    assert run(main, ["log", "verify"]).exit_code == 0
    for arguments, sentence in (
        (["--to", ""], "--to is empty"),
        (["--from", " ", "--to", str(new)], "--from is empty"),
        (["--to", "mysql://x"], "--to: it must be an address such as postgresql://"),
        (["--to", str(new)], "is not empty"),
        (["--from", str(tmp_path / "none"), "--to", str(new)], "There is no store in"),
        (["--from", str(new), "--to", str(tmp_path / "other")], "is itself the target of a move"),
    ):
        refused = run(main, ["migrate-store", *arguments])
        assert refused.exit_code == 1
        assert sentence in refused.output


def test_a_refused_move_leaves_nothing_behind(services: Services, tmp_path: Path) -> None:
    old, full, file = services.settings.data_dir, tmp_path / "full", tmp_path / "file"
    services.close()
    (old / LOCK_FILE).unlink()
    full.mkdir()
    (full / "notes.txt").write_text("mine")
    file.write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    run = CliRunner(env={"UPTAKE_DATA_DIR": str(old)}).invoke
    for there, sentence in (
        (full, "is not empty"),
        (file, "Name a folder that this account can write to."),
        (file / "below", "Name a folder that this account can write to."),
        (Path("/proc/new/store"), "/proc/new/store cannot be used"),
    ):
        refused = run(main, ["migrate-store", "--to", str(there)])
        assert refused.exit_code == 1
        assert sentence in refused.output
    with write_transaction(services.settings, "accounts") as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    refused = run(main, ["migrate-store", "--to", str(tmp_path / "new" / "store")])
    assert "not on the newest migration" in refused.output
    assert sorted(tmp_path.rglob("*")) == before
