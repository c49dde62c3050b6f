"""What the scorecards answer: counts, standings, and what changed between two of them."""

from datetime import date, datetime

from msgspec import Struct

from domain.codes import Bucket, Confidence, Freshness, Kind, Motion, Status


class Counts(Struct, frozen=True):
    """A scorecard's numbers at one pair of times. Percentages are over `rated`."""

    totals: dict[Status, int]
    buckets: dict[Bucket, int]
    rated: int
    ever_done: int
    still_done: int
    stale: int
    legacy: int

    @property
    def on_scorecard(self) -> int:
        return sum(self.totals.values())


class Peak(Struct, frozen=True):
    """The highest rank held since the recommendation was made, and the first day it was held."""

    status: Status
    on: date


class ElementStanding(Struct, frozen=True):
    id: str
    kind: Kind
    core: bool
    status: Status
    since: str | None
    motion: Motion | None = None
    confidence: Confidence | None = None
    freshness: Freshness | None = None
    assessment: str | None = None
    legacy: bool = False


class Standing(Struct, frozen=True):
    """How a recommendation stands at one pair of times. `since` is as precise as it was written."""

    id: str
    kind: Kind
    theme: str
    status: Status
    since: str | None
    motion: Motion | None
    confidence: Confidence | None
    freshness: Freshness | None
    review_by: date | None
    peak: Peak | None
    assessment: str | None
    legacy: bool
    elements: tuple[ElementStanding, ...] = ()


class TimePair(Struct, frozen=True):
    """A pair of times: the day in the world, and the instant of the register's knowledge (UTC)."""

    as_of: date
    known_at: datetime


class ComparisonRow(Struct, frozen=True):
    """One row of a comparison (methodology, section 8)."""

    id: str
    a: Status | None
    b: Status | None
    c: Status | None
    direction: str
    learned: bool
    changed: bool
    assessments: tuple["CausingAssessment", ...]


class CausingAssessment(Struct, frozen=True):
    id: str
    reason: str


DIRECTIONS = ("up", "down", "reversed", "level", "unchanged", "added", "removed")
