"""The status of a recommendation and of its parts at each review: as known at the page's instant, and as known then."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection

from app.presentation.narrative.known_then import Origin, origin
from app.presentation.narrative.review_days import ReviewDay
from domain.codes import Status
from domain.times import end_of_day
from projections.catalogue.entries import RegisterEntry
from projections.scorecards.status_history import StatusHistory, element_histories, status_histories, status_on

MAX_REVIEWS = 12


class StatusAtReview(Struct, frozen=True):
    """`then` is the status as known at the end of the day of review; None where it was on no scorecard.

    `parts` has the status of each part that was assessed by then, by id.
    """

    review: ReviewDay
    now: Status | None
    then: Status | None
    source: Origin
    parts: Mapping[str, Status]

    @property
    def was_known_otherwise(self) -> bool:
        """Whether the record had another answer on that day, or none."""
        return self.source is not Origin.UNPUBLISHED and self.then is not self.now


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
    since = [review for review in reviews if history and review.on >= history[0].start]
    if not since:
        return []
    of_parts = element_histories(db, register.id, page_known_at, since[-1].on, recommendation)

    def status_at(review: ReviewDay) -> StatusAtReview:
        now, known_at = status_on(history, review.on), end_of_day(review.on)
        parts = {part: status for part, of in of_parts.items() if (status := status_on(of, review.on))}
        if known_at >= page_known_at:
            return StatusAtReview(review, now, now, Origin.PUBLISHED, parts)
        before = status_histories(db, register.id, known_at, review.on, [recommendation]).get(recommendation, ())
        return StatusAtReview(review, now, status_on(before, review.on), origin(db, register, known_at), parts)

    return [status_at(review) for review in since[-MAX_REVIEWS:]]
