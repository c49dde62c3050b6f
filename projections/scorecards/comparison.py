"""Compares two scorecards, and separates what was learned from what changed in the world (section 8)."""

from collections import defaultdict
from typing import Protocol

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, and_, not_, or_, select

from domain.codes import Status
from domain.ordering import natural_key
from domain.times import to_microseconds
from projections.scorecards.queries import standings
from projections.scorecards.results import DIRECTIONS, CausingAssessment, ComparisonRow, TimePair
from projections.scorecards.tables import assessments, items, registers


class Comparison(Struct, frozen=True):
    """Rows by theme and id, and how many there are of each direction."""

    first: TimePair
    second: TimePair
    rows: tuple[ComparisonRow, ...]

    @property
    def counts(self) -> dict[str, int]:
        return {d: sum(row.direction == d for row in self.rows) for d in DIRECTIONS}


def compare(db: Connection, register: str, first: TimePair, second: TimePair) -> Comparison:
    """Every recommendation on either scorecard, with its status on both and the assessments that changed it."""
    a = standings(db, register, first)
    b = standings(db, register, TimePair(first.as_of, second.known_at))
    c = standings(db, register, second)
    causes = _causes(db, register, first, second)
    themes = {s.id: s.theme for s in (*a.values(), *c.values())}
    rows = []
    for rec in sorted(themes, key=lambda r: (natural_key(themes[r]), natural_key(r))):
        was, learned, now = (s[rec].status if rec in s else None for s in (a, b, c))
        moved = was is not learned or learned is not now
        rows.append(
            ComparisonRow(
                id=rec,
                a=was,
                b=learned,
                c=now,
                direction=direction(b.get(rec), c.get(rec)),
                learned=was is not learned,
                changed=learned is not now,
                assessments=tuple(causes[rec]) if moved else (),
            )
        )
    return Comparison(first, second, tuple(rows))


class Ranked(Protocol):
    """A status with its rank, by the methodology that it was assessed under."""

    @property
    def status(self) -> Status: ...

    @property
    def rank(self) -> int | None: ...


def direction(b: Ranked | None, c: Ranked | None) -> str:
    """The direction from b to c; c is None where the recommendation left the scorecard."""
    if c is None:
        return "removed"
    if b is None:
        return "added"
    if b.status is c.status:
        return "unchanged"
    if c.status is Status.REVERSED:
        return "reversed"
    if b.rank is None or c.rank is None or b.rank == c.rank:
        return "level"
    return "up" if c.rank > b.rank else "down"


def _causes(db: Connection, register: str, first: TimePair, second: TimePair) -> dict[str, list[CausingAssessment]]:
    """The assessments that are candidates at exactly one of the two pairs of times, by recommendation."""
    one, two = _is_candidate(first), _is_candidate(second)
    query = (
        select(items.c.recommendation, assessments.c.assessment, assessments.c.reason)
        .join(items, items.c.item_no == assessments.c.item_no)
        .join(registers, registers.c.register_no == assessments.c.register_no)
        .where(registers.c.register == register, or_(and_(one, not_(two)), and_(two, not_(one))))
        .order_by(assessments.c.effective, assessments.c.known_from, assessments.c.assessment_no)
    )
    causes: dict[str, list[CausingAssessment]] = defaultdict(list)
    for row in db.execute(query):
        causes[row.recommendation].append(CausingAssessment(row.assessment, row.reason))
    return causes


def _is_candidate(at: TimePair) -> ColumnElement[bool]:
    instant = to_microseconds(at.known_at)
    return and_(
        assessments.c.effective <= at.as_of.toordinal(),
        assessments.c.known_from <= instant,
        assessments.c.known_to > instant,
    )
