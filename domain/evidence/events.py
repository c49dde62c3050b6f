"""What can happen to an item of evidence."""

from datetime import datetime
from typing import Any, ClassVar

from domain.base import Event
from domain.codes import RemovalReason
from domain.evidence.state import EvidenceState
from domain.values import EvidenceFacts


class EvidenceEvent(Event, frozen=True, kw_only=True):
    register: str
    facts: EvidenceFacts
    record: str
    digest: str

    def apply(self, aggregate: EvidenceState) -> None:
        if self.record != aggregate.record:
            aggregate.text_removal = None
        aggregate.register, aggregate.facts = self.register, self.facts
        aggregate.record, aggregate.digest = self.record, self.digest


class EvidenceNoted(EvidenceEvent, frozen=True, kw_only=True, tag="evidence.noted"):
    """Recorded for staff; nothing public rests on it yet."""

    PUBLIC: ClassVar[bool] = False


class EvidenceDisclosed(EvidenceEvent, frozen=True, kw_only=True, tag="evidence.disclosed"):
    """Public from now on: something public rests on it, or it was imported with a public record."""

    def apply(self, aggregate: EvidenceState) -> None:
        super().apply(aggregate)
        aggregate.is_public = True


class EvidenceAmendment(EvidenceEvent, frozen=True, kw_only=True):
    """Replaces the facts and the text. `why` is public; the earlier text stays beside the log."""

    why: str = ""


class EvidenceNoteAmended(EvidenceAmendment, frozen=True, kw_only=True, tag="evidence.note_amended"):
    """Nothing public rests on it yet."""

    PUBLIC: ClassVar[bool] = False


class EvidenceAmended(EvidenceAmendment, frozen=True, kw_only=True, tag="evidence.amended"):
    """A public item was amended."""


class TextRemoval(Event, frozen=True, kw_only=True):
    """All texts of the source were removed permanently, with their records beside the log. Its facts stay."""

    register: str
    evidence: str
    reason: RemovalReason
    removed_at: datetime | None = None

    def apply(self, aggregate: EvidenceState) -> None:
        aggregate.text_removal = self


class EvidenceNoteTextRemoved(TextRemoval, frozen=True, kw_only=True, tag="evidence.note_text_removed"):
    """The texts of a source were removed permanently; nothing public rests on it yet.

    `removed_at` is set if that was before this event, in a log that was replaced by an older copy.
    """

    class_version: ClassVar[int] = 2
    PUBLIC: ClassVar[bool] = False

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        """It had no `removed_at`."""


class EvidenceTextRemoved(TextRemoval, frozen=True, kw_only=True, tag="evidence.text_removed"):
    """The texts of a public source were removed permanently. The reason is public.

    `removed_at` is set if that was before this event: before the source became public, or in a log that was replaced by
    an older copy.
    """


class EvidenceRemoved(Event, frozen=True, kw_only=True, tag="evidence.removed"):
    """Removed while the register was prepared; its id can be used again."""

    PUBLIC: ClassVar[bool] = False
    IS_REMOVAL: ClassVar[bool] = True

    register: str
    evidence: str


class EvidenceFileKept(Event, frozen=True, kw_only=True, tag="evidence.file_kept"):
    """A copy of the source was put into the locker. The log proves since when, and which bytes."""

    PUBLIC: ClassVar[bool] = False
    register: str
    evidence: str
    sha256: str
    kind: str
    size: int

    def apply(self, aggregate: EvidenceState) -> None:
        aggregate.file_digests.add(self.sha256)
