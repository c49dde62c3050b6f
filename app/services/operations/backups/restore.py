"""Restores a backup into a new installation, in either store: completely or not at all."""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import msgspec
from sqlalchemy import Connection, text

from app.adapters.database import database_conninfo
from app.adapters.event_store import open_tracker
from app.adapters.jobs_db.tables import open_jobs
from app.adapters.objects import open_objects
from app.adapters.objects.folder import FolderObjects
from app.adapters.record import system_clock
from app.adapters.settings import Settings
from app.services.accounts.database import open_database
from app.services.operations.backups.backup import CHECKPOINTS, FOLDERS, KEYS, REMOVALS
from app.services.operations.backups.manifest import Manifest, check_files
from app.services.operations.backups.tables import PARTS, insert_lines, tables_of, write_transaction
from app.services.removals.removal_list import add_to_list, read_list, removals_of
from app.services.transparency import checkpoints
from domain.errors import Refused

STAGING_PREFIX = ".uptake-restore-"
"""How the folder of an unfinished restore begins."""


def restore_backup(settings: Settings, src: Path, folders: Sequence[str] = FOLDERS) -> Manifest:
    """Check every file, then restore all; returns the manifest. Raises `Refused` without changing anything.

    Of the folders with files only `folders` are copied.
    """
    manifest = check_files(src)
    if settings.data_dir.exists() and any(settings.data_dir.iterdir()):
        raise Refused(f"{settings.data_dir} is not empty. Restore into a new installation.")
    with staging_folder(settings.data_dir) as folder:
        target = msgspec.structs.replace(settings, data_dir=folder)
        _make_tables(target)
        for name in folders:
            _restore_files(target, src, name)
        with ExitStack() as all_or_nothing:  # commits each part when all succeeded
            for part in PARTS:
                db = all_or_nothing.enter_context(write_transaction(target, part))
                _restore_part(db, part, src)
        _write_checkpoints(target, src)
        if not removals_of(target):  # a list that is kept elsewhere names more
            for removed in read_list(src / REMOVALS):
                add_to_list(target, removed)
    return manifest


def _restore_files(settings: Settings, src: Path, folder: str) -> None:
    """Put the keys into the data folder, and objects where the settings have them."""
    if folder == KEYS:
        if (src / KEYS).is_dir():
            shutil.copytree(src / KEYS, settings.data_dir / KEYS)
            for path in (settings.data_dir / KEYS, *(settings.data_dir / KEYS).rglob("*")):
                path.chmod(0o700 if path.is_dir() else 0o600)
        return
    objects, backup = open_objects(settings), FolderObjects(src)
    for name in backup.names(folder):
        with objects.temporary(folder) as file:
            shutil.copyfile(backup.item(name), file)
            objects.move_in(file, name)


def _make_tables(settings: Settings) -> None:
    """Create empty tables. Raises `Refused` if they contain rows."""
    open_tracker(
        clock=system_clock,
        sqlite=settings.data_dir / "log.sqlite",
        postgres=database_conninfo(settings) if settings.database_url else "",
        create=True,
    ).close()
    open_jobs(settings).dispose()
    accounts = open_database(settings)
    accounts.upgrade()
    accounts.close()
    for part, table in (("log", "stored_events"), ("accounts", "people")):
        with write_transaction(settings, part) as db:
            if db.scalar(text(f"SELECT count(*) FROM {table}")):
                raise Refused("The database is not empty. Restore into a new one.")


def _restore_part(db: Connection, part: str, src: Path) -> None:
    tables = {t.name: t for t in tables_of(db, part)}
    files = {p.stem: p for p in (src / part).glob("*.jsonl")}
    if part == "accounts":
        _check_version(db, files.pop("alembic_version", None))
        tables.pop("alembic_version", None)
    if unknown := set(files) - set(tables):
        raise Refused(
            f"This version of Uptake has no table {', '.join(sorted(unknown))}. Restore with the version before."
        )
    for name, table in tables.items():
        if name in files:
            with files[name].open("rb") as lines:
                insert_lines(db, table, iter(lines))


def _check_version(db: Connection, file: Path | None) -> None:
    here = db.scalar(text("SELECT version_num FROM alembic_version"))
    there = json.loads(file.read_text("utf-8"))["version_num"] if file else None
    if here != there:
        raise Refused(
            f"The accounts are from another version of Uptake ({there}, here {here}). Restore with that version, "
            "then update it."
        )


def _write_checkpoints(settings: Settings, src: Path) -> None:
    """Write the checkpoint file outside the database, with notes made during the backup."""
    file = src / CHECKPOINTS
    jobs = open_jobs(settings)
    notes = list(dict.fromkeys([*checkpoints.archived_notes(file), *checkpoints.stored_notes(jobs)]))
    jobs.dispose()
    # The file on another disk may be newer than the backup: what it has stays.
    checkpoints.archive(settings, notes)


@contextmanager
def staging_folder(folder: Path) -> Iterator[Path]:
    """A temporary folder that replaces `folder` if the block succeeds. Removes those of restores that were killed."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        with _locked(folder.parent, fcntl.LOCK_EX):  # no other restore removes the new folder before it is held
            for leftover in folder.parent.glob(f"{STAGING_PREFIX}*"):
                with suppress(OSError), _locked(leftover):  # else another restore is at work in it
                    shutil.rmtree(leftover)
            new = Path(tempfile.mkdtemp(prefix=STAGING_PREFIX, dir=folder.parent))
            held.enter_context(_locked(new))
        try:
            yield new
            if folder.exists():
                folder.rmdir()
            new.replace(folder)
        finally:
            shutil.rmtree(new, ignore_errors=True)


@contextmanager
def _locked(folder: Path, how: int = fcntl.LOCK_EX | fcntl.LOCK_NB) -> Iterator[None]:
    """Hold a folder; the system releases it when the process ends. Raises `OSError` if another process holds it."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(opened, how)
        yield
    finally:
        os.close(opened)
