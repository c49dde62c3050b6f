"""What is due in a register from today on: reviews of recommendations, deadlines, reviews, embargoed publications."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from itertools import groupby

from msgspec import Struct
from sqlalchemy import Select, Subquery, func, literal, select, union_all

from app.presentation.narrative.review_days import ReviewDay, review_days
from app.services.overview.items import OverviewItems
from domain.times import day_in
from domain.values import RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.overview import queries as overview
from projections.worklist.inbox import scheduled
from projections.worklist.queries import Proposal

DAYS_PER_PAGE = 50
YEARS_AHEAD = 2
"""How far recurring reviews are listed after the last other day."""
MAX_EMBARGOED = 200


class DueKind(StrEnum):
    REVIEW = "review"
    DEADLINE = "deadline"
    OCCURRENCE = "occurrence"
    EMBARGO = "embargo"


class DueEntry(Struct, frozen=True):
    """Something due on a day: a recommendation, with the proposal that is scheduled, or a review of the register."""

    on: date
    kind: DueKind
    facts: RecommendationFacts | None = None
    review: ReviewDay | None = None
    proposal: Proposal | None = None


class DueMonth(Struct, frozen=True):
    """`month` is written as 2026-12. `total` counts all reviews and deadlines of recommendations in it; `entries` holds
    what is shown."""

    month: str
    entries: tuple[DueEntry, ...]
    total: int

    @property
    def left(self) -> int:
        """How many are not shown."""
        shown = sum(e.kind in (DueKind.REVIEW, DueKind.DEADLINE) for e in self.entries)
        return max(0, self.total - shown)


class Agenda:
    """The days of one register in order. Days of recommendations are read a page at a time."""

    def __init__(self, items: OverviewItems) -> None:
        self.items = items

    def months(self, *, skip: int = 0, limit: int = DAYS_PER_PAGE) -> list[DueMonth]:
        """The months of a page."""
        rows = self._rows(skip, limit)
        following = self._rows(skip + limit, 1)
        begin = self.items.today if not skip else rows[0].on if rows else None
        end = following[0].on if following else None
        entries = sorted([*rows, *self._others(begin, end)], key=lambda e: e.on) if begin else rows
        totals = self.totals()
        months = groupby(entries, key=lambda e: e.on.isoformat()[:7])
        return [DueMonth(month, tuple(of), totals[month]) for month, of in months]

    def totals(self) -> Counter[str]:
        """The number of reviews and deadlines of recommendations by month."""
        days = self._days().subquery()
        query = select(days.c.day, func.count().label("n")).group_by(days.c.day)
        totals: Counter[str] = Counter()
        for row in self.items.db.execute(query):
            totals[date.fromordinal(row.day).isoformat()[:7]] += row.n
        return totals

    def _rows(self, skip: int, limit: int) -> list[DueEntry]:
        days: Subquery = self._days().subquery()
        c, item = days.c, overview.ITEMS.c
        query = select(c.day, c.kind, item.recommendation).join(overview.ITEMS, c.rec_no == overview.REC_NO)
        query = query.order_by(c.day, c.kind, overview.NUMBER_KEY).offset(skip).limit(limit)
        rows = self.items.db.execute(query).all()
        facts = catalogue.recommendations_of(
            self.items.db, self.items.entry.id, self.items.known_at, {row.recommendation for row in rows}
        )
        return [DueEntry(date.fromordinal(row.day), DueKind(row.kind), facts[row.recommendation].facts) for row in rows]

    def _days(self) -> Select[tuple[int, str, int]]:
        """Review days and open deadlines of recommendations from today on."""
        spans, today = self.items.spans, self.items.today.toordinal()
        reviews = select(spans.review_by.label("day"), literal(DueKind.REVIEW.value).label("kind"), spans.rec_no)
        deadlines = select(spans.due.label("day"), literal(DueKind.DEADLINE.value).label("kind"), spans.rec_no)
        both = union_all(
            reviews.where(spans.review_by >= today),
            deadlines.where(spans.is_open_deadline(), spans.due >= today),
        ).subquery()
        return select(both.c.day, both.c.kind, both.c.rec_no)

    def _others(self, begin: date, end: date | None) -> list[DueEntry]:
        """Reviews of the register and embargoed publications, from a day on, before another."""
        db, entry, known_at = self.items.db, self.items.entry, self.items.known_at
        horizon = end or date(min(max(begin, self.items.today).year + YEARS_AHEAD, 9999), 12, 31)
        schedules = catalogue.reviews(db, entry.id, known_at).values()
        others = [DueEntry(r.on, DueKind.OCCURRENCE, review=r) for r in review_days(schedules, horizon)]
        others += self._embargoed()
        return [e for e in others if begin <= e.on and (end is None or e.on < end)]

    def _embargoed(self) -> Sequence[DueEntry]:
        """Without those that are hidden from this person."""
        db, entry, items = self.items.db, self.items.entry, self.items
        waiting, _total = scheduled(db, entry.id, items.person.id, items.visibility.items, MAX_EMBARGOED)
        facts = catalogue.recommendations_of(db, entry.id, items.known_at, {p.recommendation for p in waiting})
        return [
            DueEntry(
                day_in(entry.settings.time_zone, p.publish_at),
                DueKind.EMBARGO,
                facts=facts[p.recommendation].facts,
                proposal=p,
            )
            for p in waiting
            if p.publish_at and p.recommendation in facts
        ]
