"""A backup is whole, is made while others write, and is put back into either store, or not at all."""

import fcntl
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from app.adapters.jobs_db.tables import open_jobs
from app.adapters.settings import Settings
from app.bootstrap.command_line import main
from app.bootstrap.container import build_services
from app.services.accounts import people
from app.services.accounts.actors import Operator
from app.services.accounts.models import User
from app.services.container import Services
from app.services.locker.copies import check_copy, files_of, store_copy
from app.services.operations.backups.backup import write_backup
from app.services.operations.backups.restore import restore_backup, staging_folder
from app.services.snapshots import package_store
from app.services.snapshots.freeze import freeze_review
from app.services.snapshots.rebuild import rebuild
from app.services.transparency import checkpoints
from app.services.transparency.log_verification import verify
from domain import commands as c
from domain.errors import Refused
from domain.values import Theme
from tests.support.clock import Clock
from tests.support.postgres import fresh_database
from tests.support.small_register import open_small_register

Make = Callable[..., Services]


@pytest.fixture(params=[False, True], ids=["from SQLite", "from PostgreSQL"])
def full(request: pytest.FixtureRequest, new_services: Make, tmp_path: Path) -> Services:
    """A register, a frozen review, a person, a copy of a source and a checkpoint."""
    services = open_small_register(new_services(postgres=request.param), tmp_path / "bundle")
    freeze_review(services, "small", "ten", by="ana")
    with services.accounts.work() as db:
        people.add_user(db, "ana@example.org", "Ana", person="person-ana")
    store_copy(services, Operator("ana"), "small", "oath", check_copy(services, b"A copy of the oath."))
    return services


@pytest.fixture(params=[False, True], ids=["into SQLite", "into PostgreSQL"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "restored", database_url=fresh_database() if request.param else "")


@pytest.fixture
def opened(clock: Clock) -> Iterator[Callable[[Settings], Services]]:
    made: list[Services] = []

    def open_one(settings: Settings) -> Services:
        made.append(build_services(settings, clock=clock))
        return made[-1]

    yield open_one
    for services in made:
        services.close()


def _states(services: Services) -> list[tuple[int, str, int, str, int, bytes]]:
    return [(r[0], r[1].replace("-", ""), *r[2:]) for r in services.log.whole_rows_after(0, 10**6)]


def test_what_was_backed_up_comes_back_in_either_store(
    full: Services, empty: Settings, tmp_path: Path, opened: Callable[[Settings], Services]
) -> None:
    manifest = write_backup(full, tmp_path / "backup")
    assert manifest["rows"]["log"]["stored_events"] == full.views.position().count
    restore_backup(empty, tmp_path / "backup")
    back = opened(empty)
    assert _states(back) == _states(full)
    assert verify(back).problems == []
    assert verify(back).checkpoints == verify(full).checkpoints > 0
    back.catch_up()
    assert back.views.position().count == full.views.position().count
    with back.accounts.work() as db:
        assert [u.email for u in db.query(User)] == ["ana@example.org"]
        people.add_user(db, "ben@example.org", "Ben", person="person-ben")  # numbers go on
    back.execute(c.NameTheme("small", theme=Theme(id="new", title="New")), by="ana")
    (package,) = (empty.data_dir / "snapshots").glob("*.zip")
    assert package == package_store.get(empty, package.stem)
    named = tmp_path / "small_ten_2024-02-17.zip"
    shutil.copyfile(package, named)
    assert rebuild(named, tmp_path / "again").verdict == "same"
    with back.accounts.work() as db:
        (kept,) = files_of(db, "small", ["oath"])
    assert back.blobs.get(kept.sha256) == b"A copy of the oath."
    assert (empty.data_dir / "keys").stat().st_mode & 0o777 == 0o700
    assert (empty.data_dir / "keys" / "signing.pem").stat().st_mode & 0o777 == 0o600


def test_a_backup_made_while_others_write_is_of_one_moment(
    full: Services, tmp_path: Path, clock: Clock, opened: Callable[[Settings], Services]
) -> None:
    stop = threading.Event()
    other = opened(full.settings)

    def write() -> None:
        n = 0
        while not stop.is_set():
            n += 1
            other.execute(c.NameTheme("small", theme=Theme(id=f"t-{n}", title="T")), by="ana")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(3):
            write_backup(full, tmp_path / f"backup-{n}")
    finally:
        stop.set()
        writer.join(30)
    for n in range(3):
        target = Settings(data_dir=tmp_path / f"restored-{n}")
        restore_backup(target, tmp_path / f"backup-{n}")
        rows = _states(opened(target))
        assert rows == _states(full)[: len(rows)]


def test_every_changed_or_missing_file_is_named_and_nothing_is_restored(
    services: Services, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    open_small_register(services, tmp_path / "bundle")
    freeze_review(services, "small", "ten", by="ana")
    folder = tmp_path / "backup"
    manifest = write_backup(services, folder)
    target = Settings(data_dir=tmp_path / "restored")
    for name in manifest["files"]:
        kept = (folder / name).read_bytes()
        (folder / name).write_bytes(kept + b" ")
        with pytest.raises(Refused, match="has changed since the backup was made"):
            restore_backup(target, folder)
        (folder / name).unlink()
        with pytest.raises(Refused, match="is missing from the backup"):
            restore_backup(target, folder)
        (folder / name).write_bytes(kept)
    (folder / "more").write_text("x")
    with pytest.raises(Refused, match="more does not belong to the backup"):
        restore_backup(target, folder)
    (folder / "more").unlink()
    (folder / "more").symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(Refused, match="more does not belong to the backup"):
        restore_backup(target, folder)
    (folder / "more").unlink()
    (folder / "manifest.json").write_text("{}")
    with pytest.raises(Refused, match="is not a backup"):
        restore_backup(target, folder)
    assert not target.data_dir.exists()
    assert not list(tmp_path.glob(".uptake-*"))


def test_only_an_empty_installation_takes_a_backup(full: Services, empty: Settings, tmp_path: Path) -> None:
    write_backup(full, tmp_path / "backup")
    with pytest.raises(Refused, match="already exists. Choose a new or empty folder"):
        write_backup(full, tmp_path / "backup")
    restore_backup(empty, tmp_path / "backup")
    with pytest.raises(Refused, match="is not empty. Restore into a new installation"):
        restore_backup(empty, tmp_path / "backup")
    if empty.database_url:
        other = Settings(data_dir=tmp_path / "other", database_url=empty.database_url)
        with pytest.raises(Refused, match="The database is not empty"):
            restore_backup(other, tmp_path / "backup")
        assert not other.data_dir.exists()


def test_a_backup_that_breaks_off_in_the_middle_puts_nothing_back(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_small_register(services, tmp_path / "bundle")
    write_backup(services, tmp_path / "backup")
    url = fresh_database()
    target = Settings(data_dir=tmp_path / "restored", database_url=url)

    def full_disk(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.services.operations.backups.restore._write_checkpoints", full_disk)
    monkeypatch.setattr("app.services.operations.backups.backup._record_backup", full_disk)
    with pytest.raises(OSError, match="No space left"):
        restore_backup(Settings(data_dir=tmp_path / "file"), tmp_path / "backup")
    assert not (tmp_path / "file").exists()
    monkeypatch.setattr("app.services.operations.backups.restore.insert_lines", full_disk)
    with pytest.raises(OSError, match="No space left"):
        restore_backup(target, tmp_path / "backup")
    jobs = open_jobs(target)
    with jobs.connect() as db:
        assert db.scalar(text("SELECT count(*) FROM stored_events")) == 0
    assert checkpoints.stored_notes(jobs) == []
    jobs.dispose()


def test_the_commands(services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_small_register(services, tmp_path / "bundle")
    run = CliRunner()
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(services.settings.data_dir))
    assert "There is no backup yet" in run.invoke(main, ["doctor"]).output
    made = run.invoke(main, ["backup", str(tmp_path / "backup")])
    assert "events and" in made.output, made.output
    assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o700
    assert json.loads((tmp_path / "backup" / "manifest.json").read_text())["format"] == "uptake-backup-1"
    assert "The last backup was made" in run.invoke(main, ["doctor"]).output
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(tmp_path / "restored"))
    assert "events are restored" in run.invoke(main, ["restore", str(tmp_path / "backup")]).output
    refused = run.invoke(main, ["restore", str(tmp_path / "nothing")])
    assert refused.exit_code == 1
    assert "is not a backup" in refused.output


def test_what_a_killed_restore_left_is_removed_by_the_next(services: Services, tmp_path: Path) -> None:
    open_small_register(services, tmp_path / "bundle")
    write_backup(services, tmp_path / "backup")
    at_work, killed = (tmp_path / f".uptake-restore-{name}" for name in ("at-work", "killed"))
    for folder in (at_work, killed):
        (folder / "keys").mkdir(parents=True)
    with _held(at_work):
        restore_backup(Settings(data_dir=tmp_path / "restored"), tmp_path / "backup")
    assert (at_work.exists(), killed.exists()) == (True, False)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    opened = os.open(folder, os.O_RDONLY)
    fcntl.flock(opened, fcntl.LOCK_EX)
    yield
    os.close(opened)


def test_a_restore_does_not_remove_the_folder_of_one_that_begins(tmp_path: Path) -> None:
    def begin(number: int) -> None:
        for step in range(50):
            with staging_folder(tmp_path / f"data-{number}-{step}") as folder:
                (folder / "log.sqlite").touch()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(begin, range(8)))
    assert len(list(tmp_path.glob("data-*/log.sqlite"))) == 400
