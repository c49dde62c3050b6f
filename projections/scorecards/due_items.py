"""The deadlines in force of a scorecard, page by page: those to come first, then the past ones, the latest first."""

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, FromClause, and_, case, func, or_, select

from domain.codes import Status
from domain.times import to_microseconds
from projections.scorecards.queries import due_of, number_of
from projections.scorecards.results import Due, TimePair
from projections.scorecards.standing_rows import DEADLINE_COLUMNS
from projections.scorecards.status_codes import STATUS_MASK, STATUS_NUMBER
from projections.scorecards.status_intervals import ELEMENT, ON_SCORECARD
from projections.scorecards.tables import deadlines, items, spans


class DueItem(Struct, frozen=True):
    """A recommendation, or a part of it, with its deadline in force; `element` is empty for the whole."""

    recommendation: str
    element: str
    due: Due


def count_due_items(db: Connection, register: str, at: TimePair) -> int:
    return db.scalar(select(func.count()).select_from(spans).where(_is_due(db, register, at))) or 0


def due_items(db: Connection, register: str, at: TimePair, *, skip: int, limit: int) -> list[DueItem]:
    """A page of them; what is due on one day keeps the order of the log."""
    is_past = spans.c.due < at.as_of.toordinal()
    page = (
        select(spans.c.span_no)
        .where(_is_due(db, register, at))
        .order_by(is_past, case((is_past, -spans.c.due), else_=spans.c.due), spans.c.item_no)
        .offset(skip)
        .limit(limit)
    )
    numbers = list(db.scalars(page))
    query = (
        select(spans, items.c.recommendation, items.c.element, *DEADLINE_COLUMNS)
        .join(items, items.c.item_no == spans.c.item_no)
        .join(deadlines, deadlines.c.deadline_no == spans.c.deadline_no)
        .where(spans.c.span_no.in_(numbers))
    )
    rows = {row.span_no: row for row in db.execute(query)}
    found = ((rows[number], due_of(rows[number], at.as_of)) for number in numbers)
    return [DueItem(row.recommendation, row.element, due) for row, due in found if due]


def _is_due(db: Connection, register: str, at: TimePair) -> ColumnElement[bool]:
    """A span with a deadline, of an item whose recommendation is on the scorecard and that is not superseded."""
    whole = spans.alias()
    is_on_scorecard = select(whole.c.span_no).where(_covers(whole, at), whole.c.level == ON_SCORECARD)
    return and_(
        spans.c.register_no == number_of(db, register),
        spans.c.level.in_((ON_SCORECARD, ELEMENT)),
        spans.c.due.is_not(None),
        _covers(spans, at),
        spans.c.code.op(">>")(2).op("&")(STATUS_MASK) != STATUS_NUMBER[Status.SUPERSEDED],
        or_(spans.c.level == ON_SCORECARD, is_on_scorecard.where(whole.c.rec_no == spans.c.rec_no).exists()),
    )


def _covers(table: FromClause, at: TimePair) -> ColumnElement[bool]:
    """Whether a span includes a day, as known at an instant."""
    day, instant = at.as_of.toordinal(), to_microseconds(at.known_at)
    return and_(
        table.c.effective_to > day,
        table.c.effective_from <= day,
        table.c.known_from <= instant,
        table.c.known_to > instant,
    )
