"""Models of what the API returns. They are a public contract, so they never follow a table by accident."""

from msgspec import UNSET, Struct, UnsetType

from app.presentation.answers.api_item_models import (
    AddresseeShape,
    DueCountsShape,
    DueShape,
    RelationShape,
    ResponseShape,
)
from app.presentation.answers.api_values import Count, Day, FirstDay, Instant, JsonObject
from domain.codes import (
    Bucket,
    Confidence,
    Freshness,
    Kind,
    Motion,
    Position,
    Reason,
    Status,
)


class NamedAuthorShape(Struct):
    """A person whom citations name; `orcid` is the address of their ORCID iD, or empty."""

    name: str
    orcid: str = ""
    affiliation: str = ""


class RegisterShape(Struct):
    """`languages` are codes of BCP 47, the original first; `translations` are by language and field.

    `ror` is the ROR address of the institution, `doi` the DOI of all reviews together, `colour` as `#rrggbb`.
    """

    id: str
    title: str
    title_ko: str
    summary: str
    summary_ko: str
    time_zone: str
    methodology: str
    peer_review: str
    evidence_to: str | None
    opened_at: Instant | None
    log_position: Count
    kept_by: str = ""
    contact: str = ""
    report_errors: str = ""
    licence: str = ""
    funded_by: str = ""
    languages: list[str] = []
    fictional: bool = False
    translations: dict[str, dict[str, str]] = {}
    ror: str = ""
    authors: list[NamedAuthorShape] = []
    colour: str = ""
    doi: str = ""
    cite_as: str = ""


class RegistersShape(Struct):
    registers: list[RegisterShape]


class PeakShape(Struct):
    status: Status
    on: Day


class ElementShape(Struct):
    id: str
    title: str
    kind: Kind
    core: bool
    status: Status
    since: str | None
    motion: Motion | None
    confidence: Confidence | None
    freshness: Freshness | None
    assessment: str | None
    legacy: bool
    due: DueShape | None = None
    addressees: list[AddresseeShape] = []


class StandingShape(Struct):
    id: str
    title: str
    kind: Kind
    theme: str
    status: Status
    since: str | None
    motion: Motion | None
    confidence: Confidence | None
    freshness: Freshness | None
    peak: PeakShape | None
    assessment: str | None
    legacy: bool
    elements: list[ElementShape]
    scale_status: str | None = None
    due: DueShape | None = None
    number: str | None = None
    position: int | None = None
    priority: bool = False
    statement: str | None = None
    responses: list[ResponseShape] = []
    relations: list[RelationShape] = []
    addressees: list[AddresseeShape] = []


class ScorecardShape(Struct, omit_defaults=True):
    register: str
    as_of: Day
    known_at: Instant
    log_position: Count
    methodology: str
    reconstructed: bool
    totals: dict[Status, int]
    buckets: dict[Bucket, int]
    rated: Count
    ever_done: Count
    still_done: Count
    stale: Count
    legacy: Count
    recommendations: list[StandingShape]
    responses: dict[Position, int] = {}
    scale: str | None = None
    with_successors: Count = 0
    next: str | None = None
    due: DueCountsShape | None = None


class TimesShape(Struct):
    as_of: Day
    known_at: Instant
    reconstructed: bool


class FirstTimesShape(Struct):
    as_of: FirstDay
    known_at: Instant
    reconstructed: bool


class CauseShape(Struct):
    id: str
    reason: Reason


class ChangeRowShape(Struct):
    id: str
    a: Status | None
    b: Status | None
    c: Status | None
    direction: str
    learned: bool
    changed: bool
    assessments: list[CauseShape]


class CompareShape(Struct, rename={"from_": "from"}):
    register: str
    from_: FirstTimesShape
    to: TimesShape
    rows: list[ChangeRowShape]
    counts: dict[str, int]
    next: str | UnsetType | None = UNSET


class RecommendationShape(Struct):
    register: str
    as_of: Day
    known_at: Instant
    reconstructed: bool
    log_position: Count
    facts: JsonObject
    standing: StandingShape | None
    elements: list[JsonObject]
    cards: list[JsonObject]
    assessments: list[JsonObject]
    developments: list[JsonObject]
    evidence: list[JsonObject]
    responses: list[ResponseShape] = []
    relations: list[RelationShape] = []


class EventShape(Struct):
    position: Count
    recorded_at: Instant
    at: Instant
    topic: str
    event: JsonObject


class EventsShape(Struct):
    register: str
    events: list[EventShape]
    next: int | None


class PublicChangeShape(Struct):
    position: Count
    at: Instant
    kind: str
    recommendation: str | None
    element: str | None
    assessment: str | None
    status: Status | None
    effective_on: str | None
    reason: Reason | None
    why: str
    why_ko: str
    replaced_by: str | None
    legacy: bool
    correction: bool
    response: str | None = None
    body: str | None = None
    stance: Position | None = None
    subject: str | None = None
    effect: "StatusEffectShape | None" = None


class StatusEffectShape(Struct):
    """What a publication or a withdrawal changed about its day: the status of the item before and after, and that of
    the whole recommendation. For a recommendation without parts, the two are the same."""

    recommendation_title: str
    element_title: str | None
    before: Status
    after: Status
    recommendation_before: Status
    recommendation_after: Status


class ChangesShape(Struct):
    register: str
    changes: list[PublicChangeShape]
    next: str | None


class HitShape(Struct):
    kind: str
    id: str
    recommendation: str | None
    title: str
    excerpt: str
    language: str | None
    """That of the excerpt."""


class SearchShape(Struct):
    register: str
    query: str
    hits: list[HitShape]
    recommendations: int
    suggestion: str


class ReviewsShape(Struct):
    register: str
    reviews: list[JsonObject]
    snapshots: list[JsonObject] = []


class Problem(Struct, omit_defaults=True):
    """A problem document (RFC 9457)."""

    title: str
    status: int
    type: str = "about:blank"
    detail: str = ""
    errors: list[str] = []
    fields: dict[str, str] = {}
    """The first sentence about each field or parameter."""


class AssessmentShape(Struct, omit_defaults=True):
    """A published assessment."""

    id: str
    status: Status
    effective_on: str
    reason: Reason
    rationale: str
    element: str | None = None
    statement: str | None = None
    rationale_ko: str | None = None
    confidence: Confidence | None = None
    motion: Motion | None = None
    evidence: list[str] = []
    withdrawn: bool = False


class AssessmentsShape(Struct):
    """`tag` is the ETag, without its quotes."""

    register: str
    recommendation: str
    tag: str
    assessments: list[AssessmentShape]


class RegisterFactShape(Struct):
    """Something that a register names, as it is now. `fact` holds its fields; `merged_into` is set for a body that
    became part of another one; `tag` is what an amendment must send."""

    register: str
    id: str
    fact: JsonObject
    tag: str
    merged_into: str | None = None


class WebhookShape(Struct):
    """What a webhook receives: the event’s topic, when it was recorded, the stored event, and for a publication or a
    withdrawal what it changed."""

    type: str
    timestamp: Instant
    register: str
    data: EventShape
    effect: StatusEffectShape | None = None


class CheckpointShape(Struct):
    """`note` is a signed note as C2SP describes it, null until the first one is made, minutes after the first event.
    `keys` are the public keys, as verifiers read them."""

    note: str | None
    keys: list[str]


class StoredCheckpointShape(Struct):
    """`size` is the number of events under it. Its text and the log's signature never change; witnesses may add
    cosignatures to `note` later."""

    size: Count
    made_at: Instant
    cosignatures: Count
    note: str


class CheckpointsShape(Struct):
    checkpoints: list[StoredCheckpointShape]
    next: str | None


class InclusionShape(Struct):
    """Hashes in hexadecimal; `position` counts from 1, the leaf's index in the tree is one less."""

    position: Count
    size: Count
    leaf: str
    path: list[str]
    root: str


class ConsistencyShape(Struct):
    first: Count
    second: Count
    first_root: str
    second_root: str
    proof: list[str]
