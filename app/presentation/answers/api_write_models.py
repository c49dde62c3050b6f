"""Models of what the API accepts, and of what it returns for a command."""

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from domain.codes import (
    AddresseeRole,
    Cause,
    Confidence,
    Kind,
    Motion,
    PeerReview,
    Position,
    Reason,
    RelationKind,
    SourceClass,
    Status,
)
from domain.values import (
    Addressee,
    Assessment,
    Author,
    DeadlineFacts,
    DisplayScale,
    ResponseFacts,
    arrange_translations,
)


class ProposalShape(Struct, forbid_unknown_fields=True):
    """A proposed assessment. The rules of the methodology say which fields a status needs.

    `translations` holds its texts in other languages of the register, by language and field.
    """

    status: Status
    effective_on: str
    reason: Reason
    rationale: str
    element: str = ""
    cause: Cause | None = None
    motion: Motion | None = None
    confidence: Confidence | None = None
    statement: str = ""
    rationale_ko: str = ""
    evidence: list[str] = []
    review_by: str = ""
    window_from: str = ""
    window_to: str = ""
    translations: dict[str, dict[str, str]] = {}

    def assessment(self) -> Assessment:
        fields = {name: getattr(self, name) for name in self.__struct_fields__ if name != "rationale_ko"}
        texts = [(code, name, text) for code, named in self.translations.items() for name, text in named.items()]
        if self.rationale_ko:
            texts.append(("ko", "rationale", self.rationale_ko))
        translations = arrange_translations(texts)
        return Assessment(id="", **fields | {"evidence": tuple(self.evidence), "translations": translations})


class ResponseProposalShape(Struct, forbid_unknown_fields=True):
    """A proposed response of a body that was asked. `assessment` is the id of the assessment that it answers."""

    body: str
    position: Position
    given_on: str
    summary: str
    evidence: list[str]
    element: str = ""
    assessment: str = ""
    translations: dict[str, dict[str, str]] = {}

    def facts(self) -> ResponseFacts:
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        texts = [(code, name, text) for code, named in self.translations.items() for name, text in named.items()]
        translations = arrange_translations(texts)
        return ResponseFacts(id="", **fields | {"evidence": tuple(self.evidence), "translations": translations})


class NothingShape(Struct, forbid_unknown_fields=True):
    """An empty object."""


class WhyShape(Struct, forbid_unknown_fields=True):
    why: str


class WithdrawalShape(Struct, forbid_unknown_fields=True):
    """`replaced_by` is the id of the published assessment that replaces it. A `replacement` is proposed in
    the same step, and published if rule 9 needs no second person."""

    reason: str
    replaced_by: str = ""
    replacement: ProposalShape | None = None


class NewDeadlineShape(Struct, forbid_unknown_fields=True):
    """A deadline. `stated_by` is the id of a publication or body, or text; a short `due_on` counts as its last day."""

    due_on: str
    stated_on: str
    stated_by: str
    id: str = ""
    element: str = ""
    evidence: list[str] = []
    note: str = ""
    translations: dict[str, dict[str, str]] = {}

    def facts(self) -> DeadlineFacts:
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        return DeadlineFacts(**fields | {"evidence": tuple(self.evidence)})


class ReasonShape(Struct, forbid_unknown_fields=True):
    reason: str


class DeadlineDoneShape(Struct):
    """The id of the deadline, and the tag for the next command about its recommendation."""

    deadline: str
    tag: str


class StateRelationShape(Struct, forbid_unknown_fields=True):
    """`to` is the id of a recommendation, `register:id`, or an address that starts with https://."""

    relation: RelationKind
    to: str
    on: str = ""
    note: str = ""


class WithdrawRelationShape(Struct, forbid_unknown_fields=True):
    """The reason is public."""

    relation: RelationKind
    to: str
    reason: str


class RelationDoneShape(Struct):
    """The recommendation, and the tag for the next command about it."""

    recommendation: str
    tag: str


class DoneShape(Struct):
    """The id of the assessment, and the tag for the next command about its recommendation."""

    assessment: str
    tag: str


class ResponseDoneShape(Struct):
    """The id of the response, and the tag for the next command about its recommendation."""

    response: str
    tag: str


class NewAddresseeShape(Struct, forbid_unknown_fields=True):
    """Days are 2024, 2024-05 or 2024-05-20; an empty one leaves that side open."""

    body: str
    role: AddresseeRole = AddresseeRole.LEAD
    element: str = ""
    from_on: str = ""
    to_on: str = ""


class AddresseesAmendmentShape(Struct, forbid_unknown_fields=True):
    """All addressees; without any, those that the recommendation was registered with count. `why` is public."""

    addressees: list[NewAddresseeShape]
    why: str = ""

    def rows(self) -> tuple[Addressee, ...]:
        return tuple(
            Addressee(element=row.element, body=row.body, role=row.role, from_on=row.from_on, to_on=row.to_on)
            for row in self.addressees
        )


class AddresseesDoneShape(Struct):
    """The recommendation, and the tag for the next command about it."""

    recommendation: str
    tag: str


class AmendRecommendationShape(Struct, forbid_unknown_fields=True):
    """Fields and translations that are left out stay; an empty translation is removed. `why` is public, and required
    in an open register."""

    why: str = ""
    title: str | UnsetType = UNSET
    summary: str | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    theme: str | UnsetType = UNSET
    number: str | UnsetType = UNSET
    position: int | UnsetType | None = UNSET
    priority: bool | UnsetType = UNSET
    locator: str | UnsetType = UNSET
    publication: str | UnsetType = UNSET
    also_in: list[str] | UnsetType = UNSET
    recommended_on: str | UnsetType = UNSET
    aliases: list[str] | UnsetType = UNSET
    instruments: list[str] | UnsetType = UNSET
    strength: str | UnsetType = UNSET
    indicators: list[str] | UnsetType = UNSET
    translations: dict[str, dict[str, str]] = {}


class AmendElementShape(Struct, forbid_unknown_fields=True):
    """`element` is its id. Fields and translations that are left out stay; an empty translation is removed."""

    element: str
    why: str = ""
    title: str | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    core: bool | UnsetType = UNSET
    done_when: str | UnsetType = UNSET
    translations: dict[str, dict[str, str]] = {}


class AmendmentDoneShape(Struct):
    """The recommendation, and the tag for the next command about it."""

    recommendation: str
    tag: str


class AmendThemeShape(Struct, forbid_unknown_fields=True):
    """Fields and translations that are left out stay; an empty translation is removed."""

    why: str = ""
    title: str | UnsetType = UNSET
    position: int | UnsetType | None = UNSET
    translations: dict[str, dict[str, str]] = {}


class AmendPublicationShape(Struct, forbid_unknown_fields=True):
    """Fields and translations that are left out stay; an empty translation is removed."""

    why: str = ""
    title: str | UnsetType = UNSET
    authors: list[str] | UnsetType = UNSET
    publisher: str | UnsetType = UNSET
    published_on: str | UnsetType = UNSET
    url: str | UnsetType = UNSET
    language: str | UnsetType = UNSET
    translations: dict[str, dict[str, str]] = {}


class AmendBodyShape(Struct, forbid_unknown_fields=True):
    """`parent` is the id of the body above, or empty. Fields and translations that are left out stay; an empty
    translation is removed."""

    why: str = ""
    name: str | UnsetType = UNSET
    short_name: str | UnsetType = UNSET
    parent: str | UnsetType = UNSET
    position: int | UnsetType | None = UNSET
    translations: dict[str, dict[str, str]] = {}


class MergeBodyShape(Struct, forbid_unknown_fields=True):
    """`into` is the id of the body that it became part of, on the day `on`. The reason is public."""

    into: str
    on: str
    why: str


class AmendEvidenceShape(Struct, forbid_unknown_fields=True):
    """Fields and translations that are left out stay; an empty translation is removed."""

    why: str = ""
    title: str | UnsetType = UNSET
    url: str | UnsetType = UNSET
    archived_url: str | UnsetType = UNSET
    publisher: str | UnsetType = UNSET
    source_class: SourceClass | UnsetType = UNSET
    published_on: str | UnsetType = UNSET
    accessed_on: str | UnsetType = UNSET
    language: str | UnsetType = UNSET
    summary: str | UnsetType = UNSET
    translations: dict[str, dict[str, str]] = {}


class ScaleShape(Struct, forbid_unknown_fields=True):
    """A register's own words for the statuses. `titles` and `labels_in` hold the translations, by language."""

    id: str
    title: str
    labels: dict[Status, str]
    titles: dict[str, str] = {}
    labels_in: dict[str, dict[Status, str]] = {}

    def fact(self) -> DisplayScale:
        return DisplayScale(**{name: getattr(self, name) for name in self.__struct_fields__})


class AuthorShape(Struct, forbid_unknown_fields=True):
    """A person whom citations name. `orcid` is an ORCID iD or its address."""

    name: str
    orcid: str = ""
    affiliation: str = ""

    def fact(self) -> Author:
        return Author(name=self.name, orcid=self.orcid, affiliation=self.affiliation)


class AmendSettingsShape(Struct, forbid_unknown_fields=True):
    """Fields and translations that are left out stay; an empty translation is removed.

    `scales` and `authors` replace all. `ror` is a ROR id, `colour` as `#rrggbb`, `doi` that of all reviews together.
    """

    why: str = ""
    title: str | UnsetType = UNSET
    summary: str | UnsetType = UNSET
    languages: list[str] | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET
    methodology: str | UnsetType = UNSET
    peer_review: PeerReview | UnsetType = UNSET
    evidence_to: str | UnsetType = UNSET
    kept_by: str | UnsetType = UNSET
    contact: str | UnsetType = UNSET
    report_errors: str | UnsetType = UNSET
    licence: str | UnsetType = UNSET
    funded_by: str | UnsetType = UNSET
    scales: list[ScaleShape] | UnsetType = UNSET
    default_scale: str | UnsetType = UNSET
    fictional: bool | UnsetType = UNSET
    ror: str | UnsetType = UNSET
    authors: list[AuthorShape] | UnsetType = UNSET
    colour: str | UnsetType = UNSET
    doi: str | UnsetType = UNSET
    cite_as: str | UnsetType = UNSET
    translations: dict[str, dict[str, str]] = {}


class FactDoneShape(Struct):
    """The id of what was amended, and the tag for the next command about it."""

    id: str
    tag: str


AmendFactShape = (
    AmendRecommendationShape
    | AmendElementShape
    | AmendThemeShape
    | AmendPublicationShape
    | AmendBodyShape
    | AmendEvidenceShape
    | AmendSettingsShape
)


def changes_to(shape: AmendFactShape, translations: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The fields that an amendment gives, as facts hold them; `translations` are those that the fact has."""
    given = {n: getattr(shape, n) for n in shape.__struct_fields__ if getattr(shape, n) is not UNSET}
    changes = {n: _as_fact(v) for n, v in given.items() if n not in ("why", "element")}
    texts = {(code, name): text for code, named in translations.items() for name, text in named.items()}
    texts |= {(code, name): text for code, named in shape.translations.items() for name, text in named.items()}
    return changes | {"translations": arrange_translations((code, name, text) for (code, name), text in texts.items())}


def _as_fact(value: object) -> object:
    if not isinstance(value, list):
        return value
    return tuple(item.fact() if isinstance(item, ScaleShape | AuthorShape) else item for item in value)
