"""What can happen to an item of evidence."""

from typing import TYPE_CHECKING, Any, ClassVar

from domain.base import Event
from domain.values import EvidenceFacts

if TYPE_CHECKING:
    from domain.evidence.aggregate import Evidence


class EvidenceEvent(Event, frozen=True, kw_only=True):
    register: str
    facts: EvidenceFacts
    record: str
    digest: str

    def first(self) -> Any:
        from domain.evidence.aggregate import Evidence

        return Evidence()

    def apply(self, aggregate: "Evidence") -> None:
        aggregate.register, aggregate.facts = self.register, self.facts
        aggregate.record, aggregate.digest = self.record, self.digest


class EvidenceNoted(EvidenceEvent, frozen=True, kw_only=True, tag="evidence.noted"):
    """Recorded for staff; nothing public rests on it yet."""

    PUBLIC: ClassVar[bool] = False


class EvidenceDisclosed(EvidenceEvent, frozen=True, kw_only=True, tag="evidence.disclosed"):
    """Public from here on: something public rests on it, or it came with a public record."""

    def apply(self, aggregate: "Evidence") -> None:
        super().apply(aggregate)
        aggregate.is_public = True


class EvidenceFileKept(Event, frozen=True, kw_only=True, tag="evidence.file_kept"):
    """A copy of the source was put into the locker: this log says since when, and with which digest."""

    PUBLIC: ClassVar[bool] = False
    register: str
    evidence: str
    sha256: str
    kind: str
    size: int

    def apply(self, aggregate: "Evidence") -> None:
        aggregate.files.add(self.sha256)
