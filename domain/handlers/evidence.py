"""Handlers of the commands about evidence."""

from collections.abc import Callable
from uuid import UUID

from domain.commands import AmendEvidence, KeepFile, NoteEvidence, RemoveEvidenceText
from domain.errors import Refused, refusal
from domain.evidence.aggregate import Evidence, refuse_unclassified
from domain.evidence.record import EvidenceRecord
from domain.handlers.context import Changes, CommandContext, Store
from domain.ids import evidence_id
from domain.recommendation.aggregate import Recommendation
from domain.recommendation.state import PublishedAssessment


def note_evidence(context: CommandContext[NoteEvidence]) -> Changes:
    command = context.command
    refuse_unclassified(command.facts, is_open=context.load_register().is_open)
    stream = context.store.stream(Evidence, evidence_id(command.register, command.facts.id))
    if stream.exists:
        raise Refused(refusal("There is already evidence “{id}”.", id=command.facts.id))
    record = EvidenceRecord(key=command.key, salt=command.salt, text=command.text)
    evidence = Evidence.note(command.register, command.facts, record, context.by, stream)
    return Changes((evidence,), records=(record,), new_id=command.facts.id)


def amend_evidence(context: CommandContext[AmendEvidence]) -> Changes:
    command, register = context.command, context.load_register()
    evidence = context.load_evidence(command.facts.id, command.expected_version)
    record = EvidenceRecord(key=command.key, salt=command.salt, text=command.text)
    checks: tuple[Callable[[Store], None], ...] = ()
    if command.facts.source_class is not evidence.facts.source_class:
        resting = _resting_on(context, command.facts.id)
        checks = (lambda store: _refuse_unless_reassessed(store, resting),)
    evidence.amend(command.facts, record, context.by, command.why, is_open=register.is_open)
    return Changes((evidence,), records=(record,), checks=checks)


def _resting_on(context: CommandContext[AmendEvidence], evidence: str) -> dict[UUID, list[str]]:
    """The published assessments with a confidence that cite a source, by the id of their recommendation."""
    return {
        recommendation.id: cited
        for recommendation in context.store.mentioning(context.command.register, evidence)
        if isinstance(recommendation, Recommendation)
        and (cited := [i for i, p in recommendation.assessments.items() if _rests_on(p, evidence)])
    }


def _rests_on(published: PublishedAssessment, evidence: str) -> bool:
    assessment = published.assessment
    return not published.withdrawn_at and assessment.confidence is not None and evidence in assessment.evidence


def _refuse_unless_reassessed(store: Store, resting: dict[UUID, list[str]]) -> None:
    """Raise `Refused` with the assessments that are still published, once all commands of a step are carried out."""
    left: list[str] = []
    for recommendation_id, ids in resting.items():
        recommendation = store.find(Recommendation, recommendation_id)
        if recommendation:
            published = recommendation.assessments
            left += [i for i in ids if i in published and not published[i].withdrawn_at]
    if left:
        raise Refused(
            refusal(
                "The confidence of published assessments rests on this source class: {ids}. Replace each of them in "
                "the same step.",
                ids=", ".join(left),
                field="source_class",
            )
        )


def remove_evidence_text(context: CommandContext[RemoveEvidenceText]) -> Changes:
    command = context.command
    evidence = context.load_evidence(command.evidence, command.expected_version)
    if command.removed_at and command.removed_at > context.at:
        raise Refused(refusal("A text cannot have been removed in the future.", field="removed_at"))
    evidence.remove_text(command.reason, context.by, command.removed_at)
    return Changes((evidence,), erased=context.texts_of(evidence))


def keep_file(context: CommandContext[KeepFile]) -> Changes:
    command = context.command
    evidence = context.load_evidence(command.evidence)
    evidence.keep_file(command.sha256, command.kind, command.size, context.by)
    return Changes((evidence,))
