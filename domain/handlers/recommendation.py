"""Handlers of the commands about a recommendation, its elements and its success criteria."""

from collections.abc import Iterator

from domain.amendments import refuse_unless_seen
from domain.commands import (
    AddElement,
    AmendAddressees,
    AmendElement,
    AmendRecommendation,
    ApproveCriteria,
    DraftCriteria,
    RegisterRecommendation,
    WithdrawRecommendation,
)
from domain.errors import Refusal, Refused, refusal, refuse
from domain.handlers.context import Changes, CommandContext
from domain.ids import recommendation_id
from domain.recommendation.aggregate import Recommendation
from domain.register.aggregate import Register
from domain.times import first_day
from domain.values import RecommendationFacts


def register_recommendation(context: CommandContext[RegisterRecommendation]) -> Changes:
    command = context.command
    register, facts = context.load_register(), command.facts
    stream = context.store.stream(Recommendation, recommendation_id(command.register, facts.id))
    if stream.exists:
        raise Refused(refusal("There is already a recommendation “{id}”.", id=facts.id))
    first_day(facts.recommended_on)
    refuse([*_wrong_addressees(register, facts), *_unknown_references(register, facts)])
    return Changes((Recommendation.register_new(command.register, facts, context.by, stream=stream),))


def _wrong_addressees(register: Register, facts: RecommendationFacts) -> Iterator[Refusal]:
    if not facts.addressees:
        yield refusal("Enter at least one body that is asked.", field="addressees")
    for body in facts.addressees:
        yield from (problem.about("addressees") for problem in register.merged(body))


def _unknown_references(register: Register, facts: RecommendationFacts) -> list[Refusal]:
    refusals = [
        refusal("There is no body “{id}” in this register.", id=b, field="addressees")
        for b in facts.addressees
        if b not in register.bodies
    ]
    refusals += [
        refusal("There is no publication “{id}” in this register.", id=p, field=field)
        for field, p in (("publication", facts.publication), *(("also_in", p) for p in facts.also_in))
        if p and p not in register.publications
    ]
    return refusals


def add_element(context: CommandContext[AddElement]) -> Changes:
    recommendation = context.load_recommendation(context.command.recommendation)
    recommendation.add_element(context.command.element, context.by)
    return Changes((recommendation,))


def draft_criteria(context: CommandContext[DraftCriteria]) -> Changes:
    command = context.command
    recommendation = context.load_recommendation(command.recommendation, command.expected_version)
    recommendation.draft_criteria(command.card, context.by)
    return Changes((recommendation,))


def approve_criteria(context: CommandContext[ApproveCriteria]) -> Changes:
    command = context.command
    recommendation = context.load_recommendation(command.recommendation, command.expected_version)
    recommendation.approve_criteria(command.element, context.by, context.judging_context())
    return Changes((recommendation,))


def amend_recommendation(context: CommandContext[AmendRecommendation | AmendElement]) -> Changes:
    """The facts of a recommendation, or of one of its elements."""
    command = context.command
    recommendation, register = context.load_recommendation(command.recommendation), context.load_register()
    if isinstance(command.fact, RecommendationFacts):
        refuse_unless_seen(recommendation.facts, command.expected_tag)
        refuse(_unknown_references(register, command.fact))
    else:
        refuse_unless_seen(recommendation.elements.get(command.fact.id), command.expected_tag)
    recommendation.amend(command.fact, context.by, command.why, command.checked, is_open=register.is_open)
    return Changes((recommendation,))


def amend_addressees(context: CommandContext[AmendAddressees]) -> Changes:
    command, register = context.command, context.load_register()
    recommendation = context.load_recommendation(command.recommendation, command.expected_version)
    kept = {row.body for row in recommendation.addressees}
    bodies = list(dict.fromkeys(row.body for row in command.addressees))
    refuse(problem for body in bodies if body not in kept for problem in register.merged(body))
    unknown = [body for body in bodies if body not in register.bodies]
    recommendation.amend_addressees(command.addressees, context.by, command.why, unknown, is_open=register.is_open)
    return Changes((recommendation,))


def withdraw_recommendation(context: CommandContext[WithdrawRecommendation]) -> Changes:
    command = context.command
    recommendation = context.load_recommendation(command.recommendation, command.expected_version)
    recommendation.withdraw(command.reason, context.by, context.judging_context())
    return Changes((recommendation,))
