"""Models of what the API accepts, and of what it returns for a command."""

from msgspec import UNSET, Struct, UnsetType

from domain.codes import AddresseeRole, Cause, Confidence, Kind, Motion, Position, Reason, RelationKind, Status
from domain.values import Addressee, Assessment, DeadlineFacts, ResponseFacts, arrange_translations


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
    """Fields that are left out stay. `why` is public, and required in an open register."""

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
    indicators: list[str] | UnsetType = UNSET


class AmendElementShape(Struct, forbid_unknown_fields=True):
    """`element` is its id. Fields that are left out stay."""

    element: str
    why: str = ""
    title: str | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    core: bool | UnsetType = UNSET
    done_when: str | UnsetType = UNSET


class AmendmentDoneShape(Struct):
    """The recommendation, and the tag for the next command about it."""

    recommendation: str
    tag: str
