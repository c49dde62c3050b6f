"""The decorator of API operations that write. Each needs a token, the ETag that was read, and an idempotency key."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from uuid import UUID

import msgspec
from flask import Response, request
from msgspec.structs import replace
from werkzeug.datastructures import ETags
from werkzeug.http import parse_etags

from app.entrypoints.api.operations import Operation, api, flask_rule, json_response
from app.entrypoints.api.tokens import require_token_holder
from app.entrypoints.http.cached_response import etags_of
from app.entrypoints.http.errors import RequestProblem
from app.entrypoints.http.query_params import find_open_register, read_api_parameters
from app.entrypoints.http.services import services
from app.services.accounts.actors import Person, authorize
from app.services.accounts.permissions import COMMAND_PERMISSIONS
from app.services.container import Services
from domain.base import Aggregate
from domain.claims import owner_of
from domain.command_keys import digest_of
from domain.commands import Command
from domain.errors import NotFound, Refused, refusal
from domain.ids import recommendation_id, response_id
from domain.recommendation.aggregate import Recommendation
from domain.response.aggregate import Response as ResponseAggregate
from projections.timeline import queries as timeline

MAX_KEY_LENGTH = 200
MAX_BODY_BYTES = 2**20

BodyT = TypeVar("BodyT", bound=msgspec.Struct)


class WriteOperation(msgspec.Struct, frozen=True):
    """A writing operation as the OpenAPI description shows it."""

    path: str
    name: str
    summary: str
    body: type[msgspec.Struct]
    answers: type[msgspec.Struct]
    permission: str
    subject: "DecidedSubject"


TagFinder = Callable[[Services, str, dict[str, str]], str]
"""Finds the ETag of what a command changes, from the register and the other parts of the address."""


def public_state_tag(services: Services, register: str, recommendation: str) -> str:
    """The ETag that a command must send: it changes with everything public about a recommendation."""
    with services.views.connect() as db:
        last, count = timeline.public_extent(db, register, recommendation)
    return f"{last:x}-{count:x}" if count else "none"


def version_tag(version: int) -> str:
    """The ETag that names the version of an aggregate, which may hold what is not public."""
    return f"v{version}"


class DecidedSubject(msgspec.Struct, frozen=True):
    """What a command decides on: an aggregate, found by the register and the other parts of the address.

    `find_tag` finds the ETag of what everyone can read about it; None if only its version names what is decided.
    """

    kind: type[Aggregate]
    find_id: Callable[[str, dict[str, str]], UUID]
    find_tag: TagFinder | None


def _recommendation_tag(services: Services, register: str, values: dict[str, str]) -> str:
    return public_state_tag(services, register, values["recommendation"])


RECOMMENDATION = DecidedSubject(
    Recommendation, lambda register, values: recommendation_id(register, values["recommendation"]), _recommendation_tag
)
PROPOSAL = replace(RECOMMENDATION, find_tag=None)
RESPONSE = DecidedSubject(
    ResponseAggregate, lambda register, values: response_id(register, values["response"]), _recommendation_tag
)
PROPOSED_RESPONSE = replace(RESPONSE, find_tag=None)


class Condition(msgspec.Struct, frozen=True):
    """What a request says that it was decided on."""

    subject: DecidedSubject
    register: str
    values: dict[str, str]
    """The other parts of the address."""
    if_match: str


class ApiCaller(msgspec.Struct, frozen=True):
    """The person behind the token, and the key under which the command runs once, with a digest of the request."""

    person: Person
    key: str
    digest: str = ""
    condition: Condition | None = None


WRITE_OPERATIONS: list[WriteOperation] = []

CommandT = TypeVar("CommandT", bound=Command)


def on_seen_version(services: Services, caller: ApiCaller, command: CommandT) -> CommandT:
    """The command with the version that the request names, so that the log refuses it if that is not the last.

    Raises `RequestProblem` if the request names none, or another one than the last. A command that was carried out
    under the same key stays as it is: it is not carried out again.
    """
    authorize(caller.person, type(command), command.register)
    condition = caller.condition
    assert condition is not None
    if services.tracker.claim(f"command/{caller.key}") is not None:
        return command
    subject, etags = condition.subject, parse_etags(condition.if_match)
    if etags.star_tag:
        raise RequestProblem(400, f"“If-Match: *” names no version. {_what_to_send(subject)}")
    aggregate = services.tracker.find(subject.kind, subject.find_id(condition.register, condition.values))
    version = aggregate.version if aggregate else 0
    if not _names_current(services, condition, etags, version):
        raise RequestProblem(412, _why_not_current(subject))
    return replace(command, expected_version=version) if "expected_version" in command.__struct_fields__ else command


def _names_current(services: Services, condition: Condition, etags: ETags, version: int) -> bool:
    """Whether one of the ETags is that of the version, or of what everyone can read of it."""
    find_tag = condition.subject.find_tag
    if find_tag is None:
        return etags.contains(version_tag(version))
    services.catch_up()  # the public state is that of the version or of a later one
    tags = [*etags_of(find_tag(services, condition.register, condition.values)), f'"{version_tag(version)}"']
    return any(etags.contains_raw(tag) for tag in tags)


def _why_not_current(subject: DecidedSubject) -> str:
    if subject.find_tag is None:
        return f"The ETag is not that of the proposal as it is now. {_what_to_send(subject)}"
    return f"It has changed since you read it. {_what_to_send(subject)}"


def _what_to_send(subject: DecidedSubject) -> str:
    if subject.find_tag is None:
        return "Read the proposal and send its ETag as “If-Match”."
    return "Read it again and send its ETag as “If-Match”."


def write_operation(
    path: str,
    *,
    command: type[Command],
    body: type[msgspec.Struct],
    answers: type[msgspec.Struct],
    subject: DecidedSubject = RECOMMENDATION,
) -> Callable[[Operation], Operation]:
    """Make a function an operation of `POST /api/v1<path>`; `function` gets the caller, the body and the parts of the
    address, with the recommendation that it is about if it decides on one or on a response.
    """

    permission = COMMAND_PERMISSIONS[command]

    def decorate(function: Operation) -> Operation:
        summary = (function.__doc__ or function.__name__).strip().splitlines()[0]
        WRITE_OPERATIONS.append(
            WriteOperation(f"/api/v1{path}", function.__name__, summary, body, answers, permission, subject)
        )

        @wraps(function)
        def view(register: str, **values: str) -> Response:
            read_api_parameters()
            person = require_token_holder(services(), permission, register)
            with services().views.connect() as db:
                if not person.may("read", register):
                    find_open_register(db, register)
            if subject.kind in (Recommendation, ResponseAggregate) and "recommendation" not in values:
                values["recommendation"] = _find_recommendation(services(), register, values)
            condition = Condition(subject, register, values, _read_if_match(subject))
            key, payload = read_idempotency_key(person), _decode_body(body)
            caller = ApiCaller(person, key, digest_of(request.path, payload, person.id), condition)
            response = json_response(function(caller, payload, register=register, **values))
            response.status_code = 201 if function.__name__.startswith(("propose", "state")) else 200
            response.headers["Cache-Control"] = "no-store"
            return response

        api.add_url_rule(flask_rule(f"/v1{path}"), function.__name__, view, methods=["POST"])
        return function

    return decorate


def read_idempotency_key(person: Person) -> str:
    """The key under which a command of a person runs once. Raises `RequestProblem` if there is none."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > MAX_KEY_LENGTH:
        raise RequestProblem(400, "Send an “Idempotency-Key” of at most 200 characters. A command runs once per key.")
    return f"api/{person.id}/{key}"


def _read_if_match(subject: DecidedSubject) -> str:
    """Raises `RequestProblem` if the request does not say on what it decides."""
    if if_match := request.headers.get("If-Match", ""):
        return if_match
    what = "the proposal" if subject.find_tag is None else "the recommendation’s assessments, or of what you amend"
    raise RequestProblem(428, f"Send “If-Match” with the ETag that you last read: that of {what}.")


def _find_recommendation(services: Services, register: str, values: dict[str, str]) -> str:
    """The recommendation of the assessment or response that the address names."""
    if response := values.get("response"):
        found = services.tracker.find(ResponseAggregate, response_id(register, response))
        if found is None:
            raise NotFound(refusal("There is no response “{id}” in “{register}”.", id=response, register=register))
        return found.recommendation
    assessment = values["assessment"]
    recommendation = owner_of(services.tracker, register, assessment)
    if recommendation is None:
        raise NotFound(refusal("There is no assessment “{id}” in “{register}”.", id=assessment, register=register))
    return recommendation


def _decode_body(kind: type[BodyT]) -> BodyT:
    request.max_content_length = MAX_BODY_BYTES
    try:
        return msgspec.json.decode(request.get_data(), type=kind)
    except msgspec.ValidationError as e:
        raise Refused(refusal("The request body is invalid: {why}.", why=str(e))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as e:
        raise Refused(refusal("The request body is not valid JSON: {why}.", why=str(e))) from None
