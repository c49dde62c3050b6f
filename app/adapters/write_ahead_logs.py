"""Empties the write-ahead logs of SQLite, so that the files of a stopped installation can be copied one by one."""

import sqlite3
from contextlib import closing, suppress

from app.adapters.settings import Settings

FILES = ("log.sqlite", "accounts.sqlite", "jobs.sqlite")


def empty_write_ahead_logs(settings: Settings) -> None:
    """Move what was committed from the write-ahead logs into the files. Web processes end without closing theirs.

    A file that another process still uses, or whose disk is full, keeps its log: SQLite reads both.
    """
    for name in FILES:
        file = settings.data_dir / name
        if file.is_file() and not settings.database_url:
            with suppress(sqlite3.OperationalError), closing(sqlite3.connect(file)) as db:
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
