"""How a recommendation stood at each review: as known at the page's instant, and as known on that day."""

from msgspec import Struct

from app.entrypoints.public.page import Page
from app.presentation.narrative.review_days import ReviewDay, review_days
from domain.codes import Status
from domain.times import end_of_day
from projections.scorecards.status_history import StatusHistory, status_histories, status_on

MOST = 12


class Taken(Struct, frozen=True):
    """`then` is what was known at the end of the day of review; None where it was on no scorecard."""

    review: ReviewDay
    now: Status | None
    then: Status | None
    reconstructed: bool


def taken(page: Page, recommendation: str, life: StatusHistory) -> list[Taken]:
    """The newest reviews on or after the day it was recommended, oldest first."""
    if not life:
        return []
    days = [r for r in review_days(page.schedules, page.times.as_of) if r.on >= life[0].start]
    return [_taken(page, recommendation, life, review) for review in days[-MOST:]]


def _taken(page: Page, recommendation: str, life: StatusHistory, review: ReviewDay) -> Taken:
    now, known = status_on(life, review.on), end_of_day(review.on)
    if known >= page.times.known_at:
        return Taken(review, now, now, False)
    before = status_histories(page.db, page.id, known, review.on, recommendation).get(recommendation, ())
    opened = page.entry.opened_at
    return Taken(review, now, status_on(before, review.on), opened is None or known < opened)
