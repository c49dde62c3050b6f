"""A lock by name that only one process of an installation holds. It ends with the process, however that ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from app.adapters.database import database_conninfo
from app.adapters.settings import Settings
from projections.engine.postgres import postgres_engine
from projections.engine.private_files import make_private_file, make_private_folder


@contextmanager
def process_lock(settings: Settings, name: str) -> Iterator[bool]:
    """Try to hold a lock while the block runs; yields whether this caller holds it. It never waits.

    On PostgreSQL it is an advisory lock of a connection, else one of the operating system on a file of this name.
    """
    held = database_lock(settings, _number_of(name)) if settings.database_url else _file_lock(settings.data_dir, name)
    with held as is_held:
        yield is_held


@contextmanager
def database_lock(settings: Settings, number: int) -> Iterator[bool]:
    """Try to hold an advisory lock of PostgreSQL. It ends with its connection, if not before."""
    with _engine(database_conninfo(settings)).connect() as db:
        is_held = bool(db.scalar(text("SELECT pg_try_advisory_lock(:n)"), {"n": number}))
        try:
            yield is_held
        finally:
            if is_held:
                _unlock(db, number)


def _unlock(db: Connection, number: int) -> None:
    try:
        db.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": number})
    except DBAPIError:
        db.invalidate()  # the lock ends with the connection


@cache
def _engine(conninfo: str) -> Engine:
    """Keeps one connection for the locks of a process, so that a form needs no new one."""
    return postgres_engine(conninfo, pool_size=1, isolation_level="AUTOCOMMIT")


@contextmanager
def _file_lock(folder: Path, name: str) -> Iterator[bool]:
    file = folder / "locks" / f"{name}.lock"
    make_private_folder(file.parent)
    make_private_file(file)
    try:
        descriptor = os.open(file, os.O_WRONLY)
    except FileNotFoundError:  # the holder removed it at this moment
        yield False
        return
    try:
        is_held = _try_flock(descriptor) and _is_of_file(descriptor, file)
        yield is_held
        if is_held:
            file.unlink()
    finally:
        os.close(descriptor)


def _try_flock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_of_file(descriptor: int, file: Path) -> bool:
    """Whether the open file still has its name: the holder before may have removed it after it was opened."""
    try:
        return os.path.samestat(os.fstat(descriptor), file.stat())
    except FileNotFoundError:
        return False


def _number_of(name: str) -> int:
    return int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
