"""Evidence: a source that assessments rest on. Its text is stored beside the log, its facts and a digest in it."""

from typing import Self

from domain.base import Aggregate
from domain.evidence.events import EvidenceDisclosed, EvidenceEvent, EvidenceFileKept, EvidenceNoted
from domain.evidence.record import EvidenceRecord
from domain.ids import evidence_id
from domain.values import EvidenceFacts


class Evidence(Aggregate):
    register: str
    facts: EvidenceFacts
    record: str
    digest: str
    is_public = False

    def __init__(self) -> None:
        super().__init__()
        self.files: set[str] = set()

    @classmethod
    def note(cls, register: str, facts: EvidenceFacts, record: EvidenceRecord, by: str) -> Self:
        """Record an item for staff use."""
        return cls._record(EvidenceNoted, register, facts, record, by)

    @classmethod
    def import_public(cls, register: str, facts: EvidenceFacts, record: EvidenceRecord, by: str) -> Self:
        """Record an item that is public from the start."""
        return cls._record(EvidenceDisclosed, register, facts, record, by)

    def disclose(self, by: str) -> None:
        """Make it public, since something published rests on it. Does nothing where it is public already."""
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
        """Say that a copy is kept. Does nothing where the same bytes were kept before."""
        if sha256 not in self.files:
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
