"""The decorator of API operations that write. Each needs a token, the ETag that was read, and an idempotency key."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

import msgspec
from flask import Response, request
from werkzeug.http import parse_etags

from app.entrypoints.api.operations import Operation, api, flask_rule, json_response
from app.entrypoints.http.errors import RequestProblem
from app.entrypoints.http.front_cache import etags_of
from app.entrypoints.http.query_params import find_open_register, read_api_parameters
from app.entrypoints.http.services import services
from app.services.accounts import api_tokens, login_attempts
from app.services.accounts.people import Person
from app.services.accounts.permissions import COMMAND_PERMISSIONS
from app.services.container import Services
from domain.claims import owner_of
from domain.commands import Command
from domain.errors import NotFound, Refused, refusal
from domain.ids import response_id
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


class ApiCaller(msgspec.Struct, frozen=True):
    """The person behind the token, and the key under which the command runs once."""

    person: Person
    key: str


WRITE_OPERATIONS: list[WriteOperation] = []

TagFinder = Callable[[Services, str, dict[str, str]], str]
"""Finds the ETag of what a command changes, from the register and the other parts of the address."""


def write_operation(
    path: str,
    *,
    command: type[Command],
    body: type[msgspec.Struct],
    answers: type[msgspec.Struct],
    find_tag: TagFinder | None = None,
) -> Callable[[Operation], Operation]:
    """Make a function an operation of `POST /api/v1<path>`; `function` gets the caller, the body and the parts of the
    address, with the recommendation that it is about unless `find_tag` is given.
    """

    permission = COMMAND_PERMISSIONS[command]

    def decorate(function: Operation) -> Operation:
        summary = (function.__doc__ or function.__name__).strip().splitlines()[0]
        WRITE_OPERATIONS.append(WriteOperation(f"/api/v1{path}", function.__name__, summary, body, answers, permission))

        @wraps(function)
        def view(register: str, **values: str) -> Response:
            read_api_parameters()
            person = require_token_holder(services(), permission, register)
            with services().views.connect() as db:
                if not person.may("read", register):
                    find_open_register(db, register)
            if find_tag is None and "recommendation" not in values:
                values["recommendation"] = _find_recommendation(services(), register, values)
            _require_current_tag((find_tag or _recommendation_tag)(services(), register, values))
            caller = ApiCaller(person, f"api/{person.id}/{read_idempotency_key()}")
            payload = _decode_body(body)
            response = json_response(function(caller, payload, register=register, **values))
            response.status_code = 201 if function.__name__.startswith(("propose", "state")) else 200
            response.headers["Cache-Control"] = "no-store"
            return response

        api.add_url_rule(flask_rule(f"/v1{path}"), function.__name__, view, methods=["POST"])
        return function

    return decorate


def public_state_tag(services: Services, register: str, recommendation: str) -> str:
    """The ETag that a command must send: it changes with everything public about a recommendation."""
    with services.views.connect() as db:
        last, count = timeline.public_extent(db, register, recommendation)
    return f"{last:x}-{count:x}" if count else "none"


def _recommendation_tag(services: Services, register: str, values: dict[str, str]) -> str:
    return public_state_tag(services, register, values["recommendation"])


def require_token_holder(services: Services, permission: str, register: str) -> Person:
    """The person behind the token. Raises `RequestProblem`, or `NotAllowed` if the role does not permit it."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise RequestProblem(401, "Send a token as “Authorization: Bearer …”. Create one with “uptake user token”.")
    attempts, now = login_attempts.attempt_keys(token=request.remote_addr or ""), services.clock()
    with services.accounts.work() as db:
        if login_attempts.is_blocked(db, attempts, now):
            raise RequestProblem(429, "Too many invalid tokens from this address. Wait 15 minutes.")
        holder = api_tokens.find_holder(db, secret.strip(), now)
        if holder is None:
            login_attempts.record_failure(db, attempts, now)
    if holder is None:
        raise RequestProblem(401, "This token is invalid, expired or revoked.")
    person, scopes = holder
    if permission not in scopes:
        known = ", ".join(sorted(scopes))
        raise RequestProblem(403, f"This token lacks the scope “{permission}”; its scopes are: {known}.")
    person.require(permission, register)
    return person


def read_idempotency_key() -> str:
    """The key under which a command runs once. Raises `RequestProblem` if there is none."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > MAX_KEY_LENGTH:
        raise RequestProblem(400, "Send an “Idempotency-Key” of at most 200 characters. A command runs once per key.")
    return key


def _require_current_tag(tag: str) -> None:
    if_match = request.headers.get("If-Match", "")
    if not if_match:
        raise RequestProblem(
            428,
            "Send “If-Match” with the ETag that you last read: that of the recommendation’s assessments, or of what "
            "you amend.",
        )
    etags = parse_etags(if_match)
    if not any(etags.contains_raw(form) for form in etags_of(tag)):
        raise RequestProblem(412, "It has changed since you read it. Read it again.")


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
