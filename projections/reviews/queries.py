"""Reviews, as recorded by an instant. What is prepared is private until it is frozen."""

from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, func, select

from domain.review.state import Stocktaking
from domain.times import from_microseconds, to_microseconds
from domain.values import ReviewSchedule
from projections.engine.batches import END_OF_TIME
from projections.reviews.tables import review_versions

_schedule = msgspec.json.Decoder(ReviewSchedule).decode
_stocktaking = msgspec.json.Decoder(Stocktaking).decode


class ReviewEntry(Struct):
    """A review, the event that scheduled it, and what is prepared or frozen by day (ISO 8601)."""

    schedule: ReviewSchedule
    scheduled_at: datetime
    position: int
    days: dict[str, Stocktaking]


def reviews(db: Connection, register: str, recorded_by: datetime = END_OF_TIME) -> dict[str, ReviewEntry]:
    """The reviews of a register by id, in the order in which they were scheduled."""
    query = select(review_versions).where(
        review_versions.c.register == register, review_versions.c.recorded_at <= to_microseconds(recorded_by)
    )
    result: dict[str, ReviewEntry] = {}
    for row in db.execute(query.order_by(review_versions.c.position)):
        if row.as_of:
            result[row.review].days[row.as_of] = _stocktaking(row.data)
        elif entry := result.get(row.review):
            entry.schedule = _schedule(row.data)
        else:
            at = from_microseconds(row.recorded_at)
            result[row.review] = ReviewEntry(_schedule(row.data), at, row.position, {})
    return result


def stocktaking(db: Connection, register: str, review: str, as_of: str, recorded_by: datetime) -> Stocktaking:
    """What was prepared for a day of a review by an instant; empty if nothing was."""
    entry = reviews(db, register, recorded_by).get(review)
    return entry.days.get(as_of, Stocktaking()) if entry else Stocktaking()


def last_frozen_before(db: Connection, register: str, review: str, as_of: str) -> tuple[str, Stocktaking] | None:
    """The latest day before `as_of` for which a review was frozen, with what was frozen."""
    entry = reviews(db, register).get(review)
    frozen = [(day, s) for day, s in entry.days.items() if day < as_of and s.snapshot] if entry else []
    return max(frozen, key=lambda pair: pair[0], default=None)


def last_prepared(db: Connection, register: str, review: str, as_of: str) -> int:
    """The position of the last event that prepared a day of a review; 0 if there is none."""
    r = review_versions.c
    query = select(func.max(r.position)).where(r.register == register, r.review == review, r.as_of == as_of)
    return db.scalar(query) or 0
