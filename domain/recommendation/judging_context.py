"""What a judgement about a recommendation depends on besides itself, and what is kept of those before."""

from datetime import datetime

from msgspec import Struct

from domain.codes import PeerReview
from domain.methodology import HIGH_STAKES
from domain.rules import Earlier
from domain.values import Assessment


class JudgingContext(Struct, frozen=True):
    """What of the register a judgement depends on, and the instant at which it is made."""

    time_zone: str
    methodology: str
    peer_review: PeerReview
    at: datetime


class PublishedAssessment(Struct):
    """A published assessment; `withdrawn_at` is set once it is taken back."""

    assessment: Assessment
    earlier: Earlier
    withdrawn_at: datetime | None = None


def needs_second_person(assessment: Assessment, peer_review: PeerReview) -> bool:
    """Whether rule 9 asks for a second person."""
    if peer_review is PeerReview.NEVER:
        return False
    return peer_review is PeerReview.ALWAYS or assessment.status in HIGH_STAKES
