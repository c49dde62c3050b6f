"""Handlers of the commands about evidence."""

from domain import commands as c
from domain.errors import NotFound, Refused
from domain.evidence.aggregate import Evidence
from domain.evidence.record import EvidenceRecord
from domain.handlers.context import Changes, CommandContext
from domain.ids import evidence_id


def note_evidence(asked: CommandContext) -> Changes:
    command: c.NoteEvidence = asked.command
    asked.register()
    if asked.store.find(evidence_id(command.register, command.facts.id)):
        raise Refused(f"There is evidence “{command.facts.id}” already.")
    record = EvidenceRecord(key=command.key, salt=command.salt, text=command.text)
    return Changes((Evidence.note(command.register, command.facts, record, asked.by),), records=(record,))


def keep_file(asked: CommandContext) -> Changes:
    command: c.KeepFile = asked.command
    evidence: Evidence | None = asked.store.find(evidence_id(command.register, command.evidence))
    if evidence is None:
        raise NotFound(f"There is no evidence “{command.evidence}” in this register.")
    evidence.keep_file(command.sha256, command.kind, command.size, asked.by)
    return Changes((evidence,))
