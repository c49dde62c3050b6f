"""A review: a stocktaking at a date, usually an anniversary, once or every so many years; each is frozen once."""

from datetime import datetime
from typing import Any, Self

from msgspec import Struct

from domain.amendments import against_amending
from domain.base import Aggregate
from domain.errors import Refused, refusal, refuse
from domain.ids import review_id
from domain.review.events import (
    ReviewAmended,
    ReviewEmbargoed,
    ReviewFrozen,
    ReviewScheduled,
    ReviewSignedOff,
    ReviewTimestamped,
    StocktakingEvent,
    SummaryDrafted,
)
from domain.review.schedule import days_of
from domain.times import day_in, full_day, written
from domain.values import ReviewSchedule, Snapshot, Timestamp

SIGNATURES = 2


"""How many people sign a review off."""


class Stocktaking(Struct):
    """What is prepared for one day of a review, and what became of it."""

    summary: str = ""
    summary_ko: str = ""
    signed: tuple[str, ...] = ()
    freeze_at: datetime | None = None
    snapshot: Snapshot | None = None
    timestamp: Timestamp | None = None


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
            raise Refused(refusal("Write the summary; it opens the report."))
        self._happen(SummaryDrafted, as_of, by, summary=summary, summary_ko=summary_ko)

    def sign_off(self, as_of: str, by: str) -> None:
        self._must_be_open(as_of)
        held = self.at(as_of)
        if not held.summary:
            raise Refused(refusal("There is no summary to sign off yet; draft it first."))
        if by in held.signed:
            raise Refused(refusal("You have signed this draft off already; another person must."))
        self._happen(ReviewSignedOff, as_of, by)

    def embargo(self, as_of: str, freeze_at: datetime, time_zone: str, by: str, now: datetime) -> None:
        self._must_be_open(as_of)
        problems = []
        if freeze_at <= now:
            problems.append(refusal("{at} has passed; name an instant that lies ahead.", at=written(freeze_at)))
        if day_in(time_zone, freeze_at) < full_day(as_of):
            problems.append(refusal("{at} lies before the review’s day, {day}.", at=written(freeze_at), day=as_of))
        refuse(problems)
        self._happen(ReviewEmbargoed, as_of, by, freeze_at=freeze_at)

    def freeze(self, as_of: str, snapshot: Snapshot, by: str) -> None:
        self._must_be_open(as_of)
        self._happen(ReviewFrozen, as_of, by, snapshot=snapshot)

    def timestamp(self, as_of: str, timestamp: Timestamp, by: str) -> None:
        assert self.schedule_held is not None
        held, review = self.at(as_of), self.schedule_held.id
        if held.snapshot is None:
            raise Refused(refusal("The review “{review}” of {day} is not frozen yet.", review=review, day=as_of))
        if had := held.timestamp:
            raise Refused(
                refusal(
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
            raise Refused(refusal("The review “{review}” does not fall on {day}.", review=schedule.id, day=as_of))
        if held := self.at(as_of).snapshot:
            raise Refused(
                refusal(
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
