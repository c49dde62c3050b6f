"""The typed rows of a bundle: facts of the domain, with line number and further columns."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from domain.errors import Refusal
from domain.values import (
    Addressee,
    Assessment,
    Body,
    DeadlineFacts,
    DevelopmentFacts,
    Element,
    EvidenceFacts,
    EvidenceText,
    Logo,
    Publication,
    RecommendationFacts,
    RegisterSettings,
    Relation,
    ResponseFacts,
    ReviewSchedule,
    SuccessCriteria,
    Theme,
)


class ThemeRow(Struct, frozen=True, gc=False):
    line: int
    fact: Theme


class PublicationRow(Struct, frozen=True, gc=False):
    line: int
    fact: Publication


class BodyRow(Struct, frozen=True, gc=False):
    """With the body that it became part of, if it was merged."""

    line: int
    fact: Body
    merged_into: str = ""
    merged_on: str = ""
    merged_why: str = ""
    merged_at: datetime | None = None


class RecommendationRow(Struct, frozen=True, gc=False):
    line: int
    fact: RecommendationFacts
    registered_at: datetime | None = None


class ElementRow(Struct, frozen=True, gc=False):
    """`registered_at` is None if the element was registered with its recommendation."""

    line: int
    fact: Element
    recommendation: str
    registered_at: datetime | None = None


class CardRow(Struct, frozen=True, gc=False):
    """A draft if `approved_by` is empty."""

    line: int
    fact: SuccessCriteria
    recommendation: str
    approved_by: str = ""
    approved_at: datetime | None = None


REMOVED_TITLE = "[text removed]"
"""The title in files of a source whose texts were removed permanently."""


class EvidenceRow(Struct, frozen=True, gc=False):
    line: int
    fact: EvidenceFacts
    text: EvidenceText


class AssessmentRow(Struct, frozen=True, gc=False):
    line: int
    fact: Assessment
    recommendation: str
    published_by: str = ""
    published_at: datetime | None = None
    legacy: bool = False


class WithdrawalRow(Struct, frozen=True, gc=False):
    """The withdrawal of an assessment or of a whole recommendation."""

    line: int
    assessment: str
    recommendation: str
    reason: str
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    replaced_by: str = ""


class DevelopmentRow(Struct, frozen=True, gc=False):
    line: int
    fact: DevelopmentFacts


class ResponseRow(Struct, frozen=True, gc=False):
    line: int
    fact: ResponseFacts
    recommendation: str
    published_by: str = ""
    published_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_reason: str = ""


class AddresseeRow(Struct, frozen=True, gc=False):
    line: int
    fact: Addressee
    recommendation: str


class DeadlineRow(Struct, frozen=True, gc=False):
    """A deadline, with its withdrawal if it was withdrawn."""

    line: int
    fact: DeadlineFacts
    recommendation: str
    published_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_reason: str = ""


class RelationRow(Struct, frozen=True, gc=False):
    """`from_` is the recommendation that states the relation; the column is `from`."""

    line: int
    fact: Relation
    from_: str
    published_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_reason: str = ""


BundleRow = (
    ThemeRow
    | PublicationRow
    | BodyRow
    | RecommendationRow
    | ElementRow
    | CardRow
    | EvidenceRow
    | AssessmentRow
    | WithdrawalRow
    | DevelopmentRow
    | ResponseRow
    | DeadlineRow
    | RelationRow
    | AddresseeRow
)


class Bundle(Struct, frozen=True, kw_only=True):
    """A whole register as a bundle. `notes` say what was assumed or left out when it was read."""

    settings: RegisterSettings
    logo: Logo = Logo()
    opened_at: datetime | None = None
    reviews: tuple[ReviewSchedule, ...] = ()
    themes: tuple[ThemeRow, ...] = ()
    publications: tuple[PublicationRow, ...] = ()
    bodies: tuple[BodyRow, ...] = ()
    recommendations: tuple[RecommendationRow, ...] = ()
    elements: tuple[ElementRow, ...] = ()
    cards: tuple[CardRow, ...] = ()
    evidence: tuple[EvidenceRow, ...] = ()
    assessments: tuple[AssessmentRow, ...] = ()
    withdrawals: tuple[WithdrawalRow, ...] = ()
    developments: tuple[DevelopmentRow, ...] = ()
    responses: tuple[ResponseRow, ...] = ()
    deadlines: tuple[DeadlineRow, ...] = ()
    relations: tuple[RelationRow, ...] = ()
    addressees: tuple[AddresseeRow, ...] = ()
    notes: tuple[Refusal, ...] = ()
    files: dict[str, str] = {}
    """What the person calls the file or sheet of a table, by its file in a bundle, where that is another."""

    def batches(self, table: str) -> Iterator[Sequence[Any]]:
        """The rows of a table, at once."""
        yield getattr(self, table)


class BundleTables(Struct, frozen=True, kw_only=True):
    """A whole register whose rows are read as often as they are asked for, some hundreds at a time."""

    settings: RegisterSettings
    logo: Logo
    opened_at: datetime | None
    reviews: tuple[ReviewSchedule, ...]
    batches: Callable[[str], Iterator[Sequence[Any]]]


AnyBundle = Bundle | BundleTables
