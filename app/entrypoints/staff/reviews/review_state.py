"""The state of a register for those who prepare a review: what changed, and what rests on little, a page of each."""

from datetime import date
from functools import partial
from typing import Any

from flask import request
from msgspec import Struct
from sqlalchemy import Connection

from app.entrypoints.staff.list_pages import ROWS_PER_PAGE, ListPage, list_page
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.opinions.visibility import ProposalVisibility
from app.services.snapshots.review_schedule import ReviewOccurrence, review_occurrences
from domain.times import full_day
from domain.values import RecommendationFacts
from projections.catalogue.entries import RegisterEntry
from projections.catalogue.queries import recommendations_of
from projections.engine.position import last_applied_at
from projections.scorecards import review_checks
from projections.scorecards.comparison import changed_rows
from projections.scorecards.queries import standings_of
from projections.scorecards.results import Standing, TimePair
from projections.sources.queries import cites
from projections.worklist.inbox import all_open, proposals_about

GROUPS = ("moved", "late", "unassessed", "sourceless", "doubtful", "waiting")
"""The lists of the page; each has a parameter of the address for its own page."""


class Group(Struct, frozen=True):
    """One page of a list. `is_asked`: the address names it, so it is shown open."""

    name: str
    rows: list[Any]
    page: ListPage
    is_asked: bool


class PreparationState(Struct, frozen=True):
    """`facts` and `standings` are those of the recommendations that are listed."""

    on: date
    before: TimePair | None
    groups: dict[str, Group]
    facts: dict[str, RecommendationFacts]
    standings: dict[str, Standing]


def read_preparation_state(
    services: Services, person: Person, db: Connection, entry: RegisterEntry, plan: ReviewOccurrence
) -> PreparationState:
    """As of the day of the review, or of today before it."""
    pair = TimePair(min(full_day(plan.as_of), services.clock().date()), last_applied_at(db))
    before = _previous(db, entry.id, plan)
    read: dict[str, Any] = {
        "moved": partial(changed_rows, db, entry.id, before, pair) if before else _nothing,
        "late": partial(review_checks.late, db, entry.id, pair.as_of),
        "unassessed": partial(review_checks.never_assessed, db, entry.id, pair.as_of),
        "sourceless": partial(review_checks.without_sources, db, entry.id, pair.as_of, partial(cites, entry.id)),
        "doubtful": partial(review_checks.of_low_confidence, db, entry.id, pair.as_of),
        "waiting": partial(all_open, db, entry.id, _hidden(services, person, db, entry.id)),
    }
    groups = {name: _group(name, read[name], entry.id, plan) for name in GROUPS}
    ids = {name for group in groups.values() for name in map(_recommendation, group.rows)}
    facts = {i: e.facts for i, e in recommendations_of(db, entry.id, pair.known_at, ids).items()}
    return PreparationState(pair.as_of, before, groups, facts, standings_of(db, entry.id, pair, ids))


def _group(name: str, read: Any, register: str, plan: ReviewOccurrence) -> Group:
    """The page of a list that the address names; the last one if there are fewer."""
    wanted = request.args.get(name, "")
    address = {"register": register, "review": plan.schedule.id, "as_of": plan.as_of, "_anchor": f"h-{name}"}
    rows, total = read(skip=0, limit=ROWS_PER_PAGE)
    page = list_page("staff.stocktaking", total, wanted, parameter=name, **address)
    if page.number > 1:
        rows, _total = read(skip=page.skip, limit=ROWS_PER_PAGE)
    return Group(name, rows, page, bool(wanted))


def _nothing(*, skip: int, limit: int) -> tuple[list[str], int]:
    return [], 0


def _recommendation(row: Any) -> str:
    return row if isinstance(row, str) else str(getattr(row, "recommendation", "") or row.id)


def _previous(db: Connection, register: str, plan: ReviewOccurrence) -> TimePair | None:
    """The times of the last frozen review of the series; None if there is none."""
    for earlier in review_occurrences(db, register, full_day(plan.as_of)):
        snapshot = earlier.preparation.snapshot
        if earlier.schedule.id == plan.schedule.id and earlier.as_of < plan.as_of and snapshot:
            return TimePair(full_day(earlier.as_of), snapshot.known_at)
    return None


def _hidden(services: Services, person: Person, db: Connection, register: str) -> set[str]:
    """The proposals that this person must not see yet."""
    with services.accounts.work() as accounts:
        visibility = ProposalVisibility(accounts, register, person.id)
    about = visibility.recommendations
    return visibility.hidden(proposals_about(db, register, about)) if about else set()
