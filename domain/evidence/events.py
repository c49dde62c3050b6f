"""What can happen to an item of evidence."""

from typing import ClassVar

from domain.base import Event
from domain.evidence.state import EvidenceState
from domain.values import EvidenceFacts


class EvidenceEvent(Event, frozen=True, kw_only=True):
    register: str
    facts: EvidenceFacts
    record: str
    digest: str

    def apply(self, aggregate: EvidenceState) -> None:
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
