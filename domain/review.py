"""A review: a stocktaking at a date, usually an anniversary, once or every so many years; each is frozen once."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from msgspec import Struct

from domain.amending import against_amending
from domain.base import Aggregate, Event
from domain.errors import Refused, refuse, say
from domain.facts import ReviewSchedule, Snapshot, Timestamp
from domain.ids import review_id
from domain.times import anniversary, day_in, full_day, written

SIGNATURES = 2
"""How many people sign a review off."""


def days_of(schedule: ReviewSchedule, until: date) -> list[tuple[date, int | None]]:
    """The days on which a review falls, up to a day, with the years since the day it counts from.

    A recurring one begins with that day itself, which has 0 years; a single one has None.
    """
    if schedule.as_of:
        on = full_day(schedule.as_of)
        return [(on, None)] if on <= until else []
    if not (schedule.anniversary_of and schedule.every_years):
        return []
    first = full_day(schedule.anniversary_of)
    found = [(anniversary(first, y), y) for y in range(0, until.year - first.year + 1, schedule.every_years)]
    return [(on, years) for on, years in found if on <= until]


def due_at(as_of: date, time_zone: str) -> datetime:
    """When a review of a day is frozen: at 00:00 of the day after it in the register's zone, as UTC."""
    return datetime.combine(as_of + timedelta(days=1), time(), ZoneInfo(time_zone)).astimezone(UTC)


class ReviewScheduled(Event, frozen=True, kw_only=True, tag="review.scheduled"):
    register: str
    schedule: ReviewSchedule

    def first(self) -> "Review":
        return Review(self.register, self.schedule)


class StocktakingEvent(Event, frozen=True, kw_only=True):
    """About one falling due of a review."""

    register: str
    review: str
    as_of: str


class SummaryDrafted(StocktakingEvent, frozen=True, kw_only=True, tag="review.summary_drafted"):
    """What the review will say in its own words; whoever signed an earlier draft has not signed this one."""

    PUBLIC: ClassVar[bool] = False
    summary: str
    summary_ko: str = ""

    def apply(self, aggregate: "Review") -> None:
        aggregate.at(self.as_of).summary = self.summary
        aggregate.at(self.as_of).summary_ko = self.summary_ko
        aggregate.at(self.as_of).signed = ()


class ReviewSignedOff(StocktakingEvent, frozen=True, kw_only=True, tag="review.signed_off"):
    PUBLIC: ClassVar[bool] = False

    def apply(self, aggregate: "Review") -> None:
        aggregate.at(self.as_of).signed += (self.recorded_by,)


class ReviewEmbargoed(StocktakingEvent, frozen=True, kw_only=True, tag="review.embargoed"):
    """It is frozen at another instant than the end of its day."""

    PUBLIC: ClassVar[bool] = False
    freeze_at: datetime

    def apply(self, aggregate: "Review") -> None:
        aggregate.at(self.as_of).freeze_at = self.freeze_at


class ReviewFrozen(StocktakingEvent, frozen=True, kw_only=True, tag="review.frozen"):
    snapshot: Snapshot

    def apply(self, aggregate: "Review") -> None:
        aggregate.at(self.as_of).snapshot = self.snapshot


class ReviewTimestamped(StocktakingEvent, frozen=True, kw_only=True, tag="review.timestamped"):
    timestamp: Timestamp

    def apply(self, aggregate: "Review") -> None:
        aggregate.at(self.as_of).timestamp = self.timestamp


class Stocktaking(Struct):
    """What is prepared for one day of a review, and what became of it."""

    summary: str = ""
    summary_ko: str = ""
    signed: tuple[str, ...] = ()
    freeze_at: datetime | None = None
    snapshot: Snapshot | None = None
    timestamp: Timestamp | None = None


class ReviewAmended(Event, frozen=True, kw_only=True, tag="review.amended"):
    """Puts a fact as it is from now on in the place of what it was.

    `why` is what the public reads, empty where only a translation was changed; `checked` names translations that were
    read again and still fit.
    """

    register: str
    schedule: ReviewSchedule
    why: str = ""
    checked: tuple[str, ...] = ()

    def apply(self, aggregate: "Review") -> None:
        aggregate.schedule_held = self.schedule


class Review(Aggregate):
    def __init__(self, register: str = "", schedule: ReviewSchedule | None = None) -> None:
        super().__init__()
        self.register, self.days = register, dict[str, Stocktaking]()
        self.schedule_held = schedule

    @classmethod
    def schedule(cls, register: str, schedule: ReviewSchedule, by: str) -> Self:
        review = cls(register, schedule)
        review.id = review_id(register, schedule.id)
        review.trigger(ReviewScheduled, by, register=register, schedule=schedule)
        return review

    def at(self, as_of: str) -> Stocktaking:
        return self.days.setdefault(as_of, Stocktaking())

    def draft_summary(self, as_of: str, summary: str, summary_ko: str, by: str) -> None:
        self._must_be_open(as_of)
        if not summary.strip():
            raise Refused(say("Write the summary; it opens the report."))
        self._happen(SummaryDrafted, as_of, by, summary=summary, summary_ko=summary_ko)

    def sign_off(self, as_of: str, by: str) -> None:
        self._must_be_open(as_of)
        held = self.at(as_of)
        if not held.summary:
            raise Refused(say("There is no summary to sign off yet; draft it first."))
        if by in held.signed:
            raise Refused(say("You have signed this draft off already; another person must."))
        self._happen(ReviewSignedOff, as_of, by)

    def embargo(self, as_of: str, freeze_at: datetime, time_zone: str, by: str, now: datetime) -> None:
        self._must_be_open(as_of)
        problems = []
        if freeze_at <= now:
            problems.append(say("{at} has passed; name an instant that lies ahead.", at=written(freeze_at)))
        if day_in(time_zone, freeze_at) < full_day(as_of):
            problems.append(say("{at} lies before the review’s day, {day}.", at=written(freeze_at), day=as_of))
        refuse(problems)
        self._happen(ReviewEmbargoed, as_of, by, freeze_at=freeze_at)

    def freeze(self, as_of: str, snapshot: Snapshot, by: str) -> None:
        self._must_be_open(as_of)
        self._happen(ReviewFrozen, as_of, by, snapshot=snapshot)

    def timestamp(self, as_of: str, timestamp: Timestamp, by: str) -> None:
        assert self.schedule_held is not None
        held, review = self.at(as_of), self.schedule_held.id
        if held.snapshot is None:
            raise Refused(say("The review “{review}” of {day} is not frozen yet.", review=review, day=as_of))
        if had := held.timestamp:
            raise Refused(
                say(
                    "The review “{review}” of {day} is time-stamped already, by {authority} at {at}.",
                    review=review,
                    day=as_of,
                    authority=had.authority,
                    at=written(had.at),
                )
            )
        self._happen(ReviewTimestamped, as_of, by, timestamp=timestamp)

    def _happen(self, event: type[StocktakingEvent], as_of: str, by: str, **fields: Any) -> None:
        assert self.schedule_held is not None
        self.trigger(event, by, register=self.register, review=self.schedule_held.id, as_of=as_of, **fields)

    def _must_be_open(self, as_of: str) -> None:
        """Raises `Refused` unless the review falls on that day and was not frozen for it."""
        schedule, day = self.schedule_held, full_day(as_of)
        assert schedule is not None
        if day not in (on for on, _ in days_of(schedule, day)):
            raise Refused(say("The review “{review}” does not fall on {day}.", review=schedule.id, day=as_of))
        if held := self.at(as_of).snapshot:
            raise Refused(
                say(
                    "The review “{review}” of {day} is frozen already, as known at {at}; manifest {digest}.",
                    review=schedule.id,
                    day=as_of,
                    at=written(held.known_at),
                    digest=held.manifest,
                )
            )

    def amend(self, fact: ReviewSchedule, by: str, why: str, checked: tuple[str, ...], *, is_open: bool) -> None:
        """Put another schedule in its place."""
        refuse(against_amending(self.schedule_held, fact, why, checked, is_open=is_open))
        self.trigger(ReviewAmended, by, register=self.register, schedule=fact, why=why, checked=checked)
