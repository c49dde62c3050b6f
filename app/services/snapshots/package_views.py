"""Temporary projections of one package, built from its own public events, so that private data cannot enter."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from app.services.snapshots.public_log import PackedLog
from projections.all_projections import ALL_PROJECTIONS
from projections.engine.batches import Projection
from projections.engine.generations import SQLiteViewStore
from projections.engine.views import Views
from projections.search.projector import Search
from projections.transparency.projector import Transparency
from projections.worklist.projector import Worklist

NOT_PACKED = (Search, Worklist, Transparency)
"""Projections that nothing in a package is made from."""
PROJECTIONS = tuple(p for p in ALL_PROJECTIONS if not isinstance(p, NOT_PACKED))
CACHE_KIB = 16_000
"""The page cache; each page is read about once."""
BATCH_ROWS = 1_000
"""Fewer than in a store: freezing a review takes less memory then."""


@contextmanager
def open_views(log: PackedLog, projections: Sequence[Projection] = PROJECTIONS) -> Iterator[Connection]:
    """Yield a connection to projections of a packed log."""
    with tempfile.TemporaryDirectory(prefix="uptake-snapshot-") as folder:
        views = Views(SQLiteViewStore(Path(folder)), log, projections, BATCH_ROWS)
        name = views.current()
        views.store.engine(name, writing=True).dispose()  # frees its cache
        with views.connect() as db:
            db.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIB}")
            yield db
        views.discard(name)
