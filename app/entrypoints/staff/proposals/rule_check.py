"""Checks a proposal against the rules before it is sent; stores nothing."""

from app.adapters.record import Record
from app.presentation.i18n.translation import LazyText
from domain.codes import Reason
from domain.errors import Refusal
from domain.evidence.aggregate import Evidence
from domain.ids import evidence_id, recommendation_id, register_id
from domain.recommendation import policy
from domain.recommendation.aggregate import Recommendation
from domain.recommendation.events import AssessmentPublished
from domain.recommendation.judging_context import JudgingContext, Sources
from domain.register.aggregate import Register
from domain.values import Assessment

PASSED = (
    ({1, 5}, LazyText("The status fits what is asked.")),
    ({3, 4, 6}, LazyText("The status may follow the one before.")),
    ({2}, LazyText("The reason fits what was published before.")),
    ({7}, LazyText("The day fits the days published before.")),
    ({8}, LazyText("The evidence supports it.")),
)
"""What is right where none of these rules is broken."""


class RuleCheck:
    """The current recommendation, against which a proposal is checked."""

    def __init__(self, record: Record, register: str, recommendation: str) -> None:
        self.record, self.register = record, register
        self.recommendation = record.tracker.load(Recommendation, recommendation_id(register, recommendation))
        settings = record.tracker.load(Register, register_id(register)).settings
        self.context = JudgingContext.of(settings, record.clock())

    @property
    def version(self) -> str:
        return str(self.recommendation.version)

    def objections(self, assessment: Assessment, without: str = "") -> list[Refusal]:
        sources = self._sources(assessment)
        return policy.assessment_refusals(self.recommendation, assessment, self.context, sources, without)

    def publication(self, assessment: Assessment, by: str) -> AssessmentPublished:
        """Returns the event that publishing now would append. Raises `Refused` for unreadable dates."""
        return self.recommendation.publication(assessment, by, self.context, self._sources(assessment))

    def passed(self, objections: list[Refusal]) -> list[str]:
        """Returns what is right about an assessment, in sentences: the rules 1 to 8 that it does not break."""
        broken = {objection.rule for objection in objections}
        return [str(sentence) for rules, sentence in PASSED if not broken & rules]

    def needs_second_person(self, assessment: Assessment) -> bool:
        return policy.needs_second_person(assessment, self.context)

    def second_person_refusals(self, proposal: Assessment, by: str) -> list[Refusal]:
        """Returns why this person cannot publish an open proposal under rule 9."""
        writers = self.recommendation.proposal_writers.get(proposal.id, ())
        return policy.second_person_refusals(proposal, by, self.context, writers)

    def is_first(self, element: str, without: str = "") -> bool:
        return all(e.id == without for e in self.recommendation.earlier(element))

    def usual_reason(self, element: str) -> Reason:
        return Reason.FIRST_ASSESSMENT if self.is_first(element) else Reason.WORLD_CHANGED

    def _sources(self, assessment: Assessment) -> Sources:
        items = ((e, self.record.tracker.find(Evidence, evidence_id(self.register, e))) for e in assessment.evidence)
        return {e: item.facts for e, item in items if item is not None}
