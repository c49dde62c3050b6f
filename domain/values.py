"""The facts that events carry, projections store and bundles write: one definition for all three.

Texts are Unicode in NFC. `…_on` and `date` are days as written (`YYYY`, `YYYY-MM` or `YYYY-MM-DD`); `…_at` are
instants. An absent text is the empty string, an absent list the empty tuple.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

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


class TranslatedFact(Fact, frozen=True, kw_only=True):
    """A fact with texts in the languages of its register; the fields in `TRANSLATED` hold the originals.

    `translations` holds the others by language and field, without empty texts, in alphabetical order.
    """

    TRANSLATED: ClassVar[tuple[str, ...]] = ()

    translations: dict[str, dict[str, str]] = {}


def translation_of(fact: TranslatedFact, field: str, language: str) -> str:
    """The text of a field in another language than the original; empty if there is none."""
    return fact.translations.get(language, {}).get(field, "")


def arrange_translations(texts: Iterable[tuple[str, str, str]]) -> dict[str, dict[str, str]]:
    """Translations as facts hold them, from language, field and text of each."""
    arranged: dict[str, dict[str, str]] = {}
    for language, field, text in sorted(texts):
        if text:
            arranged.setdefault(language, {})[field] = text
    return arranged


def translations_by_name(fact: TranslatedFact) -> dict[str, str]:
    """The translations by `<field>_<language>`, as forms and files name them."""
    return {
        f"{field}_{language}": text for language, texts in fact.translations.items() for field, text in texts.items()
    }


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


class Author(Fact, frozen=True, kw_only=True):
    """A person who writes the reviews of a register. `orcid` is the address of their ORCID iD."""

    name: str
    orcid: str = ""
    affiliation: str = ""


class RegisterSettings(TranslatedFact, frozen=True, kw_only=True, omit_defaults=False):
    """`kept_by` says who keeps the register; `licence` is an SPDX id or an address; `contact` and `report_errors` are
    e-mail addresses or addresses of pages. `languages` are BCP 47 codes, the original first. `default_scale` is the id
    of one of `scales`, or empty. `fictional` marks an invented example on every page. `ror` is the ROR address of the
    institution, `colour` its colour as `#rrggbb`, `doi` the DOI of all reviews together, `cite_as` how to cite them.
    """

    TRANSLATED: ClassVar[tuple[str, ...]] = ("title", "summary", "kept_by", "funded_by", "cite_as")

    id: str
    title: str
    summary: str = ""
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
    fictional: bool = False
    ror: str = ""
    authors: tuple[Author, ...] = ()
    colour: str = ""
    doi: str = ""
    cite_as: str = ""


class Logo(TranslatedFact, frozen=True, kw_only=True):
    """The logo of an institution as PNG, with words in its place; both are empty if there is none."""

    TRANSLATED: ClassVar[tuple[str, ...]] = ("alt",)

    alt: str = ""
    png: bytes = b""


class Theme(TranslatedFact, frozen=True, kw_only=True):
    TRANSLATED: ClassVar[tuple[str, ...]] = ("title",)

    id: str
    title: str
    position: int | None = None


class Publication(TranslatedFact, frozen=True, kw_only=True):
    TRANSLATED: ClassVar[tuple[str, ...]] = ("title",)

    id: str
    title: str
    authors: tuple[str, ...] = ()
    publisher: str
    published_on: str
    url: str = ""
    language: str = ""


class Body(TranslatedFact, frozen=True, kw_only=True):
    TRANSLATED: ClassVar[tuple[str, ...]] = ("name", "short_name")

    id: str
    name: str
    short_name: str = ""
    parent: str = ""
    position: int | None = None


class ReviewSchedule(TranslatedFact, frozen=True, kw_only=True):
    """A stocktaking: once at `as_of`, or every `every_years` on the anniversary of `anniversary_of`."""

    TRANSLATED: ClassVar[tuple[str, ...]] = ("title",)

    id: str
    title: str
    as_of: str = ""
    anniversary_of: str = ""
    years: int | None = None
    every_years: int | None = None


class Snapshot(TranslatedFact, frozen=True, kw_only=True):
    """A frozen package: its pair of times is the review's day and `known_at`; digests are SHA-256 in hexadecimal."""

    TRANSLATED: ClassVar[tuple[str, ...]] = ("summary",)

    known_at: datetime
    log_position: int
    manifest: str
    package: str
    summary: str = ""
    signed_off: bool = False
    reconstructed: bool = False
    doi: str = ""


class PersonalSignature(Fact, frozen=True, kw_only=True):
    """A person's signature of the draft of a review, made with a key of their own.

    `key` is the public key in one line as OpenSSH writes it, `text` the signature as `ssh-keygen -Y sign` writes it.
    """

    key: str
    text: str


class Timestamp(Fact, frozen=True, kw_only=True):
    """A time-stamping authority's proof that the list of files of a frozen package existed by an instant.

    `token` is its whole answer (RFC 3161, DER) in base64.
    """

    at: datetime
    authority: str
    token: str


class RecommendationFacts(TranslatedFact, frozen=True, kw_only=True):
    """`number` is its number as printed; `position` its place in lists. `addressees` are all asked alike, without days,
    where the item has no `Addressee` of its own.
    """

    TRANSLATED: ClassVar[tuple[str, ...]] = ("title", "summary")

    id: str
    title: str
    summary: str
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


class DeadlineFacts(TranslatedFact, frozen=True, kw_only=True):
    """A day by which an item was due, as someone stated it on a day.

    `stated_by` is the id of a publication or body, or text. A short `due_on` counts as its last day.
    """

    TRANSLATED: ClassVar[tuple[str, ...]] = ("note",)

    id: str
    element: str = ""
    due_on: str
    stated_on: str
    stated_by: str
    evidence: tuple[str, ...] = ()
    note: str = ""


class ResponseFacts(TranslatedFact, frozen=True, kw_only=True):
    """What a body that was asked said about an item on a day. `assessment` is set if it answers one."""

    TRANSLATED: ClassVar[tuple[str, ...]] = ("summary",)

    id: str
    element: str = ""
    body: str
    position: Position
    given_on: str
    summary: str
    evidence: tuple[str, ...] = ()
    assessment: str = ""
    proposed_by: str = ""


class Relation(TranslatedFact, frozen=True, kw_only=True):
    """How a recommendation is related to another one.

    `to` is an id of the same register, `register:id`, or an `https://` address.
    """

    TRANSLATED: ClassVar[tuple[str, ...]] = ("note",)

    relation: RelationKind
    to: str
    on: str = ""
    note: str = ""


class Element(TranslatedFact, frozen=True, kw_only=True):
    TRANSLATED: ClassVar[tuple[str, ...]] = ("title", "done_when")

    id: str
    title: str
    kind: Kind
    core: bool
    done_when: str


class SuccessCriteria(TranslatedFact, frozen=True, kw_only=True):
    """The test agreed before the first assessment of an item. `element` is empty for a whole recommendation."""

    TRANSLATED: ClassVar[tuple[str, ...]] = ("counts", "does_not_count", "sources_needed")

    element: str = ""
    counts: str
    does_not_count: str
    sources_needed: str = ""
    author: str = ""


class EvidenceText(TranslatedFact, frozen=True, kw_only=True):
    """The part of evidence that is stored beside the log, so that it can be removed for a person's safety."""

    TRANSLATED: ClassVar[tuple[str, ...]] = ("title", "summary")

    title: str
    url: str = ""
    archived_url: str = ""
    """The address of a copy in an archive, such as the Wayback Machine; empty if none is known."""
    summary: str
    notes: str = ""


class EvidenceFacts(Fact, frozen=True, kw_only=True):
    id: str
    publisher: str
    source_class: SourceClass
    published_on: str = ""
    accessed_on: str = ""
    language: str = ""
    sha256: str = ""


class Assessment(TranslatedFact, frozen=True, kw_only=True):
    """A dated judgement that an item holds a status."""

    TRANSLATED: ClassVar[tuple[str, ...]] = ("statement", "rationale")

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
    evidence: tuple[str, ...] = ()
    proposed_by: str = ""
    review_by: str = ""
    window_from: str = ""
    window_to: str = ""
    methodology: str = ""


class DevelopmentFacts(TranslatedFact, frozen=True, kw_only=True):
    """A dated event in the world that changes no status by itself."""

    TRANSLATED: ClassVar[tuple[str, ...]] = ("summary",)

    id: str
    date: str
    summary: str
    recommendations: tuple[str, ...]
    direction: Direction
    evidence: tuple[str, ...] = ()
