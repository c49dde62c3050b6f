"""What can happen to a recommendation. Every event names its register and recommendation."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from domain.base import Event
from domain.values import Assessment, Element, RecommendationFacts, SuccessCriteria

if TYPE_CHECKING:
    from domain.recommendation.aggregate import Recommendation


class RecommendationEvent(Event, frozen=True, kw_only=True):
    register: str
    recommendation: str

    def first(self) -> Any:
        from domain.recommendation.aggregate import Recommendation

        return Recommendation()


class RecommendationRegistered(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.registered"):
    """`registered_at` is given only when a record kept elsewhere is brought in."""

    facts: RecommendationFacts
    registered_at: datetime | None = None

    def apply(self, aggregate: "Recommendation") -> None:
        aggregate.register, aggregate.facts = self.register, self.facts
        aggregate.registered_by = self.recorded_by


class ElementAdded(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.element_added"):
    element: Element
    registered_at: datetime | None = None

    def apply(self, aggregate: "Recommendation") -> None:
        aggregate.elements[self.element.id] = self.element


class RecommendationAmendment(RecommendationEvent, frozen=True, kw_only=True):
    """Puts a fact as it is from now on in the place of what it was.

    `why` is what the public reads, empty where only a translation was changed; `checked` names translations that were
    read again and still fit.
    """

    why: str = ""
    checked: tuple[str, ...] = ()


class RecommendationAmended(RecommendationAmendment, frozen=True, kw_only=True, tag="recommendation.amended"):
    facts: RecommendationFacts

    def apply(self, aggregate: "Recommendation") -> None:
        aggregate.facts = self.facts


class ElementAmended(RecommendationAmendment, frozen=True, kw_only=True, tag="recommendation.element_amended"):
    element: Element

    def apply(self, aggregate: "Recommendation") -> None:
        aggregate.elements[self.element.id] = self.element


class CriteriaDrafted(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.card_drafted"):
    PUBLIC: ClassVar[bool] = False

    card: SuccessCriteria

    def apply(self, aggregate: "Recommendation") -> None:
        aggregate.drafts[self.card.element] = self.card


class CriteriaApproved(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.card_approved"):
    """Carries the whole card, so that a draft never has to be shown. `number` counts an item's cards from 1."""

    card: SuccessCriteria
    number: int
    approved_by: str
    approved_at: datetime | None = None

    def apply(self, aggregate: "Recommendation") -> None:
        aggregate.cards[self.card.element] = self.number
        aggregate.drafts.pop(self.card.element, None)


class AssessmentProposed(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.assessment_proposed"):
    PUBLIC: ClassVar[bool] = False

    assessment: Assessment

    def apply(self, aggregate: "Recommendation") -> None:
        aggregate.proposals[self.assessment.id] = self.assessment


class AssessmentPublished(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.assessment_published"):
    """Carries all that the public sees: a private proposal never has to be shown.

    `card` is the number of the item's card it was judged by, 0 where a finished record brought none.
    """

    assessment: Assessment
    published_by: str
    card: int
    legacy: bool = False
    published_at: datetime | None = None

    def apply(self, aggregate: "Recommendation") -> None:
        aggregate.apply_published(self.assessment, self.happened_at(self.published_at))


class AssessmentDeclined(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.assessment_declined"):
    PUBLIC: ClassVar[bool] = False

    assessment: str
    why: str

    def apply(self, aggregate: "Recommendation") -> None:
        aggregate.proposals.pop(self.assessment)
        aggregate.declined.add(self.assessment)


class AssessmentScheduled(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.assessment_scheduled"):
    """Approved by the person who recorded it; the worker publishes it at its hour, in that person’s name."""

    PUBLIC: ClassVar[bool] = False

    assessment: str
    publish_at: datetime

    def apply(self, aggregate: "Recommendation") -> None:
        aggregate.scheduled[self.assessment] = self.publish_at


class AssessmentReturned(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.assessment_returned"):
    PUBLIC: ClassVar[bool] = False

    assessment: str
    note: str

    def apply(self, aggregate: "Recommendation") -> None:
        aggregate.returned.add(self.assessment)
        aggregate.scheduled.pop(self.assessment, None)


class AssessmentRevised(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.assessment_revised"):
    """Carries the whole proposal as it is from now on."""

    PUBLIC: ClassVar[bool] = False

    assessment: Assessment

    def apply(self, aggregate: "Recommendation") -> None:
        aggregate.proposals[self.assessment.id] = self.assessment
        aggregate.returned.discard(self.assessment.id)
        aggregate.scheduled.pop(self.assessment.id, None)


class AssessmentWithdrawn(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.assessment_withdrawn"):
    assessment: str
    element: str = ""
    reason: str
    withdrawn_by: str
    replaced_by: str = ""
    withdrawn_at: datetime | None = None

    def apply(self, aggregate: "Recommendation") -> None:
        aggregate.apply_withdrawn(self.assessment, self.happened_at(self.withdrawn_at))


class RecommendationWithdrawn(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.withdrawn"):
    """Entered by mistake: it leaves every scorecard known from now on."""

    reason: str
    withdrawn_by: str
    withdrawn_at: datetime | None = None

    def apply(self, aggregate: "Recommendation") -> None:
        aggregate.is_withdrawn = True
