"""Opens the event log, in SQLite or PostgreSQL."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app.adapters.event_store.sqlite import environment as sqlite_environment
from app.adapters.store_marks import StoreMark, read_database_mark
from domain.application import Tracker
from domain.event_log import EventLog
from projections.engine.private_files import make_private_file


def open_tracker(
    *,
    clock: Callable[[], datetime],
    sqlite: Path | None = None,
    postgres: str = "",
    create: bool = False,
    drift_seconds: Callable[[], float] | None = None,
    database_clock: Callable[[], datetime] | None = None,
) -> Tracker:
    """Open the tracker over one of the two stores; `create` creates the tables.

    `clock` is that of this machine. It stamps the events of SQLite, and `drift_seconds` says how far it was set while
    the machine ran. PostgreSQL stamps its events; `database_clock` replaces its clock in tests.
    """
    if postgres:
        from app.adapters.event_store.postgres import PostgresLog, environment

        tracker = Tracker(environment(postgres, create=create), clock=clock, salt=_salt)
        log = tracker.event_log
        assert isinstance(log, PostgresLog)
        log.database_clock = database_clock
        return tracker
    assert sqlite is not None
    if create:
        make_private_file(sqlite)
    tracker = Tracker(sqlite_environment(str(sqlite), create=create), clock=clock, salt=_salt)
    if drift_seconds:
        tracker.event_log.drift_seconds = drift_seconds
    return tracker


def create_tables(log: EventLog) -> None:
    """Create the tables of a log in PostgreSQL, or bring them up to date."""
    from app.adapters.event_store.postgres import PostgresLog

    assert isinstance(log, PostgresLog)
    log.create_table()


def read_log_mark(log: EventLog) -> StoreMark | None:
    """The mark of a store in PostgreSQL, read through the connection that the log keeps."""
    from app.adapters.event_store.postgres import PostgresLog

    assert isinstance(log, PostgresLog)
    with log.datastore.get_connection() as connection:
        return read_database_mark(connection)


def _salt() -> str:
    return os.urandom(16).hex()
