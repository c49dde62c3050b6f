"""Opens the event log, in SQLite or PostgreSQL."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app.adapters.event_store.sqlite import environment as sqlite_environment
from domain.application import Tracker


def open_tracker(
    *, clock: Callable[[], datetime], sqlite: Path | None = None, postgres: str = "", create: bool = False
) -> Tracker:
    """Open the tracker over one of the two stores; `create` creates the tables.

    `clock` gives the current instant; the log never stamps an event earlier than the one before it.
    """
    if postgres:
        from app.adapters.event_store.postgres import environment as postgres_environment

        env = postgres_environment(postgres, create=create)
    else:
        env = sqlite_environment(str(sqlite), create=create)
    return Tracker(env, clock=clock, salt=lambda: os.urandom(16).hex())
