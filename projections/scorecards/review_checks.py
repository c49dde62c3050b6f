"""What to look at before a review: what is late, never assessed, of low confidence, or without sources.

Each query answers with the ids of one page and the number of all, as of a day and as known now.
"""

from collections.abc import Callable
from datetime import date

from sqlalchemy import ColumnElement, Connection, Subquery, func, or_, select

from domain.codes import Confidence, Freshness
from projections.scorecards.present import PresentSpans
from projections.scorecards.status_codes import CONFIDENCE_NUMBER
from projections.scorecards.tables import items

IdsAndTotal = tuple[list[str], int]


def late(db: Connection, register: str, on: date, *, skip: int = 0, limit: int) -> IdsAndTotal:
    """Those that are stale or due for review, the earliest review day first."""
    present = PresentSpans(db, register, on)
    is_late = or_(present.has_freshness(Freshness.STALE), present.has_freshness(Freshness.DUE))
    query = select(present.rec_no, present.review_by).where(is_late)
    return _page(db, query.subquery(), ("review_by", "rec_no"), skip, limit)


def never_assessed(db: Connection, register: str, on: date, *, skip: int = 0, limit: int) -> IdsAndTotal:
    present = PresentSpans(db, register, on)
    query = select(present.rec_no).where(present.was_never_assessed())
    return _page(db, query.subquery(), ("rec_no",), skip, limit)


def of_low_confidence(db: Connection, register: str, on: date, *, skip: int = 0, limit: int) -> IdsAndTotal:
    present = PresentSpans(db, register, on)
    query = select(present.rec_no).where(_is_low(present))
    return _page(db, query.subquery(), ("rec_no",), skip, limit)


def without_sources(
    db: Connection,
    register: str,
    on: date,
    cites: Callable[[ColumnElement[int]], ColumnElement[bool]],
    *,
    skip: int = 0,
    limit: int,
) -> IdsAndTotal:
    """Those of which an assessment in force, also of a part, cites no source. `cites` says whether an event does.

    Only what is of low confidence or marked as imported is looked at: a rule refuses everything else without sources.
    """
    present = PresentSpans(db, register, on, with_elements=True)
    is_bare = present.assessment_no.is_not(None) & ~cites(present.assessment_no)
    query = select(present.rec_no).where(or_(_is_low(present), present.is_legacy()), is_bare).distinct()
    return _page(db, query.subquery(), ("rec_no",), skip, limit)


def _is_low(present: PresentSpans) -> ColumnElement[bool]:
    return present.confidence == CONFIDENCE_NUMBER[Confidence.LOW]


def _page(db: Connection, found: Subquery, order: tuple[str, ...], skip: int, limit: int) -> IdsAndTotal:
    """A page of the recommendations that a query numbers as `rec_no`, and how many it finds."""
    by = [found.c[name] for name in order]
    total = db.scalar(select(func.count()).select_from(found)) or 0
    page = select(found).order_by(*by).offset(skip).limit(limit).subquery()
    names = select(items.c.recommendation).join(page, page.c.rec_no == items.c.item_no)
    return list(db.scalars(names.order_by(*(page.c[name] for name in order)))), total
