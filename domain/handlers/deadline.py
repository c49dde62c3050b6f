"""Handlers of the commands about deadlines."""

from msgspec.structs import replace

from domain.commands import RemoveDeadline, StateDeadline, WithdrawDeadline
from domain.deadline.aggregate import Deadline, refuse_invalid_facts
from domain.errors import NotFound, Refused, refusal, refuse
from domain.handlers.context import Changes, CommandContext, refuse_other_version
from domain.ids import deadline_id
from domain.recommendation.aggregate import Recommendation
from domain.times import day_in
from domain.values import DeadlineFacts

MAX_ID_LENGTH = 80


def state_deadline(context: CommandContext[StateDeadline]) -> Changes:
    command = context.command
    time_zone = context.load_register().settings.time_zone
    recommendation = context.load_recommendation(command.recommendation)
    _refuse_wrong_item(recommendation, command.deadline.element)
    refuse_invalid_facts(command.deadline, day_in(time_zone, context.at))
    facts = command.deadline if command.deadline.id else _with_new_id(context)
    stream = context.store.stream(Deadline, deadline_id(command.register, facts.id))
    if stream.exists:
        raise Refused(refusal("There is already a deadline “{id}”.", id=facts.id, field="id"))
    evidence = context.find_evidence(facts.evidence)
    refuse(
        refusal("There is no evidence “{id}” in this register.", id=e, field="evidence")
        for e in facts.evidence
        if e not in evidence
    )
    for item in evidence.values():
        item.disclose(context.by)
    deadline = Deadline.state(command.register, command.recommendation, facts, context.by, stream=stream)
    return Changes((*evidence.values(), deadline), new_id=facts.id)


def withdraw_deadline(context: CommandContext[WithdrawDeadline]) -> Changes:
    command = context.command
    context.load_register()
    deadline = load_deadline(context)
    refuse_other_version(deadline, command.expected_version, context.by)
    deadline.withdraw(command.reason, context.by)
    return Changes((deadline,))


def load_deadline(context: CommandContext[WithdrawDeadline] | CommandContext[RemoveDeadline]) -> Deadline:
    """The deadline that a command is about. Raises `NotFound`, also if it is of another recommendation."""
    command = context.command
    deadline = context.store.find(Deadline, deadline_id(command.register, command.deadline))
    if deadline is None or deadline.recommendation != command.recommendation:
        raise NotFound(
            refusal(
                "There is no deadline “{id}” of “{recommendation}”.",
                id=command.deadline,
                recommendation=command.recommendation,
            )
        )
    return deadline


def _refuse_wrong_item(recommendation: Recommendation, element: str) -> None:
    """A deadline is about a whole recommendation, divided or not, or about one of its elements."""
    if recommendation.is_withdrawn:
        raise Refused(refusal("“{id}” is withdrawn, so you cannot add to it.", id=recommendation.facts.id))
    if element and element not in recommendation.elements:
        raise Refused(
            refusal("“{id}” has no element “{element}”.", id=recommendation.facts.id, element=element, field="element")
        )


def _with_new_id(context: CommandContext[StateDeadline]) -> DeadlineFacts:
    """With an id made of the item and the due date, and a number if that is taken."""
    command, facts = context.command, context.command.deadline
    parts = [command.recommendation, *([facts.element] if facts.element else []), "due", facts.due_on]
    base, number = "-".join(parts)[:MAX_ID_LENGTH].rstrip("-"), 1
    ident = base
    while context.store.find(Deadline, deadline_id(command.register, ident)):
        number += 1
        ident = f"{base[: MAX_ID_LENGTH - 4]}-{number}"
    return replace(facts, id=ident)
