"""Writes a backup: a folder with the rows of every table, the keys, the packages, and the digest of each file."""

import json
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import msgspec
from sqlalchemy import Engine

from app.adapters.jobs_db.job_locks import claim
from app.adapters.objects import COPIES, PACKAGES, ObjectStore, is_remote, open_objects
from app.adapters.settings import Settings
from app.services.container import Services
from app.services.operations.backups.manifest import FORMAT, MANIFEST, Manifest, digest
from app.services.operations.backups.tables import PARTS, read_lines, read_transaction, tables_of
from app.services.removals.removal_list import removal_file, removals_of
from app.services.transparency.checkpoints import archive_file, archived, complete_archive
from app.services.transparency.key_files import write_private_file
from app.services.transparency.signing_keys import key_list
from domain.errors import Refused
from domain.times import written

KEYS = "keys"
FOLDERS = (KEYS, COPIES, PACKAGES)
CHECKPOINTS, REMOVALS = "checkpoints.txt", "checkpoints.removals.jsonl"
STAGING_PREFIX = ".uptake-backup-"
"""How the folder of an unfinished backup begins. It becomes the backup by one rename, when all is on the disk."""
JOB = "backup"
"""The job under which the claims record when backups were made."""


def write_backup(services: Services, dest: Path) -> Manifest:
    """Write a backup to a new or empty folder, completely or not at all; returns the manifest. Raises `Refused`."""
    if dest.is_symlink() or (dest.exists() and (not dest.is_dir() or any(dest.iterdir()))):
        raise Refused(f"{dest} already exists. Choose a new or empty folder.")
    settings, jobs = services.settings, services.jobs  # opened first, so that it has its tables
    services.accounts.release()
    dest.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=STAGING_PREFIX, dir=dest.parent))  # mode 0700: it contains keys
    try:
        _write_lists(settings, staging)  # before the jobs' tables, which then contain all of its notes
        rows = {part: _write_part(services, part, staging) for part in PARTS}
        if (settings.data_dir / KEYS).is_dir():
            shutil.copytree(settings.data_dir / KEYS, staging / KEYS, ignore=shutil.ignore_patterns(".new-*"))
        _copy_objects(open_objects(settings), staging)  # after the log, so that those it names are there
        if settings.database_url:
            write_private_file(staging / KEYS / "public.json", msgspec.json.encode(key_list(settings).keys))
        manifest: Manifest = {
            "format": FORMAT,
            "made_at": written(services.clock()),
            "store": "PostgreSQL" if settings.database_url else "SQLite",
            "rows": rows,
            "files": {str(p.relative_to(staging)): digest(p) for p in sorted(staging.rglob("*")) if p.is_file()},
        }
        (staging / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
        for path in (*staging.rglob("*"), staging):
            path.chmod(0o700 if path.is_dir() else 0o600)
            _flush(path)
        if dest.exists():
            dest.rmdir()
        staging.replace(dest)
        _flush(dest.parent)
        _record_backup(jobs, services)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return manifest


def _write_lists(settings: Settings, staging: Path) -> None:
    """Write the checkpoints and the removals outside the database: the files as they are, or remote ones as files."""
    if is_remote(settings):
        complete_archive(staging / CHECKPOINTS, archived(settings))
        (staging / REMOVALS).write_bytes(b"".join(msgspec.json.encode(r) + b"\n" for r in removals_of(settings)))
        return
    for file, name in ((archive_file(settings), CHECKPOINTS), (removal_file(settings), REMOVALS)):
        if file.is_file():
            shutil.copyfile(file, staging / name)


def _copy_objects(objects: ObjectStore, staging: Path) -> None:
    """Copy packages and copies of sources. One that is removed meanwhile is left out."""
    for folder in (COPIES, PACKAGES):
        for name in objects.names(folder):
            with suppress(FileNotFoundError), objects.item(name).open("rb") as source:
                (staging / name).parent.mkdir(parents=True, exist_ok=True)
                with (staging / name).open("wb") as dest:
                    shutil.copyfileobj(source, dest)


def _flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _write_part(services: Services, part: str, folder: Path) -> dict[str, int]:
    row_counts = {}
    (folder / part).mkdir()
    with read_transaction(services.settings, part) as db:
        for table in tables_of(db, part):
            with (folder / part / f"{table.name}.jsonl").open("wb") as file:
                row_counts[table.name] = 0
                for line in read_lines(db, table):
                    file.write(line)
                    row_counts[table.name] += 1
    return row_counts


def _record_backup(jobs: Engine, services: Services) -> None:
    claim(jobs, JOB, written(services.clock()), services.clock())
