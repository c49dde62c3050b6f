"""Stores each version of a review's schedule, and of what is prepared for one of its days."""

from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select

from domain.base import Event
from domain.review.aggregate import Review
from domain.review.events import (
    ReviewAmended,
    ReviewEmbargoed,
    ReviewFrozen,
    ReviewScheduled,
    ReviewSignedOff,
    ReviewTimestamped,
    SummaryDrafted,
)
from domain.review.state import Stocktaking
from projections.engine.batches import Batch, RecordedEvent, dispatch
from projections.reviews.tables import metadata, review_versions

_encode = msgspec.json.Encoder().encode
_stocktaking = msgspec.json.Decoder(Stocktaking).decode


class Reviews:
    name = "reviews"
    version = 1
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the table."""

    def project(self, batch: Batch, db: Connection) -> None:
        dispatch(HANDLERS, batch.events, db)


def store_schedule(recorded: RecordedEvent, db: Connection) -> None:
    event: Any = recorded.event
    _insert(db, recorded, event.schedule.id, "", event.schedule)


def store_stocktaking(recorded: RecordedEvent, db: Connection) -> None:
    """Apply the event to the latest version of its day, by the rules of the aggregate."""
    event: Any = recorded.event
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
    review = Review()
    if latest is not None:
        review.days[event.as_of] = _stocktaking(latest)
    event.apply(review)
    _insert(db, recorded, event.review, event.as_of, review.days[event.as_of])


def _insert(db: Connection, recorded: RecordedEvent, review: str, as_of: str, fact: msgspec.Struct) -> None:
    event: Any = recorded.event
    row = insert(review_versions).values(
        position=recorded.position,
        register=event.register,
        review=review,
        as_of=as_of,
        recorded_at=recorded.stamp,
        data=_encode(fact),
    )
    db.execute(row)


HANDLERS: dict[type[Event], Any] = {
    ReviewScheduled: store_schedule,
    ReviewAmended: store_schedule,
    SummaryDrafted: store_stocktaking,
    ReviewSignedOff: store_stocktaking,
    ReviewEmbargoed: store_stocktaking,
    ReviewFrozen: store_stocktaking,
    ReviewTimestamped: store_stocktaking,
}
