"""The log of events, in SQLite or PostgreSQL, opened from one place."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app.adapters.event_store.contract import Log
from app.adapters.event_store.sqlite import environment as of_sqlite
from domain.application import Tracker

__all__ = ["Log", "open_tracker"]


def open_tracker(
    *, clock: Callable[[], datetime], sqlite: Path | None = None, postgres: str = "", create: bool = False
) -> Tracker:
    """The tracker over one of the two stores; `create` makes the tables.

    `clock` gives the present instant; the store never stamps an event earlier than the one before it.
    """
    if postgres:
        from app.adapters.event_store.postgres import environment as of_postgres

        env = of_postgres(postgres, create=create)
    else:
        env = of_sqlite(str(sqlite), create=create)
    tracker = Tracker(env, salt=lambda: os.urandom(16).hex())
    log_of(tracker).clock = clock
    return tracker


def log_of(tracker: Tracker) -> Log:
    """The tracker's log, for reading."""
    recorder = tracker.recorder
    if not isinstance(recorder, Log):
        raise TypeError(f"{type(recorder).__name__} is no log of ours")
    return recorder
