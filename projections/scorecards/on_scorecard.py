"""Which recommendations a scorecard has, without their rows."""

from sqlalchemy import Connection, select

from domain.times import to_microseconds
from projections.engine.bulk_read import read_rows
from projections.scorecards.queries import number_of
from projections.scorecards.results import TimePair
from projections.scorecards.tables import items, spans


def ids_on_scorecard(db: Connection, register: str, at: TimePair, *, to_review: bool = False) -> list[str]:
    """Their ids in any order; or of those only whose assessment must be reviewed by a day."""
    day, instant = at.as_of.toordinal(), to_microseconds(at.known_at)
    query = (
        select(items.c.recommendation)
        .join(spans, items.c.item_no == spans.c.item_no)
        .where(
            *(spans.c.register_no == number_of(db, register), spans.c.level == 0),
            *(spans.c.effective_to > day, spans.c.effective_from <= day),
            *(spans.c.known_from <= instant, spans.c.known_to > instant),
        )
    )
    if to_review:
        query = query.where(spans.c.review_by.is_not(None))
    return [ident for (ident,) in read_rows(db, query)]
