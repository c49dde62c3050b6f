"""Handlers of the commands about evidence."""

from domain.commands import KeepFile, NoteEvidence
from domain.errors import NotFound, Refused, refusal
from domain.evidence.aggregate import Evidence
from domain.evidence.record import EvidenceRecord
from domain.handlers.context import Changes, CommandContext
from domain.ids import evidence_id


def note_evidence(context: CommandContext[NoteEvidence]) -> Changes:
    command = context.command
    context.load_register()
    if context.store.find(Evidence, evidence_id(command.register, command.facts.id)):
        raise Refused(refusal("There is already evidence “{id}”.", id=command.facts.id))
    record = EvidenceRecord(key=command.key, salt=command.salt, text=command.text)
    return Changes((Evidence.note(command.register, command.facts, record, context.by),), records=(record,))


def keep_file(context: CommandContext[KeepFile]) -> Changes:
    command = context.command
    evidence = context.store.find(Evidence, evidence_id(command.register, command.evidence))
    if evidence is None:
        raise NotFound(refusal("There is no evidence “{id}” in this register.", id=command.evidence))
    evidence.keep_file(command.sha256, command.kind, command.size, context.by)
    return Changes((evidence,))
