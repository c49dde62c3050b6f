"""What happened in the world, by day, as known last: each assessment in force with the status before it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select

from domain.codes import Status
from projections.engine.batches import OPEN_END
from projections.engine.name_lists import NameScope, among
from projections.engine.rows import NamedRow
from projections.scorecards.comparison import direction
from projections.scorecards.queries import NAMES_PER_QUERY, number_of
from projections.scorecards.status_codes import STATUS_MASK, grade_in, graded_status, meaning_of
from projections.scorecards.tables import assessments, items, spans


class RankedStatus(Struct, frozen=True):
    """A status, and its rank by the methodology of its assessment."""

    status: Status
    rank: int | None


class WorldDay(Struct, frozen=True):
    """A place in the list: a day, and a recommendation of that day by its number."""

    day: int
    rec_no: int

    def __str__(self) -> str:
        return f"{date.fromordinal(self.day).isoformat()}.{self.rec_no}"


class ItemChange(Struct, frozen=True):
    """An assessment in force on its day; `before` is the status of its item on the day before, if there is one."""

    assessment: str
    element: str
    on: str
    before: Status | None
    after: Status

    @property
    def is_change(self) -> bool:
        return self.before is not self.after


class WorldChange(Struct, frozen=True):
    """What was found about one recommendation on one day. `before` and `after` are the status of the whole;
    `direction` that of its change, as in comparisons, or `first`. `place` is where it is in the list."""

    recommendation: str
    day: date
    place: WorldDay
    items: tuple[ItemChange, ...]
    before: Status | None
    after: Status
    direction: str

    @property
    def is_change(self) -> bool:
        """Whether the status of the whole, or of a part, is another than on the day before."""
        return self.before is not self.after or any(item.is_change for item in self.items)

    @property
    def on(self) -> str:
        """The day as it was written."""
        return self.items[0].on


a = assessments.alias("a")


def world_changes(
    db: Connection,
    register: str,
    *,
    limit: int,
    before: WorldDay | None = None,
    changed: bool | None = None,
    theme: str = "",
    recommendations: Collection[str] | NameScope | None = None,
) -> list[WorldChange]:
    """The latest days first; of one day, in a fixed order. At most `limit` assessments, except about one day.

    `changed` leaves out what did not change the status of its item, or all that did; `before` is a place in the list.
    """
    query = _in_force(db, number_of(db, register), theme, recommendations)
    if before is not None:
        earlier = and_(a.c.effective == before.day, a.c.rec_no < before.rec_no)
        query = query.where(or_(a.c.effective < before.day, earlier))
    if changed is not None:
        masked = func.coalesce(_status_before().op("&")(STATUS_MASK), -1)
        is_same = masked == a.c.status.op("&")(STATUS_MASK)
        query = query.where(~is_same if changed else is_same)
    rows: Sequence[NamedRow] = db.execute(query.limit(limit + 1)).all()
    if len(rows) > limit:
        place = (a.c.effective == rows[0].effective, a.c.rec_no == rows[0].rec_no)
        rows = _whole_places(rows) or db.execute(query.where(*place)).all()
    return _grouped(db, rows)


def _in_force(
    db: Connection, register_no: int, theme: str, recommendations: Collection[str] | NameScope | None
) -> Select[tuple[object, ...]]:
    """Known assessments of recommendations on the scorecard, on or after the day it was recommended, newest first."""
    item, whole = items.alias("item"), items.alias("whole")
    query = (
        select(a, item.c.element, whole.c.recommendation, _status_before().label("status_before"))
        .join(item, item.c.item_no == a.c.item_no)
        .join(whole, whole.c.item_no == a.c.rec_no)
        .where(
            a.c.register_no == register_no,
            a.c.known_to == OPEN_END,
            whole.c.known_to == OPEN_END,
            a.c.effective >= whole.c.recommended,
            ~_is_overtaken(),
        )
        .order_by(a.c.effective.desc(), a.c.rec_no.desc(), a.c.assessment_no.desc())
    )
    if theme:
        query = query.where(whole.c.theme == theme)
    if recommendations is not None:
        query = query.where(among(db, whole.c.recommendation, recommendations))
    return query


def _is_overtaken() -> ColumnElement[bool]:
    """Whether another assessment of the item about the same day is in force."""
    o = assessments.alias("o")
    later = or_(
        o.c.known_from > a.c.known_from,
        and_(o.c.known_from == a.c.known_from, o.c.assessment_no > a.c.assessment_no),
    )
    same = (o.c.rec_no == a.c.rec_no, o.c.item_no == a.c.item_no, o.c.effective == a.c.effective)
    return exists().where(*same, o.c.known_to == OPEN_END, later)


def _status_before() -> ColumnElement[int]:
    """The status of the item on the day before."""
    e = assessments.alias("e")
    query = select(e.c.status).where(
        e.c.rec_no == a.c.rec_no,
        e.c.item_no == a.c.item_no,
        e.c.known_to == OPEN_END,
        e.c.effective < a.c.effective,
    )
    in_order = query.order_by(e.c.effective.desc(), e.c.known_from.desc(), e.c.assessment_no.desc())
    return in_order.limit(1).scalar_subquery()


def _whole_places(rows: Sequence[NamedRow]) -> list[NamedRow]:
    """Without the last place, which the limit may have cut, and without its day if there are others."""
    last = rows[-1]
    whole_days = [r for r in rows if r.effective > last.effective]
    return whole_days or [r for r in rows if r.rec_no != last.rec_no]


def _grouped(db: Connection, rows: Sequence[NamedRow]) -> list[WorldChange]:
    groups: dict[tuple[int, int], list[NamedRow]] = defaultdict(list)
    for row in rows:
        groups[row.effective, row.rec_no].append(row)
    drawn = _wholes(db, {rec_no for _day, rec_no in groups})
    return [_change(day, rec_no, group, drawn[rec_no]) for (day, rec_no), group in groups.items()]


def _wholes(db: Connection, rec_nos: Iterable[int]) -> dict[int, list[NamedRow]]:
    """The present spans of recommendations as wholes, by number."""
    numbers, drawn = sorted(rec_nos), defaultdict[int, list[NamedRow]](list)
    for start in range(0, len(numbers), NAMES_PER_QUERY):
        some = numbers[start : start + NAMES_PER_QUERY]
        query = select(spans).where(spans.c.rec_no.in_(some), spans.c.known_to == OPEN_END, spans.c.level != 2)
        for span in db.execute(query):
            drawn[span.rec_no].append(span)
    return drawn


def _change(day: int, rec_no: int, group: list[NamedRow], drawn: list[NamedRow]) -> WorldChange:
    was, now = _on_day(drawn, day - 1), _on_day(drawn, day)
    assert now is not None, "assessments from the day of the recommendation on are on the scorecard"
    is_first = now.status is not Status.NOT_ASSESSED and (was is None or was.status is Status.NOT_ASSESSED)
    return WorldChange(
        recommendation=group[0].recommendation,
        day=date.fromordinal(day),
        place=WorldDay(day, rec_no),
        items=tuple(_item(row) for row in group),
        before=None if is_first else was.status if was else Status.NOT_ASSESSED,
        after=now.status,
        direction="first" if is_first else direction(was, now),
    )


def _on_day(drawn: list[NamedRow], day: int) -> RankedStatus | None:
    code = next((s.code for s in drawn if s.effective_from <= day < s.effective_to), None)
    if code is None:
        return None
    meaning = meaning_of(grade_in(code))
    return RankedStatus(meaning.code, meaning.rank)


def _item(row: NamedRow) -> ItemChange:
    before = None if row.status_before is None else graded_status(row.status_before)
    return ItemChange(row.assessment, row.element, row.effective_on, before, graded_status(row.status))
