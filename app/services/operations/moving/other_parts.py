"""Copies what belongs to a log: its claims and texts, the accounts, the jobs, and the files of the data folder."""

import json
import os
import shutil
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, Table, func, select

from app.adapters.jobs_db.tables import clock_readings, heartbeats, leases, shared_values
from app.adapters.settings import Settings
from app.services.operations.backups.backup import CHECKPOINTS, FOLDERS, REMOVALS
from app.services.operations.backups.manifest import digest
from app.services.operations.backups.tables import (
    PARTS,
    insert_lines,
    read_lines,
    read_transaction,
    tables_of,
    write_transaction,
)
from domain.errors import Refused
from projections.engine.private_files import make_private_file, make_private_folder

STAYS = {
    *(table.name for table in (heartbeats, clock_readings, leases, shared_values)),
    *("alembic_version", "oldest_usable_revision"),
}
"""Tables that the target has of its own: what runs there, which keys its machines have, and the newest migration."""


def copy_tables(source: Settings, target: Settings) -> int:
    """Copy each table in one transaction, unless it was copied before; returns the number of rows."""
    count = 0
    for part in PARTS:
        copies = {table.name: table for table in _tables(target, part)}
        for table in _tables(source, part):
            with read_transaction(source, part) as old, write_transaction(target, part) as new:
                count += _copy_table(old, new, table, copies[table.name])
    return count


def compare_tables(source: Settings, target: Settings) -> None:
    """Raises `Refused` if a table does not have the same rows in both stores."""
    for part in PARTS:
        copies = {table.name: table for table in _tables(target, part)}
        for table in _tables(source, part):
            with read_transaction(source, part) as old, read_transaction(target, part) as new:
                if _rows_digest(old, table) != _rows_digest(new, copies[table.name]):
                    raise Refused(
                        f"The table {table.name} is not the same in both stores, so the move is not finished. Give it "
                        "up with --undo and begin again with an empty store."
                    )


def _tables(settings: Settings, part: str) -> list[Table]:
    """The tables of a part, referenced ones first. The events are copied by themselves."""
    with read_transaction(settings, part) as db:
        return [table for table in tables_of(db, part, STAYS) if table.name != "stored_events"]


def _copy_table(old: Connection, new: Connection, table: Table, copy: Table) -> int:
    if count := new.scalar(select(func.count()).select_from(copy)):
        return int(count)
    return insert_lines(new, copy, read_lines(old, table))


def _rows_digest(db: Connection, table: Table) -> int:
    """One number for the rows of a table, in whatever order the database sorts them."""
    rows = (json.dumps(json.loads(line), sort_keys=True) for line in read_lines(db, table))
    return sum(int.from_bytes(sha256(row.encode()).digest()) for row in rows)


def copy_files(source: Path, target: Path) -> int:
    """Copy keys, copies of sources, packages and the files of checkpoints and removals; returns how many files.

    Each has its name only when all of it is on the disk. One that is there already is compared, and copied if it
    differs.
    """
    if source.resolve() == target.resolve():
        return 0
    files = [file for name in FOLDERS for file in sorted((source / name).rglob("*")) if file.is_file()]
    files += [file for name in (CHECKPOINTS, REMOVALS) if (file := source / name).is_file()]
    for file in files:
        copy = target / file.relative_to(source)
        if not copy.is_file() or digest(copy) != digest(file):
            _copy_file(file, copy)
    return len(files)


def _copy_file(file: Path, copy: Path) -> None:
    make_private_folder(copy.parent)
    new = copy.with_name(f".new-{copy.name}")
    new.unlink(missing_ok=True)
    make_private_file(new)
    with file.open("rb") as content, new.open("wb") as stream:
        shutil.copyfileobj(content, stream)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(copy)
