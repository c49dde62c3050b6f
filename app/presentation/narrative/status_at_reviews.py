"""The status of a recommendation at each review: as known at the page's instant, and as known on that day."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection

from app.presentation.narrative.review_days import ReviewDay
from domain.codes import Status
from domain.times import end_of_day
from projections.catalogue.entries import RegisterEntry
from projections.scorecards.status_history import StatusHistory, status_histories, status_on

MAX_REVIEWS = 12


class StatusAtReview(Struct, frozen=True):
    """`then` is the status as known at the end of the day of review; None where it was on no scorecard."""

    review: ReviewDay
    now: Status | None
    then: Status | None
    reconstructed: bool


def statuses_at_reviews(
    db: Connection,
    register: RegisterEntry,
    page_known_at: datetime,
    reviews: Iterable[ReviewDay],
    recommendation: str,
    history: StatusHistory,
) -> list[StatusAtReview]:
    """The newest reviews on or after the day it was recommended, oldest first.

    `page_known_at` is the instant of the page.
    """
    if not history:
        return []

    def status_at(review: ReviewDay) -> StatusAtReview:
        now, known_at = status_on(history, review.on), end_of_day(review.on)
        if known_at >= page_known_at:
            return StatusAtReview(review, now, now, False)
        before = status_histories(db, register.id, known_at, review.on, recommendation).get(recommendation, ())
        opened = register.opened_at
        return StatusAtReview(review, now, status_on(before, review.on), opened is None or known_at < opened)

    since = [review for review in reviews if review.on >= history[0].start]
    return [status_at(review) for review in since[-MAX_REVIEWS:]]
