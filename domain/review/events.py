"""What can happen to a review."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from domain.base import Event
from domain.values import ReviewSchedule, Snapshot, Timestamp

if TYPE_CHECKING:
    from domain.review.aggregate import Review


class ReviewScheduled(Event, frozen=True, kw_only=True, tag="review.scheduled"):
    register: str
    schedule: ReviewSchedule

    def first(self) -> Any:
        from domain.review.aggregate import Review

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
