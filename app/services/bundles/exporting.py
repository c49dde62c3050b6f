"""Exports a register from the projections as a bundle: everything public, in log order."""

from contextlib import nullcontext
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from app.services.bundles.columns import SHEETS
from app.services.bundles.rows import Bundle, BundleTables
from app.services.bundles.table_reader import Connect, TableReader
from projections.catalogue import queries as catalogue
from projections.engine.batches import END_OF_TIME
from projections.scorecards.results import TimePair

EVERYTHING = TimePair(date.max, END_OF_TIME)


def export_bundle(db: Connection, register_id: str, cut: TimePair | None = None) -> Bundle | None:
    """Return the bundle of a register, or None if there is no such register.

    With `cut`, it contains the recommendations, assessments and developments known by the instant and effective by the
    day, and everything they refer to.
    """
    reader = TableReader(lambda: nullcontext(db), register_id, cut or EVERYTHING, END_OF_TIME)
    head = _read_head(db, register_id, reader, END_OF_TIME)
    if head is None:
        return None
    found: dict[str, Any] = {s.name: tuple(row for part in reader.batches(s.name) for row in part) for s in SHEETS}
    return Bundle(settings=head.settings, logo=head.logo, opened_at=head.opened_at, reviews=head.reviews, **found)


def read_tables(connect: Connect, db: Connection, register_id: str, known_at: datetime) -> BundleTables | None:
    """The bundle of a register as known at an instant, whose rows are read when they are asked for; None without one.

    `connect` gives a connection for each batch of rows; only the settings are read with `db`.
    """
    reader = TableReader(connect, register_id, TimePair(date.max, known_at), known_at)
    return _read_head(db, register_id, reader, known_at)


def _read_head(db: Connection, register_id: str, reader: TableReader, known_at: datetime) -> BundleTables | None:
    entry = catalogue.register(db, register_id)
    if entry is None:
        return None
    return BundleTables(
        settings=entry.settings,
        logo=catalogue.logo(db, register_id, known_at),
        opened_at=entry.opened_at or entry.opened_elsewhere_at,
        reviews=tuple(catalogue.reviews(db, register_id, known_at).values()),
        batches=reader.batches,
    )
