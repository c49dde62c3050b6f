"""What the rules say of a proposal before it is sent; nothing is stored."""

from app.wiring import Services
from domain.errors import Refusal
from domain.facts import Assessment, EvidenceFacts
from domain.ids import evidence_id, recommendation_id, register_id
from domain.recommendation import Recommendation
from domain.recommendation.setting import Setting, needs_two


class Judgement:
    """A recommendation as it stands, to judge a proposal against."""

    def __init__(self, of: Services, register: str, recommendation: str) -> None:
        self.of, self.register = of, register
        self.recommendation: Recommendation = of.tracker.find(recommendation_id(register, recommendation))
        settings = of.tracker.find(register_id(register)).settings
        self.setting = Setting(settings.time_zone, settings.methodology, settings.peer_review, of.clock())

    @property
    def version(self) -> str:
        return str(self.recommendation.version)

    def objections(self, assessment: Assessment, without: str = "") -> list[Refusal]:
        return self.recommendation.objections(assessment, self.setting, self._sources(assessment), without)

    def needs_two(self, assessment: Assessment) -> bool:
        return needs_two(assessment, self.setting.peer_review)

    def is_first(self, element: str, without: str = "") -> bool:
        return all(e.id == without for e in self.recommendation.earlier(element))

    def _sources(self, assessment: Assessment) -> dict[str, EvidenceFacts]:
        found = ((e, self.of.tracker.find(evidence_id(self.register, e))) for e in assessment.evidence)
        return {e: item.facts for e, item in found if item is not None}
