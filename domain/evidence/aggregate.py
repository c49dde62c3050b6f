"""What can be done with an item of evidence. Its text is stored beside the log; its events hold facts and a digest."""

from typing import Self

from domain.evidence.events import EvidenceDisclosed, EvidenceEvent, EvidenceFileKept, EvidenceNoted
from domain.evidence.record import EvidenceRecord
from domain.evidence.state import EvidenceState
from domain.ids import evidence_id
from domain.values import EvidenceFacts


class Evidence(EvidenceState):
    @classmethod
    def note(cls, register: str, facts: EvidenceFacts, record: EvidenceRecord, by: str) -> Self:
        """Record an item for staff use."""
        return cls._record(EvidenceNoted, register, facts, record, by)

    @classmethod
    def import_public(cls, register: str, facts: EvidenceFacts, record: EvidenceRecord, by: str) -> Self:
        """Record an item that is public from the start."""
        return cls._record(EvidenceDisclosed, register, facts, record, by)

    def disclose(self, by: str) -> None:
        """Make it public, because something published rests on it. Does nothing if it is public already."""
        if not self.is_public:
            self.trigger(
                EvidenceDisclosed,
                by,
                register=self.register,
                facts=self.facts,
                record=self.record,
                digest=self.digest,
            )

    def keep_file(self, sha256: str, kind: str, size: int, by: str) -> None:
        """Record that a copy is in the locker. Does nothing if the same bytes are there already."""
        if sha256 not in self.file_digests:
            self.trigger(
                EvidenceFileKept,
                by,
                register=self.register,
                evidence=self.facts.id,
                sha256=sha256,
                kind=kind,
                size=size,
            )

    @classmethod
    def _record(
        cls, event: type[EvidenceEvent], register: str, facts: EvidenceFacts, record: EvidenceRecord, by: str
    ) -> Self:
        evidence = cls.begin(evidence_id(register, facts.id))
        evidence.trigger(event, by, register=register, facts=facts, record=record.key, digest=record.digest)
        return evidence
