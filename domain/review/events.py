"""What can happen to a review."""

from datetime import datetime
from typing import Any, ClassVar

from msgspec import field

from domain.base import Event
from domain.codes import RemovalReason
from domain.review.state import PackageWithdrawal, ReviewState, SignOff
from domain.upcasts import gather_translations
from domain.values import PersonalSignature, ReviewSchedule, Snapshot, Timestamp


class ReviewScheduled(Event, frozen=True, kw_only=True, tag="review.scheduled"):
    class_version: ClassVar[int] = 2

    register: str
    schedule: ReviewSchedule

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields["schedule"])

    def apply(self, aggregate: ReviewState) -> None:
        aggregate.register, aggregate.current_schedule = self.register, self.schedule


class StocktakingEvent(Event, frozen=True, kw_only=True):
    """About one occurrence of a review."""

    register: str
    review: str
    as_of: str

    @property
    def occurrence(self) -> tuple[str, str, str]:
        return self.register, self.review, self.as_of


class SummaryDrafted(StocktakingEvent, frozen=True, kw_only=True, tag="review.summary_drafted"):
    """The summary that opens the report. It clears the signatures of earlier drafts."""

    PUBLIC: ClassVar[bool] = False
    class_version: ClassVar[int] = 2

    summary: str
    translations: dict[str, dict[str, str]] = field(default_factory=dict)

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields)

    def apply(self, aggregate: ReviewState) -> None:
        aggregate.change(self.as_of, summary=self.summary, translations=self.translations, sign_offs=())


class ReviewSignedOff(StocktakingEvent, frozen=True, kw_only=True, tag="review.signed_off"):
    PUBLIC: ClassVar[bool] = False
    class_version: ClassVar[int] = 2

    name: str = ""
    """As the person wants to be named in the frozen review; it stays in the log. Empty: not by name."""
    signature: PersonalSignature | None = None

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        """It had neither a name nor a signature made with a key."""

    def apply(self, aggregate: ReviewState) -> None:
        sign_off = SignOff(self.recorded_by, self.recorded_at, self.name, self.signature)
        aggregate.change(self.as_of, sign_offs=(*aggregate.at(self.as_of).sign_offs, sign_off))


class ReviewEmbargoed(StocktakingEvent, frozen=True, kw_only=True, tag="review.embargoed"):
    """It is frozen at `freeze_at` instead of the end of its day."""

    PUBLIC: ClassVar[bool] = False
    freeze_at: datetime

    def apply(self, aggregate: ReviewState) -> None:
        aggregate.change(self.as_of, freeze_at=self.freeze_at)


class ReviewDoiSet(StocktakingEvent, frozen=True, kw_only=True, tag="review.doi_set"):
    """A DOI is reserved for it, before it is frozen; an empty one removes it."""

    PUBLIC: ClassVar[bool] = False
    doi: str

    def apply(self, aggregate: ReviewState) -> None:
        aggregate.change(self.as_of, doi=self.doi)


class ReviewFrozen(StocktakingEvent, frozen=True, kw_only=True, tag="review.frozen"):
    class_version: ClassVar[int] = 3

    snapshot: Snapshot

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields["snapshot"])

    @staticmethod
    def upcast_v2_v3(fields: dict[str, Any]) -> None:
        """It had no DOI."""

    def apply(self, aggregate: ReviewState) -> None:
        aggregate.change(self.as_of, snapshot=self.snapshot)


class ReviewTimestamped(StocktakingEvent, frozen=True, kw_only=True, tag="review.timestamped"):
    timestamp: Timestamp

    def apply(self, aggregate: ReviewState) -> None:
        aggregate.change(self.as_of, timestamp=self.timestamp)


class PackageWithdrawn(StocktakingEvent, frozen=True, kw_only=True, tag="review.package_withdrawn"):
    """The package of a frozen review is no longer given to anyone here. The reason is public; what was frozen stays."""

    reason: RemovalReason

    def apply(self, aggregate: ReviewState) -> None:
        aggregate.change(self.as_of, withdrawal=PackageWithdrawal(self.reason, self.recorded_at))


class ReviewAmended(Event, frozen=True, kw_only=True, tag="review.amended"):
    """Replaces a fact with its new version.

    `why` is public, and empty if only a translation changed; `checked` names translations that someone read again
    and found still right.
    """

    class_version: ClassVar[int] = 2

    register: str
    schedule: ReviewSchedule
    why: str = ""
    checked: tuple[str, ...] = ()

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields["schedule"])

    def apply(self, aggregate: ReviewState) -> None:
        aggregate.current_schedule = self.schedule


class ReviewRemoved(Event, frozen=True, kw_only=True, tag="review.removed"):
    """Removed while the register was prepared; its id can be used again."""

    PUBLIC: ClassVar[bool] = False
    IS_REMOVAL: ClassVar[bool] = True

    register: str
    review: str
