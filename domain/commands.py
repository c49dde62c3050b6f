"""What people can ask for. A command is complete and frozen; the person and the instant are passed in separately."""

from datetime import datetime

from msgspec import Struct

from domain.codes import RelationKind, RemovalReason
from domain.values import (
    Addressee,
    Assessment,
    Body,
    BodyMerge,
    DeadlineFacts,
    DevelopmentFacts,
    Element,
    EvidenceFacts,
    EvidenceText,
    Logo,
    PersonalSignature,
    Publication,
    RecommendationFacts,
    RegisterSettings,
    Relation,
    ResponseFacts,
    ReviewSchedule,
    Snapshot,
    SuccessCriteria,
    Theme,
    Timestamp,
)


class Command(Struct, frozen=True):
    """Names its register. It is carried out completely, or refused with sentences."""

    register: str


class EstablishRegister(Command, frozen=True, kw_only=True):
    settings: RegisterSettings


class OpenRegister(Command, frozen=True, kw_only=True):
    """`without_keeper` opens also a register whose settings name no keeper or no licence.

    `expected_version` is the version of the register that the person saw; None accepts any.
    """

    origin: str
    without_keeper: bool = False
    expected_version: int | None = None


class SetLogo(Command, frozen=True, kw_only=True):
    """Give a register a logo; one without a picture removes it.

    `expected_version` is the version of the register that the person saw; None accepts any.
    """

    logo: Logo
    expected_version: int | None = None


class NameTheme(Command, frozen=True, kw_only=True):
    theme: Theme


class AddPublication(Command, frozen=True, kw_only=True):
    publication: Publication


class NameBody(Command, frozen=True, kw_only=True):
    body: Body


class ScheduleReview(Command, frozen=True, kw_only=True):
    schedule: ReviewSchedule


class OfReview(Command, frozen=True, kw_only=True):
    """`expected_version` is the version of the review that the person saw; None accepts any."""

    review: str
    as_of: str
    expected_version: int | None = None


class DraftSummary(OfReview, frozen=True, kw_only=True):
    """Write the summary that opens the report of a review."""

    summary: str
    translations: dict[str, dict[str, str]] = {}


class SignOffReview(OfReview, frozen=True, kw_only=True):
    """Sign off the draft of a review; `signature` is made with a person's own key, and verified already.

    `name` is public once the review is frozen, and stays in the log.
    """

    name: str = ""

    signature: PersonalSignature | None = None


class EmbargoReview(OfReview, frozen=True, kw_only=True):
    """Freeze a review at another instant than the end of its day."""

    freeze_at: datetime


class SetReviewDoi(OfReview, frozen=True, kw_only=True):
    """Say which DOI is reserved for a review, so that its report can print it; an empty one removes it."""

    doi: str


class FreezeReview(OfReview, frozen=True, kw_only=True):
    """Record that one scheduled occurrence of a review is frozen; its package is stored already."""

    snapshot: Snapshot


class TimestampReview(Command, frozen=True, kw_only=True):
    """Record the answer of a time-stamping authority about a package."""

    review: str
    as_of: str
    timestamp: Timestamp


class WithdrawPackage(OfReview, frozen=True, kw_only=True):
    """Give the package of a frozen review to no one any more; the record of what was frozen stays."""

    reason: RemovalReason


class Amendment(Command, frozen=True, kw_only=True):
    """Replaces the fact that has the same id; see `domain.amendments`.

    `why` is public; `checked` names translations that someone read again and found still right. `expected_tag` is the
    `fact_tag` of the fact that the person saw; an empty one accepts any.
    """

    why: str = ""
    checked: tuple[str, ...] = ()
    expected_tag: str = ""


class AmendRegister(Amendment, frozen=True, kw_only=True):
    fact: RegisterSettings


class AmendTheme(Amendment, frozen=True, kw_only=True):
    fact: Theme


class AmendPublication(Amendment, frozen=True, kw_only=True):
    fact: Publication


class AmendBody(Amendment, frozen=True, kw_only=True):
    fact: Body


class AmendReview(Amendment, frozen=True, kw_only=True):
    fact: ReviewSchedule


class AmendRecommendation(Amendment, frozen=True, kw_only=True):
    recommendation: str
    fact: RecommendationFacts


class AmendElement(Amendment, frozen=True, kw_only=True):
    recommendation: str
    fact: Element


class AmendAddressees(Command, frozen=True, kw_only=True):
    """Replace all addressees with days of a recommendation and its elements.

    Without any, the addressees that the recommendation was registered with count. `why` is public;
    `expected_version` is the version of the recommendation that the person saw; None accepts any.
    """

    recommendation: str
    addressees: tuple[Addressee, ...]
    why: str = ""
    expected_version: int | None = None


class MergeBodies(Command, frozen=True, kw_only=True):
    """Say that a body became part of another one. The reason is public.

    `expected_version` is the version of the register that the person saw; None accepts any.
    """

    merge: BodyMerge
    expected_version: int | None = None


class NoteEvidence(Command, frozen=True, kw_only=True):
    """`key` and `salt` are random, and belong to the text that is stored beside the log."""

    facts: EvidenceFacts
    text: EvidenceText
    key: str
    salt: str


class KeepFile(Command, frozen=True, kw_only=True):
    """`sha256` is the digest of the bytes in the locker, `kind` their file type, `size` their number."""

    evidence: str
    sha256: str
    kind: str
    size: int


class RecordDevelopment(Command, frozen=True, kw_only=True):
    development: DevelopmentFacts


class StateDeadline(Command, frozen=True, kw_only=True):
    """If the id is empty, one is made of the item and the due date."""

    recommendation: str
    deadline: DeadlineFacts


class WithdrawDeadline(Command, frozen=True, kw_only=True):
    """`expected_version` is the version of the deadline that the person saw; None accepts any."""

    recommendation: str
    deadline: str
    reason: str
    expected_version: int | None = None


class RegisterRecommendation(Command, frozen=True, kw_only=True):
    facts: RecommendationFacts


class AddElement(Command, frozen=True, kw_only=True):
    recommendation: str
    element: Element


class DraftCriteria(Command, frozen=True, kw_only=True):
    """`expected_version` is the version of the recommendation that the person saw; None accepts any."""

    recommendation: str
    card: SuccessCriteria
    expected_version: int | None = None


class ApproveCriteria(Command, frozen=True, kw_only=True):
    """`expected_version` is the version of the recommendation that the person saw; None accepts any."""

    recommendation: str
    element: str = ""
    expected_version: int | None = None


class ProposeAssessment(Command, frozen=True, kw_only=True):
    """If the id is empty, one is made of recommendation, element and effective date.

    `expected_version` is the version of the recommendation that the person saw; None accepts any.
    """

    recommendation: str
    assessment: Assessment
    expected_version: int | None = None


class OfAssessment(Command, frozen=True, kw_only=True):
    """`expected_version` is the version of the recommendation that the person saw; None accepts any."""

    recommendation: str
    assessment: str
    expected_version: int | None = None


class PublishAssessment(OfAssessment, frozen=True, kw_only=True):
    pass


class DeclineAssessment(OfAssessment, frozen=True, kw_only=True):
    why: str


class ScheduleAssessment(OfAssessment, frozen=True, kw_only=True):
    """Approve a proposal now, to be published later."""

    publish_at: datetime


class UnscheduleAssessment(OfAssessment, frozen=True, kw_only=True):
    """Call a scheduled publication off. The proposal waits for a decision again, as before."""


class ReturnAssessment(OfAssessment, frozen=True, kw_only=True):
    """Return a proposal to its author, who revises it."""

    note: str


class TakeBackAssessment(OfAssessment, frozen=True, kw_only=True):
    """Take an own proposal back before anyone decides on it, to revise it."""


class ReviseAssessment(Command, frozen=True, kw_only=True):
    """Replace the open proposal that has the same id."""

    recommendation: str
    assessment: Assessment
    expected_version: int | None = None


class WithdrawAssessment(OfAssessment, frozen=True, kw_only=True):
    """`replaced_by` names a published assessment. A `replacement` is proposed in the same step, and published if
    rule 9 requires no second person. Its element is that of the assessment it replaces."""

    reason: str
    replaced_by: str = ""
    replacement: Assessment | None = None


class WithdrawRecommendation(Command, frozen=True, kw_only=True):
    """`expected_version` is the version of the recommendation that the person saw; None accepts any."""

    recommendation: str
    reason: str
    expected_version: int | None = None


class ProposeResponse(Command, frozen=True, kw_only=True):
    """If the id is empty, one is made of recommendation, element, body and day.

    `expected_version` is the version of the recommendation that the person saw; None accepts any.
    """

    recommendation: str
    facts: ResponseFacts
    expected_version: int | None = None


class OfResponse(Command, frozen=True, kw_only=True):
    """`expected_version` is the version of the response that the person saw; None accepts any."""

    recommendation: str
    response: str
    expected_version: int | None = None


class PublishResponse(OfResponse, frozen=True, kw_only=True):
    pass


class DeclineResponse(OfResponse, frozen=True, kw_only=True):
    why: str


class WithdrawResponse(OfResponse, frozen=True, kw_only=True):
    """The reason is public."""

    reason: str


class StateRelation(Command, frozen=True, kw_only=True):
    """Say how a recommendation is related to another one, here or elsewhere.

    `expected_version` is the version of the recommendation that the person saw; None accepts any.
    """

    recommendation: str
    relation: Relation
    expected_version: int | None = None


class WithdrawRelation(Command, frozen=True, kw_only=True):
    """The reason is public."""

    recommendation: str
    relation: RelationKind
    to: str
    reason: str
    expected_version: int | None = None


class AmendEvidence(Command, frozen=True, kw_only=True):
    """Replace the facts and the text of a source. `why` is public.

    `key` and `salt` are random, and belong to the new text, which is stored beside the log. `expected_version` is the
    version of the source that the person saw; None accepts any.
    """

    facts: EvidenceFacts
    text: EvidenceText
    key: str
    salt: str
    why: str = ""
    expected_version: int | None = None


class RemoveEvidenceText(Command, frozen=True, kw_only=True):
    """Remove all texts that a source ever had, permanently; its facts and what cites it stay.

    `removed_at` is when that happened, if the log was replaced by an older copy since. `expected_version` is the
    version of the source that the person saw; None accepts any.
    """

    evidence: str
    reason: RemovalReason
    removed_at: datetime | None = None
    expected_version: int | None = None


class DiscardRegister(Command, frozen=True, kw_only=True):
    """Remove a register that was never opened, with everything in it. Its id can be used again."""


class RemoveTheme(Command, frozen=True, kw_only=True):
    theme: str


class RemovePublication(Command, frozen=True, kw_only=True):
    publication: str


class RemoveBody(Command, frozen=True, kw_only=True):
    body: str


class RemoveReview(Command, frozen=True, kw_only=True):
    review: str


class RemoveEvidence(Command, frozen=True, kw_only=True):
    evidence: str


class RemoveDevelopment(Command, frozen=True, kw_only=True):
    development: str


class RemoveDeadline(Command, frozen=True, kw_only=True):
    recommendation: str
    deadline: str


class RemoveRecommendation(Command, frozen=True, kw_only=True):
    """With its elements, success criteria and assessments."""

    recommendation: str


class RemoveElement(Command, frozen=True, kw_only=True):
    recommendation: str
    element: str


class RemoveCriteria(Command, frozen=True, kw_only=True):
    recommendation: str
    element: str = ""


class RemoveAssessment(Command, frozen=True, kw_only=True):
    """A proposal or a published assessment."""

    recommendation: str
    assessment: str


class RemoveResponse(OfResponse, frozen=True, kw_only=True):
    """A proposal or a published response."""


class RemoveRelation(Command, frozen=True, kw_only=True):
    recommendation: str
    relation: RelationKind
    to: str
