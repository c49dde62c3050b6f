"""What is on a scorecard as part of a query, with what lists filter and sort by."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Join, Select, Subquery, Table, and_, func, select, union_all

from domain.times import to_microseconds
from projections.engine.batches import OPEN_END
from projections.scorecards.results import TimePair
from projections.scorecards.tables import earlier_items, earlier_places, items, spans

_DESCRIPTION, _PLACE = ("theme", "kind", "recommended"), ("place_key", "title_key", "priority", "publications")
"""What amendments change, by the table that has what was known earlier."""


def as_known_now(register_no: int, day: date, theme: str | None) -> Subquery:
    """What is on the scorecard as known now, with what lists filter and sort by.

    Under a theme, the recommendations are found by it: with the number of the register, SQLite would read all spans.
    """
    i, s = items.c, spans.c
    found: tuple[ColumnElement[bool], ...] = (s.register_no == register_no,)
    if theme is not None:
        found = (i.register_no == register_no, i.theme == theme, i.element == "")
    query = _described(spans.join(items, i.item_no == s.rec_no), {n: i[n] for n in (*_DESCRIPTION, *_PLACE)})
    return query.where(*found, *_is_in_force_on(day), s.known_to == OPEN_END).subquery("listed")


def as_known(db: Connection, register_no: int, at: TimePair) -> Subquery:
    """The same as known at an earlier instant, also if something changed since.

    The spans that are still known and those known once are read separately: each is one range of the index.
    """
    i, s, instant = items.c, spans.c, to_microseconds(at.known_at)
    joined = spans.join(items, i.item_no == s.rec_no)
    columns: dict[str, ColumnElement[Any]] = {name: i[name] for name in (*_DESCRIPTION, *_PLACE)}
    for table, names in ((earlier_items, _DESCRIPTION), (earlier_places, _PLACE)):
        if _has_any(db, table, register_no, instant):
            c = table.c
            joined = joined.outerjoin(table, and_(c.item_no == s.rec_no, c.known_from <= instant, c.known_to > instant))
            columns |= {name: func.coalesce(c[name], i[name]) for name in names}
    still, once = s.known_to == OPEN_END, and_(s.known_to > instant, s.known_to < OPEN_END)
    query = _described(joined, columns).where(
        s.register_no == register_no, s.known_from <= instant, *_is_in_force_on(at.as_of)
    )
    return union_all(query.where(still), query.where(once)).subquery("listed")


def _described(joined: Join, columns: Mapping[str, ColumnElement[Any]]) -> Select[Any]:
    """Spans with their recommendations."""
    s = spans.c
    return select(
        *(s.rec_no, items.c.recommendation, s.code, s.motion, s.confidence, s.review_by, s.since, s.due, s.first_done),
        *(column.label(name) for name, column in columns.items()),
    ).select_from(joined)


def _is_in_force_on(as_of: date) -> tuple[ColumnElement[bool], ...]:
    s, day = spans.c, as_of.toordinal()
    return s.level == 0, s.effective_to > day, s.effective_from <= day


def _has_any(db: Connection, table: Table, register_no: int, instant: int) -> bool:
    c = table.c
    query = select(c.item_no).where(c.register_no == register_no, c.known_to > instant, c.known_from <= instant)
    return db.execute(query.limit(1)).first() is not None
