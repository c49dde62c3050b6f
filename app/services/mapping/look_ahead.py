"""What readers would see of a register once a sheet is imported: counted by the projections of the public pages, from
the events that the import would store. Stores nothing."""

from collections.abc import Sequence
from copy import copy
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
from projections.engine.batches import END_OF_TIME
from projections.engine.generations import SQLiteViewStore
from projections.engine.views import Views
from projections.scorecards.projector import Scorecards
from projections.scorecards.queries import counts, standings_of
from projections.scorecards.results import Counts, Standing, TimePair
from projections.scorecards.tally import add_counts, tally

_SHARED, _OF_ITEMS = ("themes", "publications", "bodies"), ("elements", "assessments", "deadlines")
"""The rows that the standing of a recommendation rests on."""
_PART = 5_000
"""So many recommendations are looked at together, so that a long file needs no more memory than a short one."""


class RegisterLook(Struct, frozen=True):
    """The numbers of a register's page, and the standing of some of its recommendations, in the order asked for."""

    counts: Counts
    standings: tuple[Standing, ...]


def look_ahead(record: Record, plan: ImportPlan, by: str, recommendations: Sequence[str]) -> RegisterLook:
    """The page of the register with everything that the plan adds. Amendments of a plan are not shown."""
    whole = _whole_plan(plan)
    idents = [row.fact.id for row in whole.new["recommendations"]]
    total, shown = tally([]), dict[str, Standing]()
    for start in range(0, len(idents), _PART):
        part = frozenset(idents[start : start + _PART])
        found = _look_at(record, _part_of(whole, part), by, [i for i in recommendations if i in part])
        total = add_counts(total, found.counts)
        shown |= {standing.id: standing for standing in found.standings}
    return RegisterLook(total, tuple(shown[ident] for ident in recommendations if ident in shown))


def _look_at(record: Record, plan: ImportPlan, by: str, recommendations: Sequence[str]) -> RegisterLook:
    with TemporaryDirectory() as folder:
        tracker = open_tracker(clock=lambda: plan.now, sqlite=Path(folder) / "log.sqlite", create=True)
        views = Views(SQLiteViewStore(Path(folder) / "views"), tracker.event_log, (Scorecards(),))
        alone = Record(record.settings, tracker, views, record.clock)
        try:
            builder = EventBuilder(alone, plan, plan.now, by=by)
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
    if plan.is_new:
        return plan
    rows: dict[str, Any] = {sheet.name: (*getattr(plan.stored, sheet.name), *plan.new[sheet.name]) for sheet in SHEETS}
    whole: Bundle = replace(plan.stored, **rows)
    return ImportPlan(whole, None, {}, is_open=False, now=plan.now, allow_legacy=True, propose=plan.propose)


def _part_of(plan: ImportPlan, recommendations: frozenset[str]) -> ImportPlan:
    """The plan for some recommendations: what their standing rests on."""
    part = copy(plan)
    part.new = {sheet.name: [] for sheet in SHEETS} | {name: plan.new[name] for name in _SHARED}
    part.new["recommendations"] = [r for r in plan.new["recommendations"] if r.fact.id in recommendations]
    for name in _OF_ITEMS:
        part.new[name] = [row for row in plan.new[name] if row.recommendation in recommendations]
    return part
