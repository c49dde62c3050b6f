"""Handlers of the commands about an assessment."""

from msgspec.structs import replace

from domain.claims import name_to_claim
from domain.commands import (
    DeclineAssessment,
    ProposeAssessment,
    PublishAssessment,
    ReturnAssessment,
    ReviseAssessment,
    ScheduleAssessment,
    TakeBackAssessment,
    UnscheduleAssessment,
    WithdrawAssessment,
)
from domain.handlers.context import Changes, CommandContext, Store, sources_of
from domain.recommendation.aggregate import Recommendation
from domain.values import Assessment

MAX_ID_LENGTH = 80


def propose_assessment(context: CommandContext[ProposeAssessment]) -> Changes:
    command = context.command
    recommendation = context.load_recommendation(command.recommendation, command.expected_version)
    assessment = _with_id(command.assessment, recommendation, context.store)
    claim = name_to_claim(context.store, command.register, assessment.id)
    sources = context.find_sources(assessment.evidence)
    recommendation.propose(assessment, context.by, context.judging_context(), sources)
    return Changes((recommendation,), claims={claim: command.recommendation}, new_id=assessment.id)


def publish_assessment(context: CommandContext[PublishAssessment]) -> Changes:
    command = context.command
    recommendation = context.load_recommendation(command.recommendation, command.expected_version)
    proposal = recommendation.proposals.get(command.assessment)
    evidence = context.find_evidence(proposal.evidence if proposal else ())
    recommendation.publish(command.assessment, context.by, context.judging_context(), sources_of(evidence))
    for item in evidence.values():
        item.disclose(context.by)
    return Changes((*evidence.values(), recommendation))


def decline_assessment(context: CommandContext[DeclineAssessment]) -> Changes:
    command = context.command
    recommendation = context.load_recommendation(command.recommendation, command.expected_version)
    recommendation.decline(command.assessment, command.why, context.by)
    return Changes((recommendation,))


def schedule_assessment(context: CommandContext[ScheduleAssessment]) -> Changes:
    command = context.command
    recommendation = context.load_recommendation(command.recommendation, command.expected_version)
    proposal = recommendation.proposals.get(command.assessment)
    sources = context.find_sources(proposal.evidence if proposal else ())
    recommendation.schedule(command.assessment, command.publish_at, context.by, context.judging_context(), sources)
    return Changes((recommendation,))


def unschedule_assessment(context: CommandContext[UnscheduleAssessment]) -> Changes:
    command = context.command
    recommendation = context.load_recommendation(command.recommendation, command.expected_version)
    recommendation.unschedule(command.assessment, context.by)
    return Changes((recommendation,))


def return_assessment(context: CommandContext[ReturnAssessment]) -> Changes:
    command = context.command
    recommendation = context.load_recommendation(command.recommendation, command.expected_version)
    recommendation.return_to_author(command.assessment, command.note, context.by)
    return Changes((recommendation,))


def take_back_assessment(context: CommandContext[TakeBackAssessment]) -> Changes:
    command = context.command
    recommendation = context.load_recommendation(command.recommendation, command.expected_version)
    recommendation.take_back(command.assessment, context.by)
    return Changes((recommendation,))


def revise_assessment(context: CommandContext[ReviseAssessment]) -> Changes:
    command = context.command
    recommendation, assessment = (
        context.load_recommendation(command.recommendation, command.expected_version),
        command.assessment,
    )
    sources = context.find_sources(assessment.evidence)
    recommendation.revise(assessment, context.by, context.judging_context(), sources)
    return Changes((recommendation,), new_id=assessment.id)


def withdraw_assessment(context: CommandContext[WithdrawAssessment]) -> Changes:
    command = context.command
    recommendation = context.load_recommendation(command.recommendation, command.expected_version)
    if command.replacement:
        return _replace_assessment(context, recommendation, command.replacement)
    recommendation.withdraw_assessment(
        command.assessment, command.reason, context.by, context.judging_context(), command.replaced_by
    )
    return Changes((recommendation,))


def _replace_assessment(
    context: CommandContext[WithdrawAssessment], recommendation: Recommendation, replacement: Assessment
) -> Changes:
    command = context.command
    element = recommendation.find_published(command.assessment).assessment.element
    replacement = _with_id(replace(replacement, element=element), recommendation, context.store)
    claim = name_to_claim(context.store, command.register, replacement.id)
    evidence = context.find_evidence(replacement.evidence)
    is_published = recommendation.replace_assessment(
        command.assessment, command.reason, replacement, context.by, context.judging_context(), sources_of(evidence)
    )
    if is_published:
        for item in evidence.values():
            item.disclose(context.by)
    return Changes((*evidence.values(), recommendation), claims={claim: command.recommendation}, new_id=replacement.id)


def _with_id(assessment: Assessment, recommendation: Recommendation, store: Store) -> Assessment:
    """The assessment with an id: its own, or `<recommendation>[-<element>]-<effective_on>`, then `-2`, `-3` …"""
    if assessment.id:
        return assessment
    parts = (recommendation.facts.id, assessment.element, assessment.effective_on)
    stem = "-".join(part for part in parts if part)
    number = 1
    while True:
        suffix = f"-{number}" if number > 1 else ""
        candidate = stem[: MAX_ID_LENGTH - len(suffix)] + suffix
        if not recommendation.has_assessment(candidate):
            claim = name_to_claim(store, recommendation.register, candidate)
            if store.claim(claim) is None:
                return replace(assessment, id=candidate)
        number += 1
