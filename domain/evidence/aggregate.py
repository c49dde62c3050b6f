"""What can be done with an item of evidence. Its text is stored beside the log; its events hold facts and a digest."""

from datetime import datetime
from typing import Self

from domain.codes import RemovalReason, SourceClass
from domain.errors import Refusal, Refused, refusal, refuse
from domain.evidence.events import (
    EvidenceAmended,
    EvidenceDisclosed,
    EvidenceEvent,
    EvidenceFileKept,
    EvidenceNoteAmended,
    EvidenceNoted,
    EvidenceNoteTextRemoved,
    EvidenceRemoved,
    EvidenceTextRemoved,
)
from domain.evidence.record import EvidenceRecord
from domain.evidence.state import EvidenceState
from domain.ids import evidence_id
from domain.text import archive_refusal
from domain.times import first_day
from domain.values import EvidenceFacts


class Evidence(EvidenceState):
    @classmethod
    def note(
        cls, register: str, facts: EvidenceFacts, record: EvidenceRecord, by: str, stream: Self | None = None
    ) -> Self:
        """Record an item for staff use, in the stream of a removed one with the same id if there is one."""
        return cls._record(EvidenceNoted, register, facts, record, by, stream)

    @classmethod
    def import_public(
        cls, register: str, facts: EvidenceFacts, record: EvidenceRecord, by: str, stream: Self | None = None
    ) -> Self:
        """Record an item that is public from the start."""
        return cls._record(EvidenceDisclosed, register, facts, record, by, stream)

    def amend(self, facts: EvidenceFacts, record: EvidenceRecord, by: str, why: str, *, is_open: bool) -> None:
        """Replace the facts and the text. A public item of an open register needs a reason."""
        if facts.source_class is not self.facts.source_class:
            refuse_unclassified(facts, is_open=is_open)
        refusals = _address_refusals(record)
        if self.text_removal and not record.text.title.strip():
            refusals.append(
                refusal("The texts of this source were removed. Enter its title to change it.", field="title")
            )
        elif not record.text.title.strip():
            refusals.append(refusal("Enter a value. This cannot be empty.", field="title"))
        if not facts.publisher.strip():
            refusals.append(refusal("Enter a value. This cannot be empty.", field="publisher"))
        for name in ("published_on", "accessed_on"):
            refusals += _day_refusals(getattr(facts, name), name)
        if self.is_public and is_open and not why.strip():
            refusals.append(refusal("Enter why you changed it. The reason is public.", field="why"))
        refuse(refusals)
        self.trigger(
            EvidenceAmended if self.is_public else EvidenceNoteAmended,
            by,
            register=self.register,
            facts=facts,
            record=record.key,
            digest=record.digest,
            why=why,
        )

    def remove_text(self, reason: RemovalReason, by: str, removed_at: datetime | None = None) -> None:
        """Record that all its texts are removed permanently, or were earlier. Raises `Refused` if that is recorded."""
        if self.text_removal:
            raise Refused(refusal("The texts of this source are already removed."))
        event = EvidenceTextRemoved if self.is_public else EvidenceNoteTextRemoved
        self.trigger(event, by, register=self.register, evidence=self.facts.id, reason=reason, removed_at=removed_at)

    def remove(self, by: str) -> None:
        self.trigger(EvidenceRemoved, by, register=self.register, evidence=self.facts.id)

    def disclose(self, by: str) -> None:
        """Make it public, because something published rests on it. Does nothing if it is public already."""
        if not self.is_public:
            removal = self.text_removal
            self.trigger(
                EvidenceDisclosed,
                by,
                register=self.register,
                facts=self.facts,
                record=self.record,
                digest=self.digest,
            )
            if removal:
                self.trigger(
                    EvidenceTextRemoved,
                    by,
                    register=self.register,
                    evidence=self.facts.id,
                    reason=removal.reason,
                    removed_at=removal.removed_at or removal.recorded_at,
                )

    def keep_file(self, sha256: str, kind: str, size: int, by: str) -> None:
        """Record that a copy is in the locker. Does nothing if the same bytes are there already."""
        if self.text_removal:
            raise Refused(
                refusal("The texts of this source are removed. Change the source before you save a copy of it.")
            )
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
        cls,
        event: type[EvidenceEvent],
        register: str,
        facts: EvidenceFacts,
        record: EvidenceRecord,
        by: str,
        stream: Self | None,
    ) -> Self:
        refuse(_address_refusals(record))
        evidence = stream or cls.begin(evidence_id(register, facts.id))
        evidence.trigger(event, by, register=register, facts=facts, record=record.key, digest=record.digest)
        return evidence


def refuse_unclassified(facts: EvidenceFacts, *, is_open: bool) -> None:
    """Raise `Refused` for a source that an open register would get without its class."""
    if is_open and facts.source_class is SourceClass.UNCLASSIFIED:
        raise Refused(refusal("Choose what kind of source it is. The register is open.", field="source_class"))


def _address_refusals(record: EvidenceRecord) -> list[Refusal]:
    problem = archive_refusal(record.text.url, record.text.archived_url)
    return [problem] if problem else []


def _day_refusals(day: str, name: str) -> list[Refusal]:
    try:
        if day:
            first_day(day)
    except Refused as refused:
        return [reason.about(name) for reason in refused.refusals]
    return []
