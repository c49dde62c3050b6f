"""What a register recorded, as plain facts: the only thing that the slow model reads."""

from dataclasses import dataclass
from datetime import datetime

from domain.codes import Confidence, Kind, Motion, Reason, Status


@dataclass(frozen=True)
class Registered:
    """`recommended_on` as written (`YYYY`, `YYYY-MM`, `YYYY-MM-DD`); `at` is the instant of registration, UTC."""

    recommendation: str
    kind: Kind
    theme: str
    recommended_on: str
    at: datetime
    order: int


@dataclass(frozen=True)
class ElementAdded:
    recommendation: str
    element: str
    kind: Kind
    core: bool
    at: datetime
    order: int


@dataclass(frozen=True)
class Published:
    """`element` is `""` for an assessment of the whole; `review_by` is `""` for the methodology's default."""

    recommendation: str
    element: str
    assessment: str
    status: Status
    effective_on: str
    reason: Reason
    at: datetime
    order: int
    motion: Motion | None = None
    confidence: Confidence = Confidence.MEDIUM
    review_by: str = ""
    legacy: bool = False
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Withdrawn:
    assessment: str
    at: datetime
    order: int


@dataclass(frozen=True)
class RecommendationWithdrawn:
    recommendation: str
    at: datetime
    order: int


@dataclass(frozen=True)
class Refiled:
    """A recommendation is filed otherwise from an instant on."""

    recommendation: str
    kind: Kind
    theme: str
    recommended_on: str
    at: datetime
    order: int


@dataclass(frozen=True)
class ElementRefiled:
    recommendation: str
    element: str
    kind: Kind
    core: bool
    at: datetime
    order: int


Fact = Registered | ElementAdded | Refiled | ElementRefiled | Published | Withdrawn | RecommendationWithdrawn
