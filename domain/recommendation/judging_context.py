"""What a decision about an assessment depends on, apart from the recommendation itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self

from msgspec import Struct

from domain.codes import PeerReview
from domain.methodology.methodology import Methodology
from domain.methodology.versions import methodology_of
from domain.values import EvidenceFacts, RegisterSettings

Sources = Mapping[str, EvidenceFacts]
"""The cited items of evidence that the register has, by id."""


class JudgingContext(Struct, frozen=True):
    """The settings of the register that a decision depends on, and the instant at which it is made."""

    time_zone: str
    methodology: Methodology
    peer_review: PeerReview
    at: datetime

    @classmethod
    def of(cls, settings: RegisterSettings, at: datetime) -> Self:
        """Raises `NotFound` if the register uses an unknown version of the methodology."""
        return cls(settings.time_zone, methodology_of(settings.methodology), settings.peer_review, at)

    @property
    def asks_for_two_people(self) -> bool:
        """Whether rule 9 applies to anything in this register."""
        return self.peer_review is not PeerReview.NEVER and self.methodology.applies(9)

    @property
    def author_may_approve(self) -> bool:
        """Whether the author of success criteria may approve them (rule 10)."""
        return self.peer_review is PeerReview.NEVER and self.methodology.author_may_approve
