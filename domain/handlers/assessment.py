"""Handlers of the commands about an assessment."""

from msgspec.structs import replace

from domain import commands as c
from domain.handlers.context import Changes, CommandContext, facts_of
from domain.ids import assessment_claim
from domain.recommendation.aggregate import Recommendation
from domain.values import Assessment


def propose_assessment(asked: CommandContext) -> Changes:
    command: c.ProposeAssessment = asked.command
    recommendation, assessment = asked.recommendation(), command.assessment
    assessment = _named(asked, recommendation, assessment)
    sources = facts_of(asked.evidence(assessment.evidence))
    recommendation.propose(assessment, asked.by, asked.setting(), sources)
    claim = assessment_claim(command.register, assessment.id)
    return Changes((recommendation,), claims={claim: command.recommendation}, made=assessment.id)


def publish_assessment(asked: CommandContext) -> Changes:
    command: c.PublishAssessment = asked.command
    recommendation = asked.recommendation()
    proposal = recommendation.proposals.get(command.assessment)
    evidence = asked.evidence(proposal.evidence if proposal else ())
    recommendation.publish(command.assessment, asked.by, asked.setting(), facts_of(evidence))
    for item in evidence.values():
        item.disclose(asked.by)
    return Changes((*evidence.values(), recommendation))


def decline_assessment(asked: CommandContext) -> Changes:
    recommendation = asked.recommendation()
    recommendation.decline(asked.command.assessment, asked.command.why, asked.by)
    return Changes((recommendation,))


def schedule_assessment(asked: CommandContext) -> Changes:
    command: c.ScheduleAssessment = asked.command
    recommendation = asked.recommendation()
    proposal = recommendation.proposals.get(command.assessment)
    sources = facts_of(asked.evidence(proposal.evidence if proposal else ()))
    recommendation.schedule(command.assessment, command.publish_at, asked.by, asked.setting(), sources)
    return Changes((recommendation,))


def return_assessment(asked: CommandContext) -> Changes:
    recommendation = asked.recommendation()
    recommendation.return_to_author(asked.command.assessment, asked.command.note, asked.by)
    return Changes((recommendation,))


def revise_assessment(asked: CommandContext) -> Changes:
    command: c.ReviseAssessment = asked.command
    recommendation, assessment = asked.recommendation(), command.assessment
    sources = facts_of(asked.evidence(assessment.evidence))
    recommendation.revise(assessment, asked.by, asked.setting(), sources)
    return Changes((recommendation,), made=assessment.id)


def withdraw_assessment(asked: CommandContext) -> Changes:
    command: c.WithdrawAssessment = asked.command
    recommendation = asked.recommendation()
    if command.replacement:
        return _replace_assessment(asked, recommendation, command.replacement)
    recommendation.withdraw_assessment(
        command.assessment, command.reason, asked.by, asked.setting(), command.replaced_by
    )
    return Changes((recommendation,))


def _replace_assessment(asked: CommandContext, recommendation: Recommendation, better: Assessment) -> Changes:
    command: c.WithdrawAssessment = asked.command
    element = recommendation.standing(command.assessment).assessment.element
    better = _named(asked, recommendation, replace(better, element=element))
    evidence = asked.evidence(better.evidence)
    setting, sources = asked.setting(), facts_of(evidence)
    if recommendation.replace_assessment(command.assessment, command.reason, better, asked.by, setting, sources):
        for item in evidence.values():
            item.disclose(asked.by)
    claim = assessment_claim(command.register, better.id)
    return Changes((*evidence.values(), recommendation), claims={claim: command.recommendation}, made=better.id)


def _named(asked: CommandContext, recommendation: Recommendation, assessment: Assessment) -> Assessment:
    """With an id: `<recommendation>[-<element>]-<effective_on>`, then `-2`, `-3` …, cut to 80 characters."""
    if assessment.id:
        return assessment
    parts = (recommendation.facts.id, assessment.element, assessment.effective_on)
    stem = "-".join(part for part in parts if part)
    number = 1
    while True:
        suffix = f"-{number}" if number > 1 else ""
        candidate = stem[: 80 - len(suffix)] + suffix
        claim = assessment_claim(asked.command.register, candidate)
        if not recommendation.knows(candidate) and not asked.store.is_claimed(claim):
            return replace(assessment, id=candidate)
        number += 1
