"""Evidence: a source that assessments rest on. Its text lies beside the log, its facts and a digest in it."""

from hashlib import sha256
from typing import ClassVar, Self

import msgspec

from domain.base import Aggregate, Event
from domain.facts import EvidenceFacts, EvidenceText
from domain.ids import evidence_id


class EvidenceRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A text kept beside the log under its own key, with the salt that keeps its digest from being guessed."""

    key: str
    salt: str
    text: EvidenceText

    @property
    def stored(self) -> bytes:
        """The bytes that are kept and digested."""
        return msgspec.json.encode({"salt": self.salt, **msgspec.to_builtins(self.text)}, order="sorted")

    @property
    def digest(self) -> str:
        """SHA-256 of the stored bytes, in hexadecimal."""
        return sha256(self.stored).hexdigest()


class EvidenceEvent(Event, frozen=True, kw_only=True):
    register: str
    facts: EvidenceFacts
    record: str
    digest: str

    def first(self) -> "Evidence":
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
    def bring(cls, register: str, facts: EvidenceFacts, record: EvidenceRecord, by: str) -> Self:
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
