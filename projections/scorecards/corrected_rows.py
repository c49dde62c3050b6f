"""The rows of a scorecard that read differently as known at a later instant: another status, or another first day."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Subquery, and_, case, func, or_, select

from domain.times import from_microseconds, to_microseconds
from projections.scorecards.comparison import read_causes
from projections.scorecards.queries import number_of
from projections.scorecards.results import ComparisonRow, TimePair
from projections.scorecards.status_codes import status_of
from projections.scorecards.tables import items, spans


class CorrectedRow(Struct, frozen=True):
    """A row whose status (`a` before, `b` now) or first day is another, and when this was published."""

    row: ComparisonRow
    at: datetime


def count_corrected(db: Connection, register: str, first: TimePair, known_at: datetime) -> int:
    """How many rows of a scorecard read differently as known at a later instant."""
    return db.scalar(select(func.count()).select_from(_corrected(db, register, first, known_at))) or 0


def read_corrected(
    db: Connection, register: str, first: TimePair, known_at: datetime, *, start: int, limit: int
) -> list[CorrectedRow]:
    """A page of them, the latest correction first."""
    of = _corrected(db, register, first, known_at)
    query = select(of, items.c.recommendation).join(items, items.c.item_no == of.c.rec_no)
    rows = db.execute(query.order_by(of.c.at.desc(), of.c.rec_no).offset(start).limit(limit)).all()
    second = TimePair(first.as_of, known_at)
    causes = read_causes(db, number_of(db, register), first, second, [row.rec_no for row in rows])
    corrected = []
    for row in rows:
        before, after = (None if code is None else status_of(code) for code in (row.before, row.after))
        compared = ComparisonRow(
            id=row.recommendation,
            a=before,
            b=after,
            c=after,
            direction="removed" if after is None else "unchanged",
            learned=before is not after,
            changed=False,
            assessments=tuple(causes[row.rec_no]),
        )
        corrected.append(CorrectedRow(compared, from_microseconds(row.at)))
    return corrected


def _corrected(db: Connection, register: str, first: TimePair, known_at: datetime) -> Subquery:
    """Only spans whose knowledge began or ended between the two instants are read, not the whole scorecard."""
    day, before, after = first.as_of.toordinal(), to_microseconds(first.known_at), to_microseconds(known_at)
    c = spans.c
    is_before = and_(c.known_from <= before, c.known_to > before, c.known_to <= after)
    is_after = and_(c.known_from > before, c.known_from <= after, c.known_to > after)

    def of(is_then: ColumnElement[bool], column: ColumnElement[object]) -> ColumnElement[object]:
        return func.max(case((is_then, column)))

    grade = c.code.op(">>")(2)
    differs = [of(is_before, column).is_distinct_from(of(is_after, column)) for column in (grade, c.since, c.since_on)]
    at = func.max(case((is_after, c.known_from), else_=c.known_to))
    query = select(
        c.rec_no, of(is_before, c.code).label("before"), of(is_after, c.code).label("after"), at.label("at")
    ).where(
        *(c.register_no == number_of(db, register), c.level == 0),
        *(c.effective_to > day, c.effective_from <= day),
        or_(is_before, is_after),
    )
    return query.group_by(c.rec_no).having(or_(*differs)).subquery()
