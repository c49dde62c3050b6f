"""What can be done with a recommendation, its elements, success criteria and assessments."""

from collections.abc import Collection
from datetime import datetime
from typing import Self

from msgspec.structs import replace

from domain.amendments import amendment_refusals
from domain.base import AnEvent, Event
from domain.codes import RelationKind
from domain.errors import NotFound, Refused, refusal, refuse
from domain.ids import recommendation_id
from domain.methodology.rules import with_defaults
from domain.recommendation import events, policy
from domain.recommendation.addressees import addressee_refusals
from domain.recommendation.judging_context import JudgingContext, Sources
from domain.recommendation.lineage import relation_refusals
from domain.recommendation.state import RecommendationState
from domain.values import Addressee, Assessment, Element, RecommendationFacts, Relation, SuccessCriteria


class Recommendation(RecommendationState):
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

    # Proposals

    def propose(self, assessment: Assessment, by: str, context: JudgingContext, sources: Sources) -> None:
        self._refuse_if_withdrawn()
        self._refuse_used_id(assessment.id)
        refuse(policy.assessment_refusals(self, assessment, context, sources))
        self._propose(assessment, by, context)

    def revise(self, assessment: Assessment, by: str, context: JudgingContext, sources: Sources) -> None:
        """Replace an open proposal. The person who revises it is its proposer from now on (rule 9)."""
        self._refuse_if_withdrawn()
        before = self.find_proposal(assessment.id)
        if assessment.element != before.element:
            raise Refused(refusal("A proposal cannot change its element. Make a new proposal for the other element."))
        refuse(policy.assessment_refusals(self, assessment, context, sources))
        self._record(events.AssessmentRevised, by, at=context.at, assessment=replace(assessment, proposed_by=by))

    def return_to_author(self, assessment_id: str, note: str, by: str) -> None:
        self.find_proposal(assessment_id)
        if assessment_id in self.returned_ids:
            raise Refused(
                refusal("“{id}” has already been returned. Its author has not revised it yet.", id=assessment_id)
            )
        if not note.strip():
            raise Refused(refusal("Enter what the author must change.", field="note"))
        self._record(events.AssessmentReturned, by, assessment=assessment_id, note=note)

    def decline(self, assessment_id: str, why: str, by: str) -> None:
        self.find_proposal(assessment_id)
        if not why.strip():
            raise Refused(refusal("Enter why you decline the proposal.", field="note"))
        self._record(events.AssessmentDeclined, by, assessment=assessment_id, why=why)

    # Publishing

    def publish(self, assessment_id: str, by: str, context: JudgingContext, sources: Sources) -> None:
        """Publish a proposal under rules 1 to 10."""
        self._refuse_if_withdrawn()
        proposal = self.find_proposal(assessment_id)
        refuse(policy.publishing_refusals(self, proposal, by, context, sources))
        self.append(self.publication(proposal, by, context, sources))

    def publication(
        self, assessment: Assessment, by: str, context: JudgingContext, sources: Sources
    ) -> events.AssessmentPublished:
        """The event that publishing an assessment appends, with the defaults filled in. Changes nothing.

        A preview is made from the same event. Raises `Refused` if one of its dates cannot be read.
        """
        return self._next_event(
            events.AssessmentPublished,
            by,
            at=context.at,
            assessment=with_defaults(assessment, self.kind_of(assessment.element), sources, context.methodology),
            published_by=by,
            card=self.criteria_numbers.get(assessment.element, 0),
        )

    def import_published(
        self,
        assessment: Assessment,
        by: str,
        at: datetime,
        *,
        published_by: str,
        published_at: datetime | None,
        legacy: bool,
    ) -> None:
        """Record an assessment that an imported record has published. The importer has checked the rules."""
        self._refuse_used_id(assessment.id)
        self._record(
            events.AssessmentPublished,
            by,
            at=at,
            assessment=assessment,
            published_by=published_by,
            published_at=published_at,
            card=self.criteria_numbers.get(assessment.element, 0),
            legacy=legacy,
        )

    def schedule(
        self, assessment_id: str, publish_at: datetime, by: str, context: JudgingContext, sources: Sources
    ) -> None:
        """Approve a proposal to be published later. The rules are checked again at that instant."""
        proposal = self.find_proposal(assessment_id)
        refusals = policy.publishing_refusals(self, proposal, by, context, sources)
        if publish_at <= context.at:
            refusals.append(
                refusal("The time has already passed. Publish it now, or choose a later time.", field="publish_at")
            )
        refuse(refusals)
        self._record(events.AssessmentScheduled, by, at=context.at, assessment=assessment_id, publish_at=publish_at)

    # Withdrawing

    def withdraw_assessment(
        self, assessment_id: str, reason: str, by: str, context: JudgingContext, replaced_by: str = ""
    ) -> None:
        published = self.find_published(assessment_id)
        refuse(policy.withdrawal_refusals(self, published, reason, by, context, replaced_by))
        self.import_withdrawal(assessment_id, reason, by, context.at, withdrawn_by=by, replaced_by=replaced_by)

    def replace_assessment(
        self,
        assessment_id: str,
        reason: str,
        replacement: Assessment,
        by: str,
        context: JudgingContext,
        sources: Sources,
    ) -> bool:
        """Withdraw an assessment and propose another one, or do neither.

        Returns whether the replacement was published too. If rule 9 requires a second person, it waits for one, and
        the public withdrawal does not name it.
        """
        published = self.find_published(assessment_id)
        replacement = replace(replacement, proposed_by=by)
        refusals = policy.withdrawal_refusals(self, published, reason, by, context)
        publishes = not policy.needs_second_person(replacement, context)
        if publishes:
            refusals += policy.publishing_refusals(self, replacement, by, context, sources, without=assessment_id)
        else:
            refusals += policy.assessment_refusals(self, replacement, context, sources, without=assessment_id)
        refuse(refusals)
        replaced_by = replacement.id if publishes else ""
        self.import_withdrawal(assessment_id, reason, by, context.at, withdrawn_by=by, replaced_by=replaced_by)
        self._propose(replacement, by, context)
        if publishes:
            self.append(self.publication(replacement, by, context, sources))
        return publishes

    def import_withdrawal(
        self,
        assessment_id: str,
        reason: str,
        by: str,
        at: datetime,
        *,
        withdrawn_by: str,
        withdrawn_at: datetime | None = None,
        replaced_by: str = "",
    ) -> None:
        """Record the withdrawal of an assessment as an imported record has it."""
        self._record(
            events.AssessmentWithdrawn,
            by,
            at=at,
            assessment=assessment_id,
            element=self.assessments[assessment_id].assessment.element,
            reason=reason,
            withdrawn_by=withdrawn_by,
            withdrawn_at=withdrawn_at,
            replaced_by=replaced_by,
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

    def _propose(self, assessment: Assessment, by: str, context: JudgingContext) -> None:
        self._record(events.AssessmentProposed, by, at=context.at, assessment=replace(assessment, proposed_by=by))

    def _record(self, event: type[Event], by: str, at: datetime | None = None, **fields: object) -> None:
        self.append(self._next_event(event, by, at, **fields))

    def _next_event(self, event: type[AnEvent], by: str, at: datetime | None = None, **fields: object) -> AnEvent:
        return self.next_event(event, by, at, register=self.register, recommendation=self.facts.id, **fields)

    def _refuse_used_id(self, assessment_id: str) -> None:
        if self.has_assessment(assessment_id):
            raise Refused(refusal("There is already an assessment “{id}”.", id=assessment_id))

    def _refuse_wrong_item(self, element: str) -> None:
        if problem := self.item_problem(element):
            raise Refused(problem)

    def _refuse_if_withdrawn(self) -> None:
        if self.is_withdrawn:
            raise Refused(refusal("“{id}” is withdrawn, so you cannot add to it.", id=self.facts.id))
