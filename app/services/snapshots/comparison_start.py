"""With which day a review is compared: that of the last review, or that of the first recommendation."""

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct
from sqlalchemy import Connection

from app.presentation.answers.as_of import AsOf, resolve
from app.presentation.narrative.review_days import review_days
from app.services.snapshots.formats import starts_at_last_review
from app.services.snapshots.metadata import SnapshotMetadata
from domain.times import first_day, written
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.reviews.queries import last_frozen_before


class ComparedWith(StrEnum):
    FROZEN_REVIEW = "frozen_review"
    REVIEW_DAY = "review_day"
    FIRST_RECOMMENDATION = "first_recommendation"


class ComparisonStart(Struct, frozen=True):
    """The earlier pair of times, and what it is. `review` is the schedule of a review day, empty otherwise."""

    times: AsOf
    compared_with: ComparedWith
    review: str = ""


def find_comparison_start(db: Connection, metadata: SnapshotMetadata, entry: RegisterEntry) -> ComparisonStart:
    """The last frozen day of the same review; else the last review day; else the day of the first recommendation."""
    earlier = last_frozen_before(db, metadata.register, metadata.review, metadata.as_of)
    if earlier and (last := earlier[1].snapshot):
        return ComparisonStart(times_of(entry, earlier[0], last.known_at), ComparedWith.FROZEN_REVIEW, metadata.review)
    recommended = catalogue.recommendations(db, metadata.register, metadata.known).values()
    first = min((first_day(r.facts.recommended_on) for r in recommended), default=metadata.day)
    if starts_at_last_review(metadata.format) and (day := _last_review_day(db, metadata, first)):
        times = times_of(entry, day[0].isoformat(), metadata.known)
        return ComparisonStart(times, ComparedWith.REVIEW_DAY, day[1])
    times = times_of(entry, min(first, metadata.day).isoformat(), metadata.known)
    return ComparisonStart(times, ComparedWith.FIRST_RECOMMENDATION)


def times_of(entry: RegisterEntry, as_of: str, instant: datetime) -> AsOf:
    return resolve(entry, instant, instant, as_of, written(instant))


def _last_review_day(db: Connection, metadata: SnapshotMetadata, first: date) -> tuple[date, str] | None:
    """The last day of this review, or else of any, on which something was recommended already; and which review."""
    schedules = catalogue.reviews(db, metadata.register, metadata.known).values()
    days = [(r.on, r.id) for r in review_days(schedules, metadata.day) if first <= r.on < metadata.day]
    chosen = [day for day in days if day[1] == metadata.review] or days
    return chosen[-1] if chosen else None
