"""What the rules say of a proposal before it is sent; nothing is stored."""

from app.bootstrap.container import Services
from domain.codes import Reason
from domain.errors import Refusal
from domain.ids import evidence_id, recommendation_id, register_id
from domain.methodology.rules import with_defaults
from domain.recommendation.aggregate import Recommendation
from domain.recommendation.events import AssessmentPublished
from domain.recommendation.judging_context import JudgingContext, needs_second_person
from domain.values import Assessment, EvidenceFacts


class Judgement:
    """A recommendation as it stands, to judge a proposal against."""

    def __init__(self, of: Services, register: str, recommendation: str) -> None:
        self.of, self.register = of, register
        self.recommendation: Recommendation = of.tracker.find(recommendation_id(register, recommendation))
        settings = of.tracker.find(register_id(register)).settings
        self.setting = JudgingContext.of(settings, of.clock())

    @property
    def version(self) -> str:
        return str(self.recommendation.version)

    def objections(self, assessment: Assessment, without: str = "") -> list[Refusal]:
        return self.recommendation.objections(assessment, self.setting, self._sources(assessment), without)

    def published(self, assessment: Assessment, by: str) -> AssessmentPublished:
        """The event that publishing it now would record, with its defaults filled in.

        Raises `Refused` where a date of it cannot be read.
        """
        final = with_defaults(assessment, self._sources(assessment), self.setting.methodology)
        return AssessmentPublished(
            originator_id=self.recommendation.id,
            originator_version=self.recommendation.version + 1,
            recorded_by=by,
            based_on=self.recommendation.version,
            recorded_at=self.setting.at,
            register=self.register,
            recommendation=self.recommendation.facts.id,
            assessment=final,
            published_by=by,
            card=self.recommendation.cards.get(assessment.element, 0),
        )

    def passed(self, objections: list[Refusal]) -> list[int]:
        """Which of rules 1 to 8 have none; 9 is about who publishes it, 10 about the card."""
        return [rule for rule in range(1, 9) if all(o.rule != rule for o in objections)]

    def needs_two(self, assessment: Assessment) -> bool:
        return needs_second_person(assessment, self.setting)

    def is_first(self, element: str, without: str = "") -> bool:
        return all(e.id == without for e in self.recommendation.earlier(element))

    def usual_reason(self, element: str) -> Reason:
        return Reason.FIRST_ASSESSMENT if self.is_first(element) else Reason.WORLD_CHANGED

    def _sources(self, assessment: Assessment) -> dict[str, EvidenceFacts]:
        found = ((e, self.of.tracker.find(evidence_id(self.register, e))) for e in assessment.evidence)
        return {e: item.facts for e, item in found if item is not None}
