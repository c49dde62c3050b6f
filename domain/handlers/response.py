"""Handlers of the commands about a response."""

from msgspec.structs import replace

from domain.commands import DeclineResponse, ProposeResponse, PublishResponse, RemoveResponse, WithdrawResponse
from domain.errors import NotFound, Refused, refusal
from domain.evidence.aggregate import Evidence
from domain.handlers.context import Changes, CommandContext, refuse_other_version, sources_of
from domain.ids import response_id
from domain.response.aggregate import Response
from domain.response.policy import Answered
from domain.times import day_in
from domain.values import ResponseFacts

MAX_ID_LENGTH = 80

OfOneResponse = DeclineResponse | PublishResponse | RemoveResponse | WithdrawResponse


def propose_response(context: CommandContext[ProposeResponse]) -> Changes:
    command = context.command
    facts = _with_id(context, command.facts)
    evidence = context.find_evidence(facts.evidence)
    answered = _answered(context, command.recommendation, evidence, command.expected_version)
    stream = context.store.stream(Response, response_id(command.register, facts.id))
    if stream.exists:
        raise Refused(refusal("There is already a response “{id}”.", id=facts.id))
    response = Response.propose(command.register, command.recommendation, facts, context.by, answered, stream)
    return Changes((response,), new_id=facts.id)


def publish_response(context: CommandContext[PublishResponse]) -> Changes:
    response = load_response(context)
    evidence = context.find_evidence(response.facts.evidence)
    answered = _answered(context, response.recommendation, evidence)
    response.publish(context.by, context.judging_context(), answered)
    for item in evidence.values():
        item.disclose(context.by)
    return Changes((*evidence.values(), response), new_id=response.facts.id)


def decline_response(context: CommandContext[DeclineResponse]) -> Changes:
    response = load_response(context)
    response.decline(context.command.why, context.by)
    return Changes((response,), new_id=response.facts.id)


def withdraw_response(context: CommandContext[WithdrawResponse]) -> Changes:
    response = load_response(context)
    response.withdraw(context.command.reason, context.by, context.judging_context())
    return Changes((response,), new_id=response.facts.id)


def load_response(
    context: CommandContext[DeclineResponse]
    | CommandContext[PublishResponse]
    | CommandContext[RemoveResponse]
    | CommandContext[WithdrawResponse],
) -> Response:
    """The command's response. Raises `NotFound`, or `Conflict` if it has another version than the person saw."""
    command: OfOneResponse = context.command
    response = context.store.find(Response, response_id(command.register, command.response))
    if response is None or response.recommendation != command.recommendation:
        raise NotFound(
            refusal(
                "There is no response “{id}” to “{recommendation}”.",
                id=command.response,
                recommendation=command.recommendation,
            )
        )
    refuse_other_version(response, command.expected_version, context.by)
    return response


def _answered(
    context: CommandContext[ProposeResponse] | CommandContext[PublishResponse],
    recommendation: str,
    evidence: dict[str, Evidence],
    expected_version: int | None = None,
) -> Answered:
    register = context.load_register()
    return Answered(
        recommendation=context.load_recommendation(recommendation, expected_version),
        bodies=register.bodies,
        merged_into=register.merged_into,
        sources=sources_of(evidence),
        published_on=day_in(register.settings.time_zone, context.at),
    )


def _with_id(context: CommandContext[ProposeResponse], facts: ResponseFacts) -> ResponseFacts:
    """The facts with an id: their own, or `<recommendation>[-<element>]-<body>-<given_on>`, then `-2`, `-3` …"""
    if facts.id:
        return facts
    parts = (context.command.recommendation, facts.element, facts.body, facts.given_on)
    stem = "-".join(part for part in parts if part)
    number = 1
    while True:
        suffix = f"-{number}" if number > 1 else ""
        candidate = stem[: MAX_ID_LENGTH - len(suffix)] + suffix
        if context.store.find(Response, response_id(context.command.register, candidate)) is None:
            return replace(facts, id=candidate)
        number += 1
