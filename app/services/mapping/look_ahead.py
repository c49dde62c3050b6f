"""What readers would see of a register once a sheet is imported: counted by the projections of the public pages, from
the events that the import would store. Stores nothing."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from app.adapters.event_store import open_tracker
from app.adapters.record import Record
from app.services.bundles.columns import SHEETS
from app.services.bundles.event_builder import EventBuilder
from app.services.bundles.import_plan import ImportPlan
from app.services.bundles.rows import Bundle
from domain.times import day_in
from projections.addressees.projector import Addressees
from projections.catalogue.projector import Catalogue
from projections.engine.batches import END_OF_TIME, Projection
from projections.engine.generations import SQLiteViewStore
from projections.engine.views import Views
from projections.scorecards.projector import Scorecards
from projections.scorecards.queries import counts, standings_of
from projections.scorecards.results import Counts, Standing, TimePair

_PROJECTIONS: tuple[Projection, ...] = (Catalogue(), Scorecards(), Addressees())


class RegisterLook(Struct, frozen=True):
    """The numbers of a register's page, and the standing of some of its recommendations, in the order asked for."""

    counts: Counts
    standings: tuple[Standing, ...]


def look_ahead(record: Record, plan: ImportPlan, by: str, recommendations: Sequence[str]) -> RegisterLook:
    """The page of the register with everything that the plan adds. Amendments of a plan are not shown."""
    with TemporaryDirectory() as folder:
        tracker = open_tracker(clock=lambda: plan.now, sqlite=Path(folder) / "log.sqlite", create=True)
        views = Views(SQLiteViewStore(Path(folder) / "views"), tracker.event_log, _PROJECTIONS)
        alone = Record(record.settings, tracker, views, record.clock)
        try:
            builder = EventBuilder(alone, _whole_plan(plan), plan.now, by=by)
            tracker.import_events(builder.events, builder.claims, builder.records)
            with views.connect() as db:
                return _read(db, plan, recommendations)
        finally:
            views.discard(views.current())
            tracker.close()


def _read(db: Connection, plan: ImportPlan, recommendations: Sequence[str]) -> RegisterLook:
    settings = plan.bundle.settings
    pair = TimePair(day_in(settings.time_zone, plan.now), END_OF_TIME)
    found = standings_of(db, settings.id, pair, recommendations)
    return RegisterLook(
        counts=counts(db, settings.id, pair),
        standings=tuple(found[ident] for ident in recommendations if ident in found),
    )


def _whole_plan(plan: ImportPlan) -> ImportPlan:
    """The plan of a register that has all rows from the beginning."""
    rows: dict[str, Any] = {sheet.name: (*getattr(plan.stored, sheet.name), *plan.new[sheet.name]) for sheet in SHEETS}
    if plan.is_new:
        return plan
    whole: Bundle = replace(plan.stored, **rows)
    return ImportPlan(whole, None, {}, is_open=False, now=plan.now, allow_legacy=True, propose=plan.propose)
