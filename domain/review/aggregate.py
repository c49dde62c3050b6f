"""What can be done with a review: prepare, sign off and freeze its occurrences."""

from collections.abc import Iterator
from datetime import datetime
from typing import Self

from domain.amendments import amendment_refusals
from domain.codes import RemovalReason
from domain.errors import Refusal, Refused, refusal, refuse
from domain.identifiers import bare_doi, doi_refusal
from domain.ids import review_id
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
from domain.review.schedule import days_of
from domain.review.state import ReviewState
from domain.times import day_in, full_day, written
from domain.values import PersonalSignature, ReviewSchedule, Snapshot, Timestamp

SIGNATURES_NEEDED = 2
"""How many people sign off the summary of a review."""


class Review(ReviewState):
    @classmethod
    def schedule(cls, register: str, schedule: ReviewSchedule, by: str, stream: Self | None = None) -> Self:
        """Schedule a review, in the stream of a removed one with the same id if there is one."""
        review = stream or cls.begin(review_id(register, schedule.id))
        review.trigger(ReviewScheduled, by, register=register, schedule=schedule)
        return review

    def remove(self, by: str) -> None:
        self.trigger(ReviewRemoved, by, register=self.register, review=self.current_schedule.id)

    def draft_summary(self, as_of: str, summary: str, translations: dict[str, dict[str, str]], by: str) -> None:
        self._refuse_unless_open(as_of)
        if not summary.strip():
            raise Refused(refusal("Enter the summary. The report begins with it."))
        self._record(SummaryDrafted, as_of, by, summary=summary, translations=translations)

    def sign_off(self, as_of: str, name: str, signature: PersonalSignature | None, by: str) -> None:
        """`signature` was verified already, if there is one."""
        self._refuse_unless_open(as_of)
        stocktaking = self.at(as_of)
        if not stocktaking.summary:
            raise Refused(refusal("There is no summary to sign off yet. Draft it first."))
        if by in stocktaking.signed:
            raise Refused(refusal("You have already signed off this draft. Another person must sign it off too."))
        self._record(ReviewSignedOff, as_of, by, name=name, signature=signature)

    def embargo(self, as_of: str, freeze_at: datetime, time_zone: str, by: str, now: datetime) -> None:
        self._refuse_unless_open(as_of)
        refusals = []
        if freeze_at <= now:
            refusals.append(refusal("{at} has passed. Choose a later time.", at=written(freeze_at)))
        if day_in(time_zone, freeze_at) < full_day(as_of):
            refusals.append(refusal("{at} is before the review’s day, {day}.", at=written(freeze_at), day=as_of))
        refuse(refusals)
        self._record(ReviewEmbargoed, as_of, by, freeze_at=freeze_at)

    def set_doi(self, as_of: str, doi: str, doi_of_all: str, by: str) -> None:
        """`doi_of_all` is the DOI that stands for all reviews of the register."""
        self._refuse_unless_open(as_of)
        doi = bare_doi(doi) or doi
        refuse(self._doi_refusals(as_of, doi, doi_of_all))
        self._record(ReviewDoiSet, as_of, by, doi=doi)

    def _doi_refusals(self, as_of: str, doi: str, doi_of_all: str) -> Iterator[Refusal]:
        if doi and bare_doi(doi) != doi:
            yield doi_refusal(doi)
        elif doi == self.at(as_of).doi:
            yield refusal("You have not changed anything.")
        elif doi and doi.lower() == doi_of_all.lower():
            yield refusal(
                "This is the DOI of all reviews of the register. Enter the one that is reserved for this review alone.",
                field="doi",
            )
        for day, other in self.days.items():
            if doi and day != as_of and other.doi.lower() == doi.lower():
                yield refusal("The review of {day} has this DOI already. Enter another.", day=day, field="doi")

    def freeze(self, as_of: str, snapshot: Snapshot, by: str) -> None:
        self._refuse_unless_open(as_of)
        self._record(ReviewFrozen, as_of, by, snapshot=snapshot)

    def timestamp(self, as_of: str, timestamp: Timestamp, by: str) -> None:
        stocktaking, review = self.at(as_of), self.current_schedule.id
        if stocktaking.snapshot is None:
            raise Refused(refusal("The review “{review}” of {day} is not frozen yet.", review=review, day=as_of))
        if earlier := stocktaking.timestamp:
            raise Refused(
                refusal(
                    "The review “{review}” of {day} is already time-stamped, by {authority} at {at}.",
                    review=review,
                    day=as_of,
                    authority=earlier.authority,
                    at=written(earlier.at),
                )
            )
        self._record(ReviewTimestamped, as_of, by, timestamp=timestamp)

    def withdraw_package(self, as_of: str, reason: RemovalReason, by: str) -> None:
        stocktaking, review = self.at(as_of), self.current_schedule.id
        if stocktaking.snapshot is None:
            raise Refused(refusal("The review “{review}” of {day} is not frozen yet.", review=review, day=as_of))
        if stocktaking.withdrawal:
            raise Refused(
                refusal("The package of the review “{review}” of {day} is already withdrawn.", review=review, day=as_of)
            )
        self._record(PackageWithdrawn, as_of, by, reason=reason)

    def _record(self, event: type[StocktakingEvent], as_of: str, by: str, **fields: object) -> None:
        self.trigger(event, by, None, register=self.register, review=self.current_schedule.id, as_of=as_of, **fields)

    def _refuse_unless_open(self, as_of: str) -> None:
        """Raise `Refused` if the review has no occurrence on that day, or if that occurrence is frozen."""
        schedule, day = self.current_schedule, full_day(as_of)
        if day not in (on for on, _ in days_of(schedule, day)):
            raise Refused(refusal("The review “{review}” is not due on {day}.", review=schedule.id, day=as_of))
        if snapshot := self.at(as_of).snapshot:
            raise Refused(
                refusal(
                    "The review “{review}” of {day} is already frozen, as known at {at}; manifest {digest}.",
                    review=schedule.id,
                    day=as_of,
                    at=written(snapshot.known_at),
                    digest=snapshot.manifest,
                )
            )

    def amend(self, fact: ReviewSchedule, by: str, why: str, checked: tuple[str, ...], *, is_open: bool) -> None:
        """Replace the schedule."""
        refuse(amendment_refusals(self.current_schedule, fact, why, checked, is_open=is_open))
        self.trigger(ReviewAmended, by, register=self.register, schedule=fact, why=why, checked=checked)
