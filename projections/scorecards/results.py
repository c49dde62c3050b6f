"""The results of scorecard queries: counts, standings, comparisons."""

from datetime import date, datetime

from msgspec import Struct

from domain.codes import Bucket, Confidence, DeadlineState, Freshness, Kind, Motion, Status


class Counts(Struct, frozen=True):
    """A scorecard's numbers at one pair of times. Percentages are over `rated`.

    `by_bucket` has a number for each bucket and status: under two versions of the methodology, one status may count in
    two buckets. `motions` counts those under way by the motion that is recorded of them as a whole.
    """

    by_bucket: dict[Bucket, dict[Status, int]]
    ever_done: int
    stale: int
    legacy: int
    low_confidence: int = 0
    motions: dict[Motion, int] = {}

    @property
    def totals(self) -> dict[Status, int]:
        return {status: sum(part[status] for part in self.by_bucket.values()) for status in Status}

    @property
    def buckets(self) -> dict[Bucket, int]:
        return {bucket: sum(part.values()) for bucket, part in self.by_bucket.items()}

    @property
    def still_done(self) -> int:
        return sum(self.by_bucket[Bucket.DONE].values())

    @property
    def rated(self) -> int:
        return self.on_scorecard - sum(self.by_bucket[Bucket.NOT_RATED].values())

    @property
    def on_scorecard(self) -> int:
        return sum(sum(part.values()) for part in self.by_bucket.values())


def no_motions() -> dict[Motion, int]:
    """A zero for each motion, to count in."""
    return dict.fromkeys(Motion, 0)


def no_counts() -> dict[Bucket, dict[Status, int]]:
    """A zero for each bucket and status, to count in."""
    return {bucket: dict.fromkeys(Status, 0) for bucket in Bucket}


class Peak(Struct, frozen=True):
    """The status of the highest rank since the recommendation was made, and the first day it had it."""

    status: Status
    on: date
    is_done: bool


class Due(Struct, frozen=True):
    """The deadline in force of an item and its state. `due_on` is as written, `last_day` what counts."""

    id: str
    due_on: str
    stated_on: str
    stated_by: str
    state: DeadlineState
    last_day: date
    first_done: date | None


class DueCounts(Struct, frozen=True):
    """How many items of a scorecard have a deadline in force, by its state."""

    by_state: dict[DeadlineState, int]

    @property
    def with_deadline(self) -> int:
        return sum(self.by_state.values())

    @property
    def overdue(self) -> int:
        return self.by_state[DeadlineState.OVERDUE]


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
    due: Due | None = None

    @property
    def began_on(self) -> str | None:
        """The first day of the status, as precise as it was written."""
        return self.since


class Standing(Struct, frozen=True):
    """The status of a recommendation and its details at one pair of times.

    `since` is the first day of the status, as precise as it was written, and a full date where the status follows from
    elements; `began_on` is as precise as it was written in both cases, for texts that people read. `bucket` and `rank`
    are those of the methodology that the assessment was made under.
    """

    id: str
    kind: Kind
    theme: str
    status: Status
    bucket: Bucket
    rank: int | None
    since: str | None
    motion: Motion | None
    confidence: Confidence | None
    freshness: Freshness | None
    review_by: date | None
    peak: Peak | None
    assessment: str | None
    legacy: bool
    elements: tuple[ElementStanding, ...] = ()
    due: Due | None = None
    began_on: str | None = None


class StatusMark(Struct, frozen=True):
    """What is counted of an item: a recommendation, or a part."""

    status: Status
    bucket: Bucket
    was_done: bool
    """Whether it was done at some time since it was recommended."""
    is_stale: bool
    legacy: bool
    due: DeadlineState | None
    motion: Motion | None
    confidence: Confidence | None


def mark_of(standing: Standing) -> StatusMark:
    return StatusMark(
        status=standing.status,
        bucket=standing.bucket,
        was_done=standing.peak is not None and standing.peak.is_done,
        is_stale=standing.freshness is Freshness.STALE,
        legacy=standing.legacy,
        due=standing.due.state if standing.due else None,
        motion=standing.motion,
        confidence=standing.confidence,
    )


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
