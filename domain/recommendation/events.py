"""What can happen to a recommendation. Every event names its register and recommendation."""

from datetime import datetime
from typing import Any, ClassVar

from domain.base import Event
from domain.codes import RelationKind
from domain.recommendation.state import RecommendationState
from domain.upcasts import gather_translations
from domain.values import Addressee, Assessment, Element, RecommendationFacts, Relation, SuccessCriteria


class RecommendationEvent(Event, frozen=True, kw_only=True):
    register: str
    recommendation: str


class RecommendationRegistered(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.registered"):
    """`registered_at` is set only when a record is imported."""

    class_version: ClassVar[int] = 2

    facts: RecommendationFacts
    registered_at: datetime | None = None

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields["facts"])

    def apply(self, aggregate: RecommendationState) -> None:
        aggregate.register, aggregate.facts = self.register, self.facts
        aggregate.registered_by = self.recorded_by


class ElementAdded(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.element_added"):
    class_version: ClassVar[int] = 2

    element: Element
    registered_at: datetime | None = None

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields["element"])

    def apply(self, aggregate: RecommendationState) -> None:
        aggregate.elements[self.element.id] = self.element


class RecommendationAmendment(RecommendationEvent, frozen=True, kw_only=True):
    """Replaces a fact with its new version.

    `why` is public, and empty if only a translation changed; `checked` names translations that someone read again
    and found still right.
    """

    why: str = ""
    checked: tuple[str, ...] = ()


class RecommendationAmended(RecommendationAmendment, frozen=True, kw_only=True, tag="recommendation.amended"):
    class_version: ClassVar[int] = 2

    facts: RecommendationFacts

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields["facts"])

    def apply(self, aggregate: RecommendationState) -> None:
        aggregate.facts = self.facts


class ElementAmended(RecommendationAmendment, frozen=True, kw_only=True, tag="recommendation.element_amended"):
    class_version: ClassVar[int] = 2

    element: Element

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields["element"])

    def apply(self, aggregate: RecommendationState) -> None:
        aggregate.elements[self.element.id] = self.element


class AddresseesAmended(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.addressees_amended"):
    """Carries all addressees with days of the recommendation and its elements.

    `why` is public, and may be empty while the register is prepared. `amended_at` is set only when a record is
    imported.
    """

    addressees: tuple[Addressee, ...]
    why: str = ""
    amended_at: datetime | None = None

    def apply(self, aggregate: RecommendationState) -> None:
        aggregate.addressees = self.addressees


class CriteriaDrafted(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.card_drafted"):
    PUBLIC: ClassVar[bool] = False
    class_version: ClassVar[int] = 2

    card: SuccessCriteria

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields["card"])

    def apply(self, aggregate: RecommendationState) -> None:
        aggregate.criteria_drafts[self.card.element] = self.card


class CriteriaApproved(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.card_approved"):
    """Carries the criteria in full, so that a draft is never shown. `number` counts an item's criteria from 1."""

    class_version: ClassVar[int] = 2

    card: SuccessCriteria
    number: int
    approved_by: str
    approved_at: datetime | None = None

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields["card"])

    def apply(self, aggregate: RecommendationState) -> None:
        aggregate.criteria_numbers[self.card.element] = self.number
        aggregate.criteria_drafts.pop(self.card.element, None)


class AssessmentProposed(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.assessment_proposed"):
    PUBLIC: ClassVar[bool] = False
    class_version: ClassVar[int] = 2

    assessment: Assessment

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields["assessment"])

    def apply(self, aggregate: RecommendationState) -> None:
        aggregate.apply_proposed(self.assessment)


class AssessmentPublished(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.assessment_published"):
    """Carries everything that the public sees, so that a private proposal is never shown.

    `card` is the number of the success criteria that it was judged by, 0 if an imported record has none.
    """

    class_version: ClassVar[int] = 2

    assessment: Assessment
    published_by: str
    card: int
    legacy: bool = False
    published_at: datetime | None = None

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields["assessment"])

    def apply(self, aggregate: RecommendationState) -> None:
        aggregate.apply_published(self.assessment, self.happened_at(self.published_at))


class AssessmentDeclined(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.assessment_declined"):
    PUBLIC: ClassVar[bool] = False

    assessment: str
    why: str

    def apply(self, aggregate: RecommendationState) -> None:
        aggregate.proposals.pop(self.assessment)
        aggregate.proposal_writers.pop(self.assessment)
        aggregate.declined_ids.add(self.assessment)


class AssessmentScheduled(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.assessment_scheduled"):
    """Approved by the person who recorded it. The worker publishes it at `publish_at`, in that person’s name."""

    PUBLIC: ClassVar[bool] = False

    assessment: str
    publish_at: datetime

    def apply(self, aggregate: RecommendationState) -> None:
        aggregate.publish_times[self.assessment] = self.publish_at


class AssessmentUnscheduled(
    RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.assessment_unscheduled"
):
    """The scheduled publication was called off. The proposal is open again, as before its approval."""

    PUBLIC: ClassVar[bool] = False

    assessment: str

    def apply(self, aggregate: RecommendationState) -> None:
        aggregate.publish_times.pop(self.assessment)


class AssessmentReturned(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.assessment_returned"):
    PUBLIC: ClassVar[bool] = False

    assessment: str
    note: str

    def apply(self, aggregate: RecommendationState) -> None:
        aggregate.returned_ids.add(self.assessment)
        aggregate.publish_times.pop(self.assessment, None)


class AssessmentRevised(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.assessment_revised"):
    """Carries the whole revised proposal."""

    PUBLIC: ClassVar[bool] = False
    class_version: ClassVar[int] = 2

    assessment: Assessment

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields["assessment"])

    def apply(self, aggregate: RecommendationState) -> None:
        aggregate.apply_proposed(self.assessment)


class AssessmentWithdrawn(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.assessment_withdrawn"):
    assessment: str
    element: str = ""
    reason: str
    withdrawn_by: str
    replaced_by: str = ""
    withdrawn_at: datetime | None = None

    def apply(self, aggregate: RecommendationState) -> None:
        aggregate.apply_withdrawn(self.assessment, self.happened_at(self.withdrawn_at))


class RecommendationWithdrawn(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.withdrawn"):
    """Entered by mistake. No scorecard known from now on counts it."""

    reason: str
    withdrawn_by: str
    withdrawn_at: datetime | None = None

    def apply(self, aggregate: RecommendationState) -> None:
        aggregate.is_withdrawn = True


class RelationStated(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.relation_stated"):
    """`published_at` is set only when a record is imported."""

    relation: Relation
    published_at: datetime | None = None

    def apply(self, aggregate: RecommendationState) -> None:
        aggregate.relations[self.relation.relation, self.relation.to] = self.relation


class RelationWithdrawn(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.relation_withdrawn"):
    """Names the relation by its kind and target."""

    relation: RelationKind
    to: str
    reason: str
    withdrawn_by: str
    withdrawn_at: datetime | None = None

    def apply(self, aggregate: RecommendationState) -> None:
        aggregate.relations.pop((self.relation, self.to))


class RelationRemoved(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.relation_removed"):
    """Removed while the register was prepared."""

    PUBLIC: ClassVar[bool] = False

    relation: RelationKind
    to: str

    def apply(self, aggregate: RecommendationState) -> None:
        del aggregate.relations[(self.relation, self.to)]


class RecommendationRemoved(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.removed"):
    """Removed with everything about it, while its register was prepared. Its id can be used again."""

    PUBLIC: ClassVar[bool] = False
    IS_REMOVAL: ClassVar[bool] = True


class ElementRemoved(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.element_removed"):
    """Removed with its success criteria, while the register was prepared."""

    PUBLIC: ClassVar[bool] = False

    element: str

    def apply(self, aggregate: RecommendationState) -> None:
        del aggregate.elements[self.element]
        aggregate.addressees = tuple(row for row in aggregate.addressees if row.element != self.element)
        aggregate.criteria_drafts.pop(self.element, None)
        aggregate.criteria_numbers.pop(self.element, None)


class CriteriaRemoved(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.card_removed"):
    """All success criteria of an item were removed, drafted and approved, while the register was prepared."""

    PUBLIC: ClassVar[bool] = False

    element: str = ""

    def apply(self, aggregate: RecommendationState) -> None:
        aggregate.criteria_drafts.pop(self.element, None)
        aggregate.criteria_numbers.pop(self.element, None)


class AssessmentRemoved(RecommendationEvent, frozen=True, kw_only=True, tag="recommendation.assessment_removed"):
    """A proposal or an assessment was removed, while the register was prepared."""

    PUBLIC: ClassVar[bool] = False

    assessment: str

    def apply(self, aggregate: RecommendationState) -> None:
        aggregate.apply_removed(self.assessment)
