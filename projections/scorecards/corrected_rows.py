"""The rows of a scorecard that read differently as known at a later instant, whatever the reason.

Two scorecards of one day are compared, never a list of corrections: so a correction that was back-dated, an amendment
that moved an item, a withdrawal and evidence that came late are all found.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, FromClause, Select, Subquery, and_, case, func, or_, select, union_all

from domain.times import from_microseconds, to_microseconds
from projections.scorecards.comparison import read_causes
from projections.scorecards.queries import number_of, rec_nos_of, standings_of
from projections.scorecards.results import ComparisonRow, Standing, TimePair
from projections.scorecards.status_intervals import ELEMENT, ON_SCORECARD
from projections.scorecards.tables import earlier_items, items, spans

_SHOWN = ("code", "since", "since_on", "assessment_no", "motion", "confidence", "review_by", "peak", "peak_on", "due")
_SHOWN_WITH_DEADLINE = ("deadline_no", "first_done")
"""The columns of a span that a scorecard shows; the last two only of an item with a deadline."""
_DESCRIBED = ("kind", "theme", "core", "recommended")


class CorrectedRow(Struct, frozen=True):
    """A row that differs: as it was frozen, as it is known now, and when the last difference became known.

    A standing is None where the recommendation is not on that scorecard.
    """

    row: ComparisonRow
    before: Standing | None
    after: Standing | None
    at: datetime


def count_corrected(db: Connection, register: str, first: TimePair, known_at: datetime) -> int:
    """How many rows of a scorecard read differently as known at a later instant."""
    return db.scalar(select(func.count()).select_from(_corrected(db, register, first, known_at))) or 0


def read_corrected(
    db: Connection, register: str, first: TimePair, known_at: datetime, *, start: int, limit: int
) -> tuple[list[CorrectedRow], int]:
    """A page of them, the latest correction first, and how many there are."""
    of = _corrected(db, register, first, known_at)
    query = select(of, items.c.recommendation, func.count().over().label("total"))
    query = query.join(items, items.c.item_no == of.c.rec_no)
    rows = db.execute(query.order_by(of.c.at.desc(), of.c.rec_no).offset(start).limit(limit)).all()
    if not rows:
        return [], count_corrected(db, register, first, known_at) if start else 0
    second = TimePair(first.as_of, known_at)
    causes = read_causes(db, number_of(db, register), first, second, [row.rec_no for row in rows])
    ids = [row.recommendation for row in rows]
    before, after = standings_of(db, register, first, ids), standings_of(db, register, second, ids)
    corrected = []
    for row in rows:
        then, now = before.get(row.recommendation), after.get(row.recommendation)
        was, known = then.status if then else None, now.status if now else None
        compared = ComparisonRow(
            id=row.recommendation,
            a=was,
            b=known,
            c=known,
            direction="removed" if known is None else "unchanged",
            learned=was is not known,
            changed=False,
            assessments=tuple(causes[row.rec_no]),
        )
        corrected.append(CorrectedRow(compared, then, now, from_microseconds(row.at)))
    return corrected, rows[0].total


def corrected_ids(
    db: Connection, register: str, first: TimePair, known_at: datetime, recommendations: Sequence[str]
) -> set[str]:
    """Those of some recommendations whose rows differ."""
    rec_nos = rec_nos_of(db, number_of(db, register), recommendations)
    of = _corrected(db, register, first, known_at, rec_nos)
    return set(db.scalars(select(items.c.recommendation).join(of, of.c.rec_no == items.c.item_no)))


def _corrected(
    db: Connection, register: str, first: TimePair, known_at: datetime, rec_nos: Sequence[int] | None = None
) -> Subquery:
    """Number and instant of each row that differs, each once; of all recommendations, or of some by their numbers."""

    register_no = number_of(db, register)

    def among(table: FromClause) -> ColumnElement[bool]:
        """Of some, only their numbers: with that of the register too, SQLite would read all."""
        if rec_nos is not None:
            return table.c.rec_no.in_(rec_nos)
        return table.c.register_no == register_no

    parts = [_changed_spans(among(spans), first, known_at, level).subquery() for level in (ON_SCORECARD, ELEMENT)]
    parts += [_added_elements(among(items), first, known_at), _described_otherwise(among, first, known_at)]
    candidates = union_all(*(select(part.c.rec_no, part.c.at) for part in parts)).subquery()
    query = select(candidates.c.rec_no, func.max(candidates.c.at).label("at")).where(
        _is_on_scorecard(candidates.c.rec_no, first, known_at)
    )
    return query.group_by(candidates.c.rec_no).subquery()


def _changed_spans(
    of_register: ColumnElement[bool], first: TimePair, known_at: datetime, level: int
) -> Select[tuple[int, ...]]:
    """The items of a level that stand otherwise on the day.

    Only spans whose knowledge began or ended between the two instants are read, not the whole scorecard.
    """
    day, before, after = first.as_of.toordinal(), to_microseconds(first.known_at), to_microseconds(known_at)
    c = spans.c
    is_before = and_(c.known_from <= before, c.known_to > before, c.known_to <= after)
    is_after = and_(c.known_from > before, c.known_from <= after, c.known_to > after)

    def of(is_then: ColumnElement[bool], column: ColumnElement[object]) -> ColumnElement[object]:
        return func.max(case((is_then, column)))

    shown: list[ColumnElement[object]] = [c[name] for name in _SHOWN]
    shown += [case((c.due.is_not(None), c[name])) for name in _SHOWN_WITH_DEADLINE]
    differs = [of(is_before, column).is_distinct_from(of(is_after, column)) for column in shown]
    query = select(
        c.rec_no,
        func.max(case((is_after, c.known_from), else_=c.known_to)).label("at"),
    ).where(
        *(of_register, c.level == level),
        *(c.effective_to > day, c.effective_from <= day),
        or_(is_before, is_after),
    )
    return query.group_by(c.rec_no, c.item_no).having(or_(*differs))


def _added_elements(of_register: ColumnElement[bool], first: TimePair, known_at: datetime) -> Subquery:
    """The elements that were added between the two instants."""
    before, after = to_microseconds(first.known_at), to_microseconds(known_at)
    query = select(items.c.rec_no, items.c.known_from.label("at")).where(
        *(of_register, items.c.element != ""),
        *(items.c.known_from > before, items.c.known_from <= after),
    )
    return query.subquery()


def _described_otherwise(
    among: Callable[[FromClause], ColumnElement[bool]], first: TimePair, known_at: datetime
) -> Subquery:
    """The items whose theme, kind or day an amendment changed between the two instants."""
    then, now, last = earlier_items.alias("then"), earlier_items.alias("later"), earlier_items.alias("last")
    before, after = to_microseconds(first.known_at), to_microseconds(known_at)
    now_is = and_(now.c.item_no == then.c.item_no, now.c.known_from <= after, now.c.known_to > after)
    last_end = select(func.max(last.c.known_to)).where(last.c.item_no == then.c.item_no, last.c.known_to <= after)
    query = (
        select(then.c.rec_no, last_end.scalar_subquery().label("at"))
        .join(items, items.c.item_no == then.c.item_no)
        .outerjoin(now, now_is)
        .where(
            *(among(then), then.c.known_from <= before),
            *(then.c.known_to > before, then.c.known_to <= after),
            or_(*(then.c[name] != func.coalesce(now.c[name], items.c[name]) for name in _DESCRIBED)),
        )
    )
    return query.subquery()


def _is_on_scorecard(rec_no: ColumnElement[int], first: TimePair, known_at: datetime) -> ColumnElement[bool]:
    """Whether a recommendation is on the scorecard of the day, as known at one of the two instants."""
    day, c = first.as_of.toordinal(), spans.c
    instants = [to_microseconds(at) for at in (first.known_at, known_at)]
    return (
        select(c.span_no)
        .where(
            *(c.rec_no == rec_no, c.level == ON_SCORECARD, c.effective_to > day, c.effective_from <= day),
            or_(*(and_(c.known_from <= at, c.known_to > at) for at in instants)),
        )
        .exists()
    )
