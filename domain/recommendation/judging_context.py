"""What a judgement about a recommendation depends on besides itself, and what is kept of those before."""

from datetime import datetime
from typing import Self

from msgspec import Struct

from domain.codes import PeerReview
from domain.methodology.methodology import Methodology
from domain.methodology.rules import Earlier
from domain.methodology.versions import methodology_of
from domain.values import Assessment, RegisterSettings


class JudgingContext(Struct, frozen=True):
    """The settings of a register that a judgement depends on, and the instant at which it is made."""

    time_zone: str
    methodology: Methodology
    peer_review: PeerReview
    at: datetime

    @classmethod
    def of(cls, settings: RegisterSettings, at: datetime) -> Self:
        """Raises `NotFound` when the register is on an unknown version of the methodology."""
        return cls(settings.time_zone, methodology_of(settings.methodology), settings.peer_review, at)

    @property
    def asks_for_two_people(self) -> bool:
        """Whether rule 9 applies to anything in this register."""
        return self.peer_review is not PeerReview.NEVER and self.methodology.applies(9)


class PublishedAssessment(Struct):
    """A published assessment; `withdrawn_at` is set once it is taken back."""

    assessment: Assessment
    earlier: Earlier
    withdrawn_at: datetime | None = None


def needs_second_person(assessment: Assessment, context: JudgingContext) -> bool:
    """Whether rule 9 asks for a second person."""
    if not context.asks_for_two_people:
        return False
    return context.peer_review is PeerReview.ALWAYS or assessment.status in context.methodology.high_stakes
