"""Overwrites what was deleted from a SQLite file: a deleted row stays in free pages and in the write-ahead log."""

import sqlite3
from contextlib import closing
from pathlib import Path

LOCK_TIMEOUT_SECONDS = 15
_FULL_TEXT_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%USING fts5%'"


def overwrite_deleted(file: Path) -> None:
    """Write a database again without its free pages, and empty its write-ahead log.

    Takes about as long as to copy the file; others read meanwhile, and writers wait. Raises `OSError` if another
    process reads or writes for too long; the file is as before then, or only its write-ahead log is left to empty.
    """
    try:
        with closing(sqlite3.connect(file, timeout=LOCK_TIMEOUT_SECONDS, isolation_level=None)) as db:
            for (table,) in db.execute(_FULL_TEXT_TABLES).fetchall():
                db.execute(f'INSERT INTO "{table}" ("{table}") VALUES (\'optimize\')')
            db.execute("VACUUM")
            (is_blocked, *_pages) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError as e:
        raise OSError(f"{file.name}: {e}") from e
    if is_blocked:
        raise OSError(f"{file.name}: another process reads it")
