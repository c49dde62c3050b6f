"""What can be done with a recommendation: the assessments of its items are proposed, published and withdrawn."""

from datetime import datetime

from msgspec.structs import replace

from domain.errors import Refused, refusal, refuse
from domain.methodology.rules import with_defaults
from domain.recommendation import events, policy
from domain.recommendation.filing import FiledRecommendation
from domain.recommendation.judging_context import JudgingContext, Sources
from domain.values import Assessment


class Recommendation(FiledRecommendation):
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

    def take_back(self, assessment_id: str, by: str) -> None:
        """Return an open proposal to its author, who is the one who asks."""
        proposal = self.find_proposal(assessment_id)
        if proposal.proposed_by != by:
            raise Refused(refusal("Only its author can take a proposal back."))
        if assessment_id in self.publish_times:
            raise Refused(refusal("It has been approved, so you can no longer take it back."))
        if assessment_id in self.returned_ids:
            raise Refused(refusal("It is with its author already."))
        self._record(events.AssessmentReturned, by, assessment=assessment_id, note="")

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

    def unschedule(self, assessment_id: str, by: str) -> None:
        self.find_proposal(assessment_id)
        if assessment_id not in self.publish_times:
            raise Refused(refusal("The publication is not scheduled, so there is nothing to call off."))
        self._record(events.AssessmentUnscheduled, by, assessment=assessment_id)

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

    # Helpers

    def _propose(self, assessment: Assessment, by: str, context: JudgingContext) -> None:
        self._record(events.AssessmentProposed, by, at=context.at, assessment=replace(assessment, proposed_by=by))

    def _refuse_used_id(self, assessment_id: str) -> None:
        if self.has_assessment(assessment_id):
            raise Refused(refusal("There is already an assessment “{id}”.", id=assessment_id))
