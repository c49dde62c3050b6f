"""Which reviews there are, what is prepared for them, and when each is to be frozen."""

from datetime import date, datetime

from msgspec import Struct
from sqlalchemy import Connection

from domain.errors import NotFound, Refused, refusal
from domain.review.schedule import days_of, due_at
from domain.review.state import Stocktaking
from domain.times import day_in, days_after, full_day
from domain.values import ReviewSchedule
from projections.catalogue import queries as catalogue
from projections.reviews.queries import reviews, stocktaking


class ReviewOccurrence(Struct, frozen=True):
    """One falling due of a review. `begun` is when the register was open and the review scheduled: one that fell due
    before that is taken by hand alone. `position` is that of the later of the two events."""

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
        """Whether the worker should have frozen it by now."""
        return self.is_automatic and self.freeze_at <= now and self.preparation.snapshot is None


def review_occurrences(db: Connection, register: str, until: date) -> list[ReviewOccurrence]:
    """Every review of an open register that falls on a day up to `until`, the latest first."""
    entry = catalogue.register(db, register)
    if entry is None or not entry.is_open:
        return []
    zone, result, opening = entry.settings.time_zone, list[ReviewOccurrence](), catalogue.opening(db, register)
    assert opening is not None
    for review in reviews(db, register).values():
        position, started = max((review.position, review.scheduled_at), (opening.position, opening.recorded_at))
        scheduled = dict(days_of(review.schedule, until))
        frozen = {full_day(d): scheduled.get(full_day(d)) for d, s in review.days.items() if s.snapshot}
        for day, years in (scheduled | frozen).items():  # what is frozen stays, whatever the schedule says now
            preparation = review.days.get(day.isoformat(), Stocktaking())
            at = preparation.freeze_at or due_at(day, zone)
            result.append(ReviewOccurrence(review.schedule, day.isoformat(), years, at, started, position, preparation))
    return sorted(result, key=lambda p: (p.as_of, p.schedule.id), reverse=True)


def upcoming_occurrences(db: Connection, register: str, now: datetime, days: int) -> list[ReviewOccurrence]:
    """Those that fall within some days from now, the next first."""
    entry = catalogue.register(db, register)
    if entry is None:
        return []
    today = day_in(entry.settings.time_zone, now)
    occurrences = review_occurrences(db, register, days_after(today, days))
    return [p for p in reversed(occurrences) if p.freeze_at > now and not p.preparation.snapshot]


def find_occurrence(db: Connection, register: str, review: str, as_of: str | None, now: datetime) -> ReviewOccurrence:
    """One falling due; without a day, the latest whose hour has come. Raises `NotFound` or `Refused`."""
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


def preparation_at(db: Connection, register: str, occurrence: ReviewOccurrence, at: datetime) -> Stocktaking:
    """What was prepared for a falling due by an instant: what came later is not in its package."""
    return stocktaking(db, register, occurrence.schedule.id, occurrence.as_of, at)
