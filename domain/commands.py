"""What people can ask for. A command is complete and frozen; who gives it and when are handed in beside it."""

from datetime import datetime

from msgspec import Struct

from domain.values import (
    Assessment,
    Body,
    DevelopmentFacts,
    Element,
    EvidenceFacts,
    EvidenceText,
    Publication,
    RecommendationFacts,
    RegisterSettings,
    ReviewSchedule,
    Snapshot,
    SuccessCriteria,
    Theme,
    Timestamp,
)


class Command(Struct, frozen=True):
    """Names its register; refused with sentences, or carried out whole."""

    register: str


class EstablishRegister(Command, frozen=True, kw_only=True):
    settings: RegisterSettings


class OpenRegister(Command, frozen=True, kw_only=True):
    origin: str


class NameTheme(Command, frozen=True, kw_only=True):
    theme: Theme


class AddPublication(Command, frozen=True, kw_only=True):
    publication: Publication


class NameBody(Command, frozen=True, kw_only=True):
    body: Body


class ScheduleReview(Command, frozen=True, kw_only=True):
    schedule: ReviewSchedule


class DraftSummary(Command, frozen=True, kw_only=True):
    """What a review will say in its own words."""

    review: str
    as_of: str
    summary: str
    summary_ko: str = ""


class SignOffReview(Command, frozen=True, kw_only=True):
    review: str
    as_of: str


class EmbargoReview(Command, frozen=True, kw_only=True):
    """Freeze it at another instant than the end of its day."""

    review: str
    as_of: str
    freeze_at: datetime


class FreezeReview(Command, frozen=True, kw_only=True):
    """The package is made and kept; this says so for good."""

    review: str
    as_of: str
    snapshot: Snapshot


class TimestampReview(Command, frozen=True, kw_only=True):
    """An authority answered for its package; what it answered is kept for good."""

    review: str
    as_of: str
    timestamp: Timestamp


class Amendment(Command, frozen=True, kw_only=True):
    """Puts a fact as it is from now on in the place of the one with the same id; see `domain.amendments`.

    `why` is what the public reads; `checked` names translations that were read again and still fit.
    """

    why: str = ""
    checked: tuple[str, ...] = ()


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


class NoteEvidence(Command, frozen=True, kw_only=True):
    """`key` and `salt` are random, and belong to the text that is kept beside the log."""

    facts: EvidenceFacts
    text: EvidenceText
    key: str
    salt: str


class KeepFile(Command, frozen=True, kw_only=True):
    """`sha256` is of the bytes that lie in the locker, `kind` what they are, `size` how many."""

    evidence: str
    sha256: str
    kind: str
    size: int


class RecordDevelopment(Command, frozen=True, kw_only=True):
    development: DevelopmentFacts


class RegisterRecommendation(Command, frozen=True, kw_only=True):
    facts: RecommendationFacts


class AddElement(Command, frozen=True, kw_only=True):
    recommendation: str
    element: Element


class DraftCriteria(Command, frozen=True, kw_only=True):
    recommendation: str
    card: SuccessCriteria


class ApproveCriteria(Command, frozen=True, kw_only=True):
    recommendation: str
    element: str = ""


class ProposeAssessment(Command, frozen=True, kw_only=True):
    """An empty id asks for one made of recommendation, element and effective date."""

    recommendation: str
    assessment: Assessment
    expected_version: int | None = None


class OfAssessment(Command, frozen=True, kw_only=True):
    """`seen` is the version of the recommendation that the person had before them, where it is known."""

    recommendation: str
    assessment: str
    expected_version: int | None = None


class PublishAssessment(OfAssessment, frozen=True, kw_only=True):
    pass


class DeclineAssessment(OfAssessment, frozen=True, kw_only=True):
    why: str


class ScheduleAssessment(OfAssessment, frozen=True, kw_only=True):
    """Approve a proposal now, to be published at an instant that lies ahead."""

    publish_at: datetime


class ReturnAssessment(OfAssessment, frozen=True, kw_only=True):
    """Hand a proposal back to its author, who revises it."""

    note: str


class ReviseAssessment(Command, frozen=True, kw_only=True):
    """Put an improved proposal in the place of the one with the same id."""

    recommendation: str
    assessment: Assessment
    expected_version: int | None = None


class WithdrawAssessment(OfAssessment, frozen=True, kw_only=True):
    """`replaced_by` names a published assessment; a `replacement` is proposed in the same step, and published
    where rule 9 asks for no second person. Its element is that of the assessment it replaces."""

    reason: str
    replaced_by: str = ""
    replacement: Assessment | None = None


class WithdrawRecommendation(Command, frozen=True, kw_only=True):
    recommendation: str
    reason: str
