"""Handlers of the commands about a recommendation and its elements and success criteria."""

from domain import commands as c
from domain.errors import Refused, refuse
from domain.handlers.context import Changes, CommandContext
from domain.ids import recommendation_id
from domain.recommendation.aggregate import Recommendation
from domain.times import first_day


def amend_recommendation(asked: CommandContext) -> Changes:
    """The facts of a recommendation, or of one of its elements."""
    recommendation, command = asked.recommendation(), asked.command
    is_open = asked.register().is_open
    recommendation.amend(command.fact, asked.by, command.why, command.checked, is_open=is_open)
    return Changes((recommendation,))


def register_recommendation(asked: CommandContext) -> Changes:
    command: c.RegisterRecommendation = asked.command
    register, facts = asked.register(), command.facts
    if asked.store.find(recommendation_id(command.register, facts.id)):
        raise Refused(f"There is a recommendation “{facts.id}” already.")
    first_day(facts.recommended_on)
    refuse(
        [f"There is no body “{b}” in this register." for b in facts.addressees if b not in register.bodies]
        + [
            f"There is no publication “{p}” in this register."
            for p in (facts.publication, *facts.also_in)
            if p not in register.publications
        ]
    )
    return Changes((Recommendation.register_new(command.register, facts, asked.by),))


def add_element(asked: CommandContext) -> Changes:
    recommendation = asked.recommendation()
    recommendation.add_element(asked.command.element, asked.by)
    return Changes((recommendation,))


def draft_criteria(asked: CommandContext) -> Changes:
    recommendation = asked.recommendation()
    recommendation.draft_criteria(asked.command.card, asked.by)
    return Changes((recommendation,))


def approve_criteria(asked: CommandContext) -> Changes:
    recommendation = asked.recommendation()
    recommendation.approve_criteria(asked.command.element, asked.by)
    return Changes((recommendation,))


def withdraw_recommendation(asked: CommandContext) -> Changes:
    recommendation = asked.recommendation()
    recommendation.withdraw(asked.command.reason, asked.by, asked.setting())
    return Changes((recommendation,))
