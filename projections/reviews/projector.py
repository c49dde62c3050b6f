"""Stores each version of a review's schedule, and of what is prepared for one of its days."""

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select

from domain.register.events import RegisterDiscarded
from domain.review.events import (
    PackageWithdrawn,
    ReviewAmended,
    ReviewDoiSet,
    ReviewEmbargoed,
    ReviewFrozen,
    ReviewRemoved,
    ReviewScheduled,
    ReviewSignedOff,
    ReviewTimestamped,
    StocktakingEvent,
    SummaryDrafted,
)
from domain.review.state import ReviewState, Stocktaking
from projections.engine.batches import Batch, EventHandlers, RecordedEvent
from projections.reviews.tables import metadata, review_versions

_encode = msgspec.json.Encoder().encode
_stocktaking = msgspec.json.Decoder(Stocktaking).decode

ReviewEvent = ReviewScheduled | ReviewAmended | StocktakingEvent


class Reviews:
    name = "reviews"
    version = 6
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the table."""

    def project(self, batch: Batch, db: Connection) -> None:
        HANDLERS.dispatch(batch.events, db)


def store_schedule(recorded: RecordedEvent[ReviewScheduled | ReviewAmended], db: Connection) -> None:
    event = recorded.event
    _insert(db, recorded, event.schedule.id, "", event.schedule)


def store_stocktaking(recorded: RecordedEvent[StocktakingEvent], db: Connection) -> None:
    """Apply the event to the latest version of its day, by the rules of the aggregate."""
    event = recorded.event
    latest = db.scalar(
        select(review_versions.c.data)
        .where(
            review_versions.c.register == event.register,
            review_versions.c.review == event.review,
            review_versions.c.as_of == event.as_of,
        )
        .order_by(review_versions.c.position.desc())
        .limit(1)
    )
    review = ReviewState()
    if latest is not None:
        review.days[event.as_of] = _stocktaking(latest)
    event.apply(review)
    _insert(db, recorded, event.review, event.as_of, review.days[event.as_of])


def _insert(db: Connection, recorded: RecordedEvent[ReviewEvent], review: str, as_of: str, fact: Struct) -> None:
    row = insert(review_versions).values(
        position=recorded.position,
        register=recorded.event.register,
        review=review,
        as_of=as_of,
        recorded_at=recorded.recorded_at,
        data=_encode(fact),
    )
    db.execute(row)


def remove_review(recorded: RecordedEvent[ReviewRemoved], db: Connection) -> None:
    r = review_versions.c
    db.execute(delete(review_versions).where(r.register == recorded.event.register, r.review == recorded.event.review))


def remove_all_reviews(recorded: RecordedEvent[RegisterDiscarded], db: Connection) -> None:
    db.execute(delete(review_versions).where(review_versions.c.register == recorded.event.register))


HANDLERS = (
    EventHandlers[Connection, None]()
    .on(ReviewScheduled, store_schedule)
    .on(ReviewAmended, store_schedule)
    .on(ReviewRemoved, remove_review)
    .on(RegisterDiscarded, remove_all_reviews)
    .on(SummaryDrafted, store_stocktaking)
    .on(ReviewSignedOff, store_stocktaking)
    .on(ReviewEmbargoed, store_stocktaking)
    .on(ReviewDoiSet, store_stocktaking)
    .on(ReviewFrozen, store_stocktaking)
    .on(ReviewTimestamped, store_stocktaking)
    .on(PackageWithdrawn, store_stocktaking)
)
