"""How a recommendation is filed: facts, elements, addressees, success criteria, relations; amending and removing."""

from collections.abc import Collection
from datetime import datetime
from typing import Self

from msgspec.structs import replace

from domain.amendments import amendment_refusals
from domain.base import AnEvent, Event
from domain.codes import RelationKind
from domain.errors import NotFound, Refused, refusal, refuse
from domain.ids import recommendation_id
from domain.recommendation import events, policy
from domain.recommendation.addressees import addressee_refusals
from domain.recommendation.judging_context import JudgingContext
from domain.recommendation.lineage import relation_refusals
from domain.recommendation.state import RecommendationState
from domain.values import Addressee, Assessment, Element, RecommendationFacts, Relation, SuccessCriteria


class FiledRecommendation(RecommendationState):
    @classmethod
    def register_new(
        cls,
        register: str,
        facts: RecommendationFacts,
        by: str,
        registered_at: datetime | None = None,
        stream: Self | None = None,
    ) -> Self:
        """Add a recommendation to a register, in the stream of a removed one with the same id if there is one.

        `registered_at` is for an imported record.
        """
        recommendation = stream or cls.begin(recommendation_id(register, facts.id))
        recommendation.register, recommendation.facts = register, facts
        recommendation._record(events.RecommendationRegistered, by, facts=facts, registered_at=registered_at)
        return recommendation

    def add_element(self, element: Element, by: str, registered_at: datetime | None = None) -> None:
        self._refuse_if_withdrawn()
        if element.id in self.elements:
            raise Refused(refusal("“{id}” already has an element “{element}”.", id=self.facts.id, element=element.id))
        if any(not published.assessment.element for published in self.assessments.values()):
            raise Refused(
                refusal("“{id}” has been assessed as a whole, so you cannot divide it into elements.", id=self.facts.id)
            )
        if not element.core and not any(e.core for e in self.elements.values()):
            raise Refused(refusal("The first element of “{id}” must be a core one.", id=self.facts.id))
        self._record(events.ElementAdded, by, element=element, registered_at=registered_at)

    def amend(
        self, fact: RecommendationFacts | Element, by: str, why: str, checked: tuple[str, ...], *, is_open: bool
    ) -> None:
        """Replace the facts of the recommendation, or of one of its elements."""
        self._refuse_if_withdrawn()
        before = self.elements.get(fact.id) if isinstance(fact, Element) else self.facts
        if before is None:
            raise Refused(refusal("“{id}” has no element “{element}”.", id=self.facts.id, element=fact.id))
        refusals = amendment_refusals(before, fact, why, checked, is_open=is_open)
        refuse(refusals + policy.filing_refusals(self, before, fact, is_open=is_open))
        if isinstance(fact, Element):
            self._record(events.ElementAmended, by, element=fact, why=why, checked=checked)
        else:
            self._record(events.RecommendationAmended, by, facts=fact, why=why, checked=checked)

    def amend_addressees(
        self, rows: tuple[Addressee, ...], by: str, why: str, unknown_bodies: Collection[str], *, is_open: bool
    ) -> None:
        """Replace the addressees with days. Without any, those it was registered with count."""
        self._refuse_if_withdrawn()
        refusals = addressee_refusals(self.facts.id, rows, self.elements, unknown_bodies)
        if rows == self.addressees:
            refusals.append(refusal("You have not changed anything."))
        if is_open and not why.strip():
            refusals.append(refusal("Enter why you changed it. The reason is public.", field="why"))
        refuse(refusals)
        self.import_addressees(rows, by, why)

    def import_addressees(
        self, rows: tuple[Addressee, ...], by: str, why: str = "", amended_at: datetime | None = None
    ) -> None:
        """Record the addressees with days as an imported record has them. The importer has checked the rules."""
        self._record(events.AddresseesAmended, by, addressees=rows, why=why, amended_at=amended_at)

    def withdraw(self, reason: str, by: str, context: JudgingContext) -> None:
        """Withdraw the whole recommendation: it was entered by mistake."""
        self._refuse_if_withdrawn()
        refusals = []
        if not reason.strip():
            refusals.append(refusal("Enter why it is withdrawn. The reason is public.", field="reason"))
        if context.asks_for_two_people and by == self.registered_by:
            refusals.append(refusal("Someone other than the person who entered it must withdraw it (rule 9).", rule=9))
        refuse(refusals)
        self.import_own_withdrawal(reason, by, withdrawn_by=by)

    def import_own_withdrawal(
        self, reason: str, by: str, *, withdrawn_by: str, withdrawn_at: datetime | None = None
    ) -> None:
        """Record the withdrawal of the whole recommendation as an imported record has it."""
        self._record(
            events.RecommendationWithdrawn, by, reason=reason, withdrawn_by=withdrawn_by, withdrawn_at=withdrawn_at
        )

    # Removing, while the register is prepared

    def remove(self, by: str) -> None:
        """Remove it with its elements, success criteria and assessments."""
        self._record(events.RecommendationRemoved, by)

    def remove_element(self, element: str, by: str) -> None:
        self._refuse_wrong_element(element)
        assessed = [a.id for a in self._assessments() if a.element == element]
        if assessed:
            raise Refused(
                refusal("“{id}” has assessments: {ids}. Remove them first.", id=element, ids=", ".join(assessed))
            )
        left = [e for e in self.elements.values() if e.id != element]
        if left and not any(e.core for e in left):
            raise Refused(refusal("At least one element of “{id}” must be a core one.", id=self.facts.id))
        self._record(events.ElementRemoved, by, element=element)

    def remove_criteria(self, element: str, by: str) -> None:
        """Remove the success criteria of an item, drafted or approved."""
        if element not in self.criteria_drafts and element not in self.criteria_numbers:
            raise NotFound(refusal("There are no success criteria of “{id}” to remove.", id=element or self.facts.id))
        assessed = [a.id for a in self._assessments() if a.element == element]
        if assessed and element in self.criteria_numbers:
            raise Refused(
                refusal(
                    "Assessments were judged by these success criteria: {ids}. Remove them first.",
                    ids=", ".join(assessed),
                )
            )
        self._record(events.CriteriaRemoved, by, element=element)

    def remove_assessment(self, assessment_id: str, by: str) -> None:
        """Remove a proposal, or an assessment, published or not."""
        if not self.has_assessment(assessment_id):
            raise NotFound(refusal("There is no assessment “{id}”.", id=assessment_id))
        self._record(events.AssessmentRemoved, by, assessment=assessment_id)

    def _assessments(self) -> list[Assessment]:
        """The open proposals and the published assessments, withdrawn or not."""
        return [*self.proposals.values(), *(p.assessment for p in self.assessments.values())]

    def _refuse_wrong_element(self, element: str) -> None:
        if element not in self.elements:
            raise NotFound(refusal("“{id}” has no element “{element}”.", id=self.facts.id, element=element))

    # Success criteria

    def draft_criteria(self, criteria: SuccessCriteria, by: str) -> None:
        self._refuse_if_withdrawn()
        self._refuse_wrong_item(criteria.element)
        self._record(events.CriteriaDrafted, by, card=replace(criteria, author=criteria.author or by))

    def approve_criteria(self, element: str, by: str, context: JudgingContext) -> None:
        """Rule 10: someone other than the author approves the success criteria, unless the register has one editor."""
        criteria = self.criteria_drafts.get(element)
        if criteria is None:
            raise Refused(
                refusal("There are no draft success criteria of “{id}” to approve.", id=element or self.facts.id)
            )
        if criteria.author == by and not context.author_may_approve:
            raise Refused(
                refusal("Someone other than their author must approve the success criteria (rule 10).", rule=10)
            )
        self.import_criteria(criteria, by, approved_by=by)

    def import_criteria(
        self, criteria: SuccessCriteria, by: str, *, approved_by: str, approved_at: datetime | None = None
    ) -> None:
        """Record success criteria as approved; an imported record may have them without a draft here."""
        self._refuse_wrong_item(criteria.element)
        number = self.criteria_numbers.get(criteria.element, 0) + 1
        self._record(
            events.CriteriaApproved, by, card=criteria, number=number, approved_by=approved_by, approved_at=approved_at
        )

    # Relations

    def state_relation(self, relation: Relation, by: str) -> None:
        """Say how the recommendation is related to another one. The target is checked by the caller."""
        self._refuse_if_withdrawn()
        refuse(relation_refusals(self.register, self.facts.id, relation))
        if (relation.relation, relation.to) in self.relations:
            raise Refused(refusal("“{id}” already has this relation to “{to}”.", id=self.facts.id, to=relation.to))
        self.import_relation(relation, by)

    def import_relation(self, relation: Relation, by: str, published_at: datetime | None = None) -> None:
        """Record a relation as an imported record has it."""
        self._record(events.RelationStated, by, relation=relation, published_at=published_at)

    def withdraw_relation(self, relation: RelationKind, to: str, reason: str, by: str) -> None:
        refusals = []
        if (relation, to) not in self.relations:
            refusals.append(refusal("“{id}” has no such relation to “{to}”.", id=self.facts.id, to=to))
        if not reason.strip():
            refusals.append(refusal("Enter why it is withdrawn. The reason is public.", field="reason"))
        refuse(refusals)
        self.import_relation_withdrawal(relation, to, reason, by, withdrawn_by=by)

    def remove_relation(self, relation: RelationKind, to: str, by: str) -> None:
        if (relation, to) not in self.relations:
            raise NotFound(refusal("“{id}” has no such relation to “{to}”.", id=self.facts.id, to=to))
        self._record(events.RelationRemoved, by, relation=relation, to=to)

    def import_relation_withdrawal(
        self,
        relation: RelationKind,
        to: str,
        reason: str,
        by: str,
        *,
        withdrawn_by: str,
        withdrawn_at: datetime | None = None,
    ) -> None:
        """Record the withdrawal of a relation as an imported record has it."""
        self._record(
            events.RelationWithdrawn,
            by,
            relation=relation,
            to=to,
            reason=reason,
            withdrawn_by=withdrawn_by,
            withdrawn_at=withdrawn_at,
        )

    # Helpers

    def _record(self, event: type[Event], by: str, at: datetime | None = None, **fields: object) -> None:
        self.append(self._next_event(event, by, at, **fields))

    def _next_event(self, event: type[AnEvent], by: str, at: datetime | None = None, **fields: object) -> AnEvent:
        return self.next_event(event, by, at, register=self.register, recommendation=self.facts.id, **fields)

    def _refuse_wrong_item(self, element: str) -> None:
        if problem := self.item_problem(element):
            raise Refused(problem)

    def _refuse_if_withdrawn(self) -> None:
        if self.is_withdrawn:
            raise Refused(refusal("“{id}” is withdrawn, so you cannot add to it.", id=self.facts.id))
