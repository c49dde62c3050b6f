"""The facts that events carry, projections store and bundles write: one definition for all three.

Texts are Unicode in NFC. `…_on` and `date` are days as written (`YYYY`, `YYYY-MM` or `YYYY-MM-DD`); `…_at` are
instants. An absent text is the empty string, an absent list the empty tuple.
"""

from datetime import datetime

from msgspec import Struct

from domain.codes import (
    AddresseeRole,
    Cause,
    Confidence,
    Direction,
    Kind,
    Motion,
    PeerReview,
    Position,
    Reason,
    RelationKind,
    SourceClass,
    Status,
)


class Fact(Struct, frozen=True, omit_defaults=True, gc=False):
    """A value: equal when its fields are equal."""


DEFAULT_METHODOLOGY = "uptake-2026.1"
"""Stored and exchanged settings that name no version are on this one: it never changes."""
DEFAULT_LANGUAGES = ("en", "ko")
"""Those of settings that name none: it never changes."""


class DisplayScale(Fact, frozen=True, kw_only=True):
    """A register's own words for the statuses. `titles` and `labels_in` hold the translations, by language."""

    id: str
    title: str
    labels: dict[Status, str]
    titles: dict[str, str] = {}
    labels_in: dict[str, dict[Status, str]] = {}


class RegisterSettings(Fact, frozen=True, kw_only=True, omit_defaults=False):
    """`kept_by` says who keeps the register; `licence` is an SPDX id or an address; `contact` and `report_errors` are
    e-mail addresses or addresses of pages. `languages` are BCP 47 codes, the original first. `default_scale` is the id
    of one of `scales`, or empty.
    """

    id: str
    title: str
    title_ko: str = ""
    summary: str = ""
    summary_ko: str = ""
    time_zone: str = "UTC"
    methodology: str = DEFAULT_METHODOLOGY
    peer_review: PeerReview = PeerReview.HIGH_STAKES
    evidence_to: str = ""
    languages: tuple[str, ...] = DEFAULT_LANGUAGES
    kept_by: str = ""
    contact: str = ""
    report_errors: str = ""
    licence: str = ""
    funded_by: str = ""
    scales: tuple[DisplayScale, ...] = ()
    default_scale: str = ""


class Theme(Fact, frozen=True, kw_only=True):
    id: str
    title: str
    title_ko: str = ""
    position: int | None = None


class Publication(Fact, frozen=True, kw_only=True):
    id: str
    title: str
    title_ko: str = ""
    authors: tuple[str, ...] = ()
    publisher: str
    published_on: str
    url: str = ""
    language: str = ""


class Body(Fact, frozen=True, kw_only=True):
    id: str
    name: str
    name_ko: str = ""
    short_name: str = ""
    parent: str = ""
    position: int | None = None


class ReviewSchedule(Fact, frozen=True, kw_only=True):
    """A stocktaking: once at `as_of`, or every `every_years` on the anniversary of `anniversary_of`."""

    id: str
    title: str
    title_ko: str = ""
    as_of: str = ""
    anniversary_of: str = ""
    years: int | None = None
    every_years: int | None = None


class Snapshot(Fact, frozen=True, kw_only=True):
    """A frozen package: its pair of times is the review's day and `known_at`; digests are SHA-256 in hexadecimal."""

    known_at: datetime
    log_position: int
    manifest: str
    package: str
    summary: str = ""
    summary_ko: str = ""
    signed_off: bool = False
    reconstructed: bool = False


class Timestamp(Fact, frozen=True, kw_only=True):
    """A time-stamping authority's proof that the list of files of a frozen package existed by an instant.

    `token` is its whole answer (RFC 3161, DER) in base64.
    """

    at: datetime
    authority: str
    token: str


class RecommendationFacts(Fact, frozen=True, kw_only=True):
    """`number` is its number as printed; `position` its place in lists. `addressees` are all asked alike, without days,
    where the item has no `Addressee` of its own.
    """

    id: str
    title: str
    title_ko: str = ""
    summary: str
    summary_ko: str = ""
    kind: Kind
    theme: str
    addressees: tuple[str, ...]
    instruments: tuple[str, ...] = ()
    publication: str
    also_in: tuple[str, ...] = ()
    locator: str = ""
    recommended_on: str
    aliases: tuple[str, ...] = ()
    strength: str = ""
    indicators: tuple[str, ...] = ()
    number: str = ""
    position: int | None = None
    priority: bool = False


class Addressee(Fact, frozen=True, kw_only=True):
    """A body that was asked, on the days from `from_on` to `to_on`; an empty day leaves that side open.

    `element` is empty for the whole recommendation.
    """

    element: str = ""
    body: str
    role: AddresseeRole = AddresseeRole.LEAD
    from_on: str = ""
    to_on: str = ""


class BodyMerge(Fact, frozen=True, kw_only=True):
    """A body that became part of another one on a day, so that what was asked of it is asked of the other."""

    body: str
    into: str
    on: str
    why: str = ""


class DeadlineFacts(Fact, frozen=True, kw_only=True):
    """A day by which an item was due, as someone stated it on a day.

    `stated_by` is the id of a publication or body, or text. A short `due_on` counts as its last day.
    """

    id: str
    element: str = ""
    due_on: str
    stated_on: str
    stated_by: str
    evidence: tuple[str, ...] = ()
    note: str = ""


class ResponseFacts(Fact, frozen=True, kw_only=True):
    """What a body that was asked said about an item on a day. `assessment` is set if it answers one."""

    id: str
    element: str = ""
    body: str
    position: Position
    given_on: str
    summary: str
    evidence: tuple[str, ...] = ()
    assessment: str = ""
    proposed_by: str = ""


class Relation(Fact, frozen=True, kw_only=True):
    """How a recommendation is related to another one.

    `to` is an id of the same register, `register:id`, or an `https://` address.
    """

    relation: RelationKind
    to: str
    on: str = ""
    note: str = ""


class Element(Fact, frozen=True, kw_only=True):
    id: str
    title: str
    title_ko: str = ""
    kind: Kind
    core: bool
    done_when: str
    done_when_ko: str = ""


class SuccessCriteria(Fact, frozen=True, kw_only=True):
    """The test agreed before the first assessment of an item. `element` is empty for a whole recommendation."""

    element: str = ""
    counts: str
    counts_ko: str = ""
    does_not_count: str
    does_not_count_ko: str = ""
    sources_needed: str = ""
    author: str = ""


class EvidenceText(Fact, frozen=True, kw_only=True):
    """The part of evidence that is stored beside the log, so that it can be removed for a person's safety."""

    title: str
    url: str = ""
    summary: str
    summary_ko: str = ""
    notes: str = ""


class EvidenceFacts(Fact, frozen=True, kw_only=True):
    id: str
    publisher: str
    source_class: SourceClass
    published_on: str = ""
    accessed_on: str = ""
    language: str = ""
    sha256: str = ""


class Assessment(Fact, frozen=True, kw_only=True):
    """A dated judgement that an item holds a status."""

    id: str
    element: str = ""
    status: Status
    effective_on: str
    reason: Reason
    cause: Cause | None = None
    motion: Motion | None = None
    confidence: Confidence | None = None
    statement: str = ""
    rationale: str
    rationale_ko: str = ""
    evidence: tuple[str, ...] = ()
    proposed_by: str = ""
    review_by: str = ""
    window_from: str = ""
    window_to: str = ""
    methodology: str = ""


class DevelopmentFacts(Fact, frozen=True, kw_only=True):
    """A dated event in the world that changes no status by itself."""

    id: str
    date: str
    summary: str
    summary_ko: str = ""
    recommendations: tuple[str, ...]
    direction: Direction
    evidence: tuple[str, ...] = ()
