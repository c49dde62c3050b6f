"""The rows of a comparison in the order of a list: by theme, then by place."""

from collections.abc import Sequence

from sqlalchemy import Connection, and_, case, func, select

from domain.times import to_microseconds
from projections.engine.name_lists import in_order
from projections.scorecards.comparison import FirstDay, Moved, moves_between
from projections.scorecards.queries import number_of
from projections.scorecards.results import TimePair
from projections.scorecards.tables import earlier_items, earlier_places, items


def moved_in_order(
    db: Connection,
    register: str,
    first: FirstDay,
    second: TimePair,
    themes: Sequence[str],
    *,
    skip: int = 0,
    limit: int | None = None,
) -> list[Moved]:
    """Some of the recommendations of a comparison, as described at its second instant, by the order of their themes.

    What was registered later is placed by its first description.
    """
    moves, places = moves_between(number_of(db, register), first, second), in_order(db, themes)
    known_at = to_microseconds(second.known_at)
    i, e, p = items.c, earlier_items.c, earlier_places.c
    instant = case((i.known_from > known_at, i.known_from), else_=known_at)
    theme = func.coalesce(e.theme, i.theme)
    query = (
        select(moves)
        .select_from(moves)
        .join(items, i.item_no == moves.c.rec_no)
        .outerjoin(earlier_items, and_(e.item_no == i.item_no, e.known_from <= instant, e.known_to > instant))
        .outerjoin(earlier_places, and_(p.item_no == i.item_no, p.known_from <= instant, p.known_to > instant))
        .outerjoin(places, places.c.name == theme)
        .order_by(func.coalesce(places.c.place, len(themes)), theme, func.coalesce(p.place_key, i.place_key))
    )
    return [Moved(*row) for row in db.execute(query.offset(skip).limit(limit))]
