"""The recommendation as an aggregate: its elements, cards and assessments, and what may be done with them."""

from datetime import datetime
from typing import Any, Self

from msgspec.structs import replace

from domain.amendments import against_amending
from domain.base import Aggregate, Event
from domain.codes import Kind
from domain.errors import Refusal, Refused, refusal, refuse
from domain.ids import recommendation_id
from domain.methodology.rules import Earlier, with_defaults
from domain.recommendation import events, policy
from domain.recommendation.judging_context import JudgingContext, PublishedAssessment, needs_second_person
from domain.recommendation.policy import Sources
from domain.times import first_day
from domain.values import Assessment, Element, RecommendationFacts, SuccessCriteria


class Recommendation(Aggregate):
    register: str
    facts: RecommendationFacts
    registered_by: str

    def __init__(self) -> None:
        super().__init__()
        self.elements: dict[str, Element] = {}
        self.drafts: dict[str, SuccessCriteria] = {}
        self.cards: dict[str, int] = {}
        self.proposals: dict[str, Assessment] = {}
        self.declined: set[str] = set()
        self.returned: set[str] = set()
        self.scheduled: dict[str, datetime] = {}
        self.published: dict[str, PublishedAssessment] = {}
        self.is_withdrawn = False

    @classmethod
    def register_new(
        cls, register: str, facts: RecommendationFacts, by: str, registered_at: datetime | None = None
    ) -> Self:
        """Enter it. `registered_at` is for a record brought from elsewhere."""
        new = cls.begin(recommendation_id(register, facts.id))
        new.register, new.facts = register, facts
        new._happen(events.RecommendationRegistered, by, facts=facts, registered_at=registered_at)
        return new

    def add_element(self, element: Element, by: str, registered_at: datetime | None = None) -> None:
        self._refuse_when_withdrawn()
        if element.id in self.elements:
            raise Refused(refusal("“{id}” already has an element “{element}”.", id=self.facts.id, element=element.id))
        if any(not kept.assessment.element for kept in self.published.values()):
            raise Refused(
                refusal(
                    "“{id}” was assessed as a whole, so it can no longer be divided into elements.", id=self.facts.id
                )
            )
        if not element.core and not any(e.core for e in self.elements.values()):
            raise Refused(refusal("The first element of “{id}” must be a core one.", id=self.facts.id))
        self._happen(events.ElementAdded, by, element=element, registered_at=registered_at)

    def amend(
        self, fact: RecommendationFacts | Element, by: str, why: str, checked: tuple[str, ...], *, is_open: bool
    ) -> None:
        """Put its facts, or those of an element, in the place of what they were."""
        self._refuse_when_withdrawn()
        before = self.elements.get(fact.id) if isinstance(fact, Element) else self.facts
        if before is None:
            raise Refused(refusal("“{id}” has no element “{element}”.", id=self.facts.id, element=fact.id))
        refuse(against_amending(before, fact, why, checked, is_open=is_open))
        if isinstance(fact, Element):
            self._happen(events.ElementAmended, by, element=fact, why=why, checked=checked)
        else:
            self._happen(events.RecommendationAmended, by, facts=fact, why=why, checked=checked)

    # Cards

    def draft_criteria(self, card: SuccessCriteria, by: str) -> None:
        self._refuse_when_withdrawn()
        self._refuse_wrong_item(card.element)
        self._happen(events.CriteriaDrafted, by, card=replace(card, author=card.author or by))

    def approve_criteria(self, element: str, by: str) -> None:
        card = self.drafts.get(element)
        if card is None:
            raise Refused(f"There is no draft of a card for {self.name_of(element)} to approve.")
        if card.author == by:
            raise Refused(refusal("A card is approved by a person other than its author (rule 10).", rule=10))
        self.import_criteria(card, by, approved_by=by)

    def import_criteria(
        self, card: SuccessCriteria, by: str, *, approved_by: str, approved_at: datetime | None = None
    ) -> None:
        """Approve a card that needs no draft here, since it was agreed elsewhere."""
        self._refuse_wrong_item(card.element)
        number = self.cards.get(card.element, 0) + 1
        self._happen(
            events.CriteriaApproved, by, card=card, number=number, approved_by=approved_by, approved_at=approved_at
        )

    # Assessments

    def propose(self, assessment: Assessment, by: str, setting: JudgingContext, sources: Sources) -> None:
        self._refuse_when_withdrawn()
        self._refuse_known_id(assessment.id)
        refuse(self.objections(assessment, setting, sources))
        proposal = replace(assessment, proposed_by=by)
        self._happen(events.AssessmentProposed, by, at=setting.at, assessment=proposal)

    def publish(self, assessment_id: str, by: str, setting: JudgingContext, sources: Sources) -> None:
        """Publish a proposal under rules 1 to 10."""
        self._refuse_when_withdrawn()
        proposal = self._proposal(assessment_id)
        refuse(policy.against_publishing(self, proposal, by, setting, sources))
        self._publish(proposal, by, setting, sources)

    def _publish(self, proposal: Assessment, by: str, setting: JudgingContext, sources: Sources) -> None:
        final = with_defaults(proposal, sources, setting.methodology)
        self._happen(
            events.AssessmentPublished,
            by,
            at=setting.at,
            assessment=final,
            published_by=by,
            card=self.cards[proposal.element],
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
        """Take over an assessment that a finished record published. The importer has judged it."""
        self._refuse_known_id(assessment.id)
        self._happen(
            events.AssessmentPublished,
            by,
            at=at,
            assessment=assessment,
            published_by=published_by,
            published_at=published_at,
            card=self.cards.get(assessment.element, 0),
            legacy=legacy,
        )

    def schedule(
        self, assessment_id: str, publish_at: datetime, by: str, setting: JudgingContext, sources: Sources
    ) -> None:
        """Approve a proposal for an instant that lies ahead. The rules judge it again at its hour."""
        proposal = self._proposal(assessment_id)
        found = policy.against_publishing(self, proposal, by, setting, sources)
        if publish_at <= setting.at:
            found.append(
                refusal("The instant has passed already; publish it now, or choose a later one.", field="publish_at")
            )
        refuse(found)
        self._happen(events.AssessmentScheduled, by, at=setting.at, assessment=assessment_id, publish_at=publish_at)

    def return_to_author(self, assessment_id: str, note: str, by: str) -> None:
        self._proposal(assessment_id)
        if assessment_id in self.returned:
            raise Refused(refusal("“{id}” was returned already; its author has not revised it yet.", id=assessment_id))
        if not note.strip():
            raise Refused(refusal("Say what is to be mended, so that its author can.", field="note"))
        self._happen(events.AssessmentReturned, by, assessment=assessment_id, note=note)

    def revise(self, assessment: Assessment, by: str, setting: JudgingContext, sources: Sources) -> None:
        """Put a better proposal in the place of one; whoever revises it is its proposer from now on (rule 9)."""
        self._refuse_when_withdrawn()
        before = self._proposal(assessment.id)
        if assessment.element != before.element:
            raise Refused(refusal("A proposal stays about the item it was made for; propose anew for another."))
        refuse(self.objections(assessment, setting, sources))
        self._happen(events.AssessmentRevised, by, at=setting.at, assessment=replace(assessment, proposed_by=by))

    def decline(self, assessment_id: str, why: str, by: str) -> None:
        self._proposal(assessment_id)
        if not why.strip():
            raise Refused(
                refusal("Say why the proposal is declined, so that its author can learn from it.", field="note")
            )
        self._happen(events.AssessmentDeclined, by, assessment=assessment_id, why=why)

    def withdraw_assessment(
        self, assessment_id: str, reason: str, by: str, setting: JudgingContext, replaced_by: str = ""
    ) -> None:
        kept = self.standing(assessment_id)
        refuse(policy.against_withdrawing(self, kept, reason, by, setting, replaced_by))
        self.import_withdrawal(assessment_id, reason, by, setting.at, withdrawn_by=by, replaced_by=replaced_by)

    def replace_assessment(
        self, assessment_id: str, reason: str, better: Assessment, by: str, setting: JudgingContext, sources: Sources
    ) -> bool:
        """Withdraw one and propose another in its place, or neither.

        Returns whether the other was published with it: where rule 9 asks for a second person, it waits for one,
        and the public withdrawal does not name it.
        """
        kept = self.standing(assessment_id)
        better = replace(better, proposed_by=by)
        found = policy.against_withdrawing(self, kept, reason, by, setting)
        at_once = not needs_second_person(better, setting)
        if at_once:
            found += policy.against_publishing(self, better, by, setting, sources, without=assessment_id)
        else:
            found += self.objections(better, setting, sources, without=assessment_id)
        refuse(found)
        replaced_by = better.id if at_once else ""
        self.import_withdrawal(assessment_id, reason, by, setting.at, withdrawn_by=by, replaced_by=replaced_by)
        self._happen(events.AssessmentProposed, by, at=setting.at, assessment=better)
        if at_once:
            self._publish(better, by, setting, sources)
        return at_once

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
        """Take over a withdrawal that a finished record made."""
        self._happen(
            events.AssessmentWithdrawn,
            by,
            at=at,
            assessment=assessment_id,
            element=self.published[assessment_id].assessment.element,
            reason=reason,
            withdrawn_by=withdrawn_by,
            withdrawn_at=withdrawn_at,
            replaced_by=replaced_by,
        )

    def withdraw(self, reason: str, by: str, setting: JudgingContext) -> None:
        """Take the whole recommendation back: it was entered by mistake."""
        self._refuse_when_withdrawn()
        found = []
        if not reason.strip():
            found.append(refusal("Say why it is withdrawn; the reason is shown in public.", field="reason"))
        if setting.asks_for_two_people and by == self.registered_by:
            found.append(
                refusal("A withdrawal is made by somebody other than the person who entered it (rule 9).", rule=9)
            )
        refuse(found)
        self.import_own_withdrawal(reason, by, withdrawn_by=by)

    def import_own_withdrawal(
        self, reason: str, by: str, *, withdrawn_by: str, withdrawn_at: datetime | None = None
    ) -> None:
        """Take over a finished record's withdrawal of the whole recommendation."""
        self._happen(
            events.RecommendationWithdrawn,
            by,
            reason=reason,
            withdrawn_by=withdrawn_by,
            withdrawn_at=withdrawn_at,
        )

    # Judging

    def objections(
        self, assessment: Assessment, setting: JudgingContext, sources: Sources, without: str = ""
    ) -> list[Refusal]:
        """What rules 1 to 8 hold against an assessment at an instant; see `policy`."""
        return policy.objections(self, assessment, setting, sources, without)

    def earlier(self, element: str) -> list[Earlier]:
        """What was published of an item until now and is not withdrawn."""
        return [
            kept.earlier
            for kept in self.published.values()
            if kept.assessment.element == element and not kept.withdrawn_at
        ]

    def kind_of(self, element: str) -> Kind:
        return self.elements[element].kind if element else self.facts.kind

    def item_problem(self, element: str) -> str | None:
        """Why an assessment or card cannot be about this item, or None when it can."""
        if element and element not in self.elements:
            return f"“{self.facts.id}” has no element “{element}”."
        if not element and self.elements:
            return f"“{self.facts.id}” has elements; name the one you mean: {', '.join(self.elements)}."
        return None

    def knows(self, assessment_id: str) -> bool:
        return assessment_id in self.published or assessment_id in self.proposals or assessment_id in self.declined

    # What events change

    def apply_published(self, assessment: Assessment, at: datetime) -> None:
        self.proposals.pop(assessment.id, None)
        self.returned.discard(assessment.id)
        self.scheduled.pop(assessment.id, None)
        effective = first_day(assessment.effective_on)
        order = len(self.published)
        earlier = Earlier(assessment.id, assessment.status, effective, at, order, assessment.methodology)
        self.published[assessment.id] = PublishedAssessment(assessment, earlier)

    def apply_withdrawn(self, assessment_id: str, at: datetime) -> None:
        self.published[assessment_id].withdrawn_at = at

    # Helpers

    def _happen(self, event: type[Event], by: str, at: datetime | None = None, **fields: Any) -> None:
        self.trigger(event, by, at, register=self.register, recommendation=self.facts.id, **fields)

    def standing(self, assessment_id: str) -> PublishedAssessment:
        """A published assessment that is not withdrawn."""
        kept = self.published.get(assessment_id)
        if kept is None:
            raise Refused(refusal("“{id}” is not published, so it cannot be withdrawn.", id=assessment_id))
        if kept.withdrawn_at:
            raise Refused(refusal("“{id}” is withdrawn already.", id=assessment_id))
        return kept

    def _proposal(self, assessment_id: str) -> Assessment:
        if proposal := self.proposals.get(assessment_id):
            return proposal
        if assessment_id in self.published:
            raise Refused(refusal("“{id}” is published already.", id=assessment_id))
        if assessment_id in self.declined:
            raise Refused(refusal("“{id}” was declined.", id=assessment_id))
        raise Refused(refusal("There is no proposal “{id}”.", id=assessment_id))

    def name_of(self, element: str) -> str:
        return f"“{self.facts.id}”, element “{element}”," if element else f"“{self.facts.id}”"

    def _refuse_known_id(self, assessment_id: str) -> None:
        if self.knows(assessment_id):
            raise Refused(refusal("There is an assessment “{id}” already.", id=assessment_id))

    def _refuse_wrong_item(self, element: str) -> None:
        if wrong := self.item_problem(element):
            raise Refused(wrong)

    def _refuse_when_withdrawn(self) -> None:
        if self.is_withdrawn:
            raise Refused(refusal("“{id}” is withdrawn; nothing can be added to it.", id=self.facts.id))
