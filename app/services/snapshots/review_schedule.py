"""The scheduled occurrences of reviews: what is prepared for each, and when it is frozen."""

from datetime import date, datetime

from msgspec import Struct
from sqlalchemy import Connection

from domain.errors import NotFound, Refused, refusal
from domain.review.schedule import days_of, due_at
from domain.review.state import Stocktaking
from domain.times import day_in, full_day
from domain.values import ReviewSchedule, Snapshot
from projections.catalogue import queries as catalogue
from projections.reviews.queries import reviews, stocktaking


class ReviewOccurrence(Struct, frozen=True):
    """One scheduled occurrence of a review.

    `started` is when the register was open and the review scheduled; an occurrence due before that is frozen by hand
    only. `position` is the log position of the later of these two events.
    """

    schedule: ReviewSchedule
    as_of: str
    years: int | None
    freeze_at: datetime
    started: datetime
    position: int
    preparation: Stocktaking

    @property
    def is_automatic(self) -> bool:
        return self.freeze_at > self.started

    def is_due(self, now: datetime) -> bool:
        """Whether the worker must freeze it now."""
        return self.is_automatic and self.freeze_at <= now and self.preparation.snapshot is None


def review_occurrences(db: Connection, register: str, until: date) -> list[ReviewOccurrence]:
    """Return the occurrences of an open register up to the day `until`, latest first."""
    entry = catalogue.register(db, register)
    if entry is None or not entry.is_open:
        return []
    zone, result, opening = entry.settings.time_zone, list[ReviewOccurrence](), catalogue.opening(db, register)
    assert opening is not None
    for review in reviews(db, register).values():
        position, started = max((review.position, review.scheduled_at), (opening.position, opening.recorded_at))
        scheduled = dict(days_of(review.schedule, until))
        frozen = {full_day(d): scheduled.get(full_day(d)) for d, s in review.days.items() if s.snapshot}
        for day, years in (scheduled | frozen).items():  # a frozen day stays, even if the schedule changed
            preparation = review.days.get(day.isoformat(), Stocktaking())
            at = preparation.freeze_at or due_at(day, zone)
            result.append(ReviewOccurrence(review.schedule, day.isoformat(), years, at, started, position, preparation))
    return sorted(result, key=lambda p: (p.as_of, p.schedule.id), reverse=True)


def find_occurrence(db: Connection, register: str, review: str, as_of: str | None, now: datetime) -> ReviewOccurrence:
    """Return one occurrence; without `as_of`, the latest that is due. Raises `NotFound` or `Refused`."""
    entry = catalogue.register(db, register)
    if entry is None:
        raise NotFound(refusal("There is no register “{register}” here.", register=register[:80]))
    if not entry.is_open:
        raise Refused(
            refusal("The register “{register}” is not open, so there is nothing to freeze.", register=register)
        )
    reviews_by_id = catalogue.reviews(db, register, now)
    if review not in reviews_by_id:
        names = ", ".join(reviews_by_id) or "–"
        raise NotFound(refusal("There is no review “{review}”. Use one of: {known}.", review=review[:80], known=names))
    today = day_in(entry.settings.time_zone, now)
    until = max(today, full_day(as_of)) if as_of else today
    occurrences = [p for p in review_occurrences(db, register, until) if p.schedule.id == review]
    if as_of:
        occurrences = [p for p in occurrences if p.as_of == as_of]
        if not occurrences:
            raise Refused(refusal("The review “{review}” is not due on {day}.", review=review, day=as_of))
    else:
        occurrences = [
            p for p in occurrences if due_at(full_day(p.as_of), entry.settings.time_zone) <= now
        ] or occurrences
    if not occurrences:
        raise Refused(refusal("The review “{review}” is not due yet.", review=review))
    return occurrences[0]


def find_snapshot(db: Connection, register: str, review: str, as_of: str) -> tuple[ReviewOccurrence, Snapshot]:
    """A frozen occurrence of an open register. Raises `NotFound`, or `Refused` if `as_of` is no day."""
    for occurrence in review_occurrences(db, register, full_day(as_of)):
        if (occurrence.schedule.id, occurrence.as_of) == (review, as_of) and occurrence.preparation.snapshot:
            return occurrence, occurrence.preparation.snapshot
    raise NotFound(
        refusal("No review “{review}” of {day} is frozen in this register.", review=review[:80], day=as_of[:20])
    )


def preparation_at(db: Connection, register: str, occurrence: ReviewOccurrence, at: datetime) -> Stocktaking:
    """Return what was prepared for an occurrence by an instant; the package omits anything later."""
    return stocktaking(db, register, occurrence.schedule.id, occurrence.as_of, at)
