"""Proposes, publishes, declines and withdraws responses of bodies that were asked."""

from app.entrypoints.api.operations import read_operation
from app.entrypoints.api.parameters import AS_OF, KNOWN_AT
from app.entrypoints.api.writing import (
    PROPOSED_RESPONSE,
    RESPONSE,
    ApiCaller,
    on_seen_version,
    public_state_tag,
    write_operation,
)
from app.entrypoints.http.query_params import find_open_register, resolve_times
from app.entrypoints.http.services import services
from app.presentation.answers import api_item_models, api_write_models
from app.presentation.answers.serializers import serialize_responses
from app.services.container import Services
from domain import commands as c
from domain.errors import NotFound
from projections.catalogue import queries as catalogue
from projections.responses import queries as public_responses

COLLECTION_PATH = "/registers/{register}/recommendations/{recommendation}/responses"
ITEM_PATH = "/registers/{register}/responses/{response}"


@read_operation(COLLECTION_PATH, query=(AS_OF, KNOWN_AT), answers=api_item_models.ResponsesShape)
def responses(query: dict[str, str], register: str, recommendation: str) -> api_item_models.ResponsesShape:
    """The published responses to a recommendation as of a day; send its ETag with a command."""
    with services().views.connect() as db:
        entry = find_open_register(db, register)
        times = resolve_times(services(), db, entry, query)
        if catalogue.recommendation(db, register, recommendation, times.known_at) is None:
            raise NotFound(f"There is no recommendation “{recommendation}” in this register.")
        given = public_responses.of_recommendation(db, register, recommendation, times.as_of, times.known_at)
    tag = public_state_tag(services(), register, recommendation)
    return api_item_models.ResponsesShape(register, recommendation, tag, serialize_responses(given))


@write_operation(
    COLLECTION_PATH,
    command=c.ProposeResponse,
    body=api_write_models.ResponseProposalShape,
    answers=api_write_models.ResponseDoneShape,
)
def propose_response(
    caller: ApiCaller, body: api_write_models.ResponseProposalShape, register: str, recommendation: str
) -> api_write_models.ResponseDoneShape:
    """Propose a response. An editor publishes it."""
    command = c.ProposeResponse(register, recommendation=recommendation, facts=body.facts())
    return _execute(services(), caller, command)


@write_operation(
    f"{ITEM_PATH}/publish",
    command=c.PublishResponse,
    body=api_write_models.NothingShape,
    answers=api_write_models.ResponseDoneShape,
    subject=PROPOSED_RESPONSE,
)
def publish_response(
    caller: ApiCaller, body: api_write_models.NothingShape, register: str, recommendation: str, response: str
) -> api_write_models.ResponseDoneShape:
    """Publish a proposed response."""
    command = c.PublishResponse(register, recommendation=recommendation, response=response)
    return _execute(services(), caller, command)


@write_operation(
    f"{ITEM_PATH}/decline",
    command=c.DeclineResponse,
    body=api_write_models.WhyShape,
    answers=api_write_models.ResponseDoneShape,
    subject=PROPOSED_RESPONSE,
)
def decline_response(
    caller: ApiCaller, body: api_write_models.WhyShape, register: str, recommendation: str, response: str
) -> api_write_models.ResponseDoneShape:
    """Decline a proposed response. It never becomes public."""
    command = c.DeclineResponse(register, recommendation=recommendation, response=response, why=body.why)
    return _execute(services(), caller, command)


@write_operation(
    f"{ITEM_PATH}/withdraw",
    command=c.WithdrawResponse,
    body=api_write_models.ReasonShape,
    answers=api_write_models.ResponseDoneShape,
    subject=RESPONSE,
)
def withdraw_response(
    caller: ApiCaller, body: api_write_models.ReasonShape, register: str, recommendation: str, response: str
) -> api_write_models.ResponseDoneShape:
    """Withdraw a published response. The reason is public."""
    command = c.WithdrawResponse(register, recommendation=recommendation, response=response, reason=body.reason)
    return _execute(services(), caller, command)


def _execute(
    services: Services, caller: ApiCaller, command: c.OfResponse | c.ProposeResponse
) -> api_write_models.ResponseDoneShape:
    seen = on_seen_version(services, caller, command)
    response = services.execute_for(caller.person, seen, command_id=caller.key, request_digest=caller.digest)
    tag = public_state_tag(services, command.register, command.recommendation)
    return api_write_models.ResponseDoneShape(response, tag)
