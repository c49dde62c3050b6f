"""The tables of one package, filled from its own public events and thrown away: what is private cannot get in."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from app.services.snapshots.public_log import PackedLog
from projections.catalogue.projector import Catalogue
from projections.changes.projector import PublicChanges
from projections.engine.generations import SQLiteViewStore
from projections.engine.views import Views
from projections.reviews.projector import Reviews
from projections.scorecards.projector import Scorecards
from projections.timeline.projector import Timeline

PROJECTIONS = (Catalogue(), Scorecards(), Timeline(), PublicChanges(), Reviews())
CACHE_KIB = 16_000
"""KiB of pages that are kept in memory: each is asked for about once."""


@contextmanager
def open_views(log: PackedLog) -> Iterator[Connection]:
    """The tables that follow from a packed log."""
    with tempfile.TemporaryDirectory(prefix="uptake-snapshot-") as folder:
        views = Views(SQLiteViewStore(Path(folder)), log, PROJECTIONS)
        name = views.current()
        views.store.engine(name, writing=True).dispose()  # gives back what it cached
        with views.connect() as db:
            db.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIB}")
            yield db
        views.discard(name)
