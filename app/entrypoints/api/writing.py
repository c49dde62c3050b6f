"""Operations that change a register: for somebody who holds a token, upon what they have seen, and once."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from flask import Response, request
from werkzeug.http import parse_etags

from app.entrypoints.api.operations import answer, api, rule_of
from app.entrypoints.http.errors import RequestProblem
from app.entrypoints.http.front_cache import GZIP_ETAG_SUFFIX
from app.entrypoints.http.query_params import find_open_register, read_parameters
from app.entrypoints.http.services import services
from app.services.accounts import api_tokens, login_attempts
from app.services.accounts.people import Person
from app.services.accounts.permissions import COMMAND_PERMISSIONS
from app.services.container import Services
from domain.commands import Command
from domain.errors import NotFound, Refused, refusal
from domain.ids import assessment_claim
from projections.timeline import queries as timeline

LONGEST_KEY = 200
LONGEST_BODY = 2**20


class Write(msgspec.Struct, frozen=True):
    """What the description says of one operation that writes."""

    path: str
    name: str
    summary: str
    body: Any
    answers: Any
    permission: str


class Asker(msgspec.Struct, frozen=True):
    """Who asks, and the key under which the command is carried out once."""

    person: Person
    key: str


WRITES: list[Write] = []


def writing(path: str, *, command: type[Command], body: Any, answers: Any) -> Callable[..., Any]:
    """Make a function an operation of `POST /api/v1<path>`; it gets who asked and the body, and gives `command`."""

    permission = COMMAND_PERMISSIONS[command]

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        summary = (function.__doc__ or function.__name__).strip().splitlines()[0]
        WRITES.append(Write(f"/api/v1{path}", function.__name__, summary, body, answers, permission))

        @wraps(function)
        def view(register: str, **values: str) -> Response:
            read_parameters()
            person = _holder(services(), permission, register)
            with services().views.connect() as db:
                if not person.may("read", register):
                    find_open_register(db, register)
            recommendation = values.get("recommendation") or _recommendation(services(), register, values["assessment"])
            _refuse_unseen(services(), register, recommendation)
            asker = Asker(person, f"api/{person.id}/{_key()}")
            given = _body(body)
            response = answer(function(asker, given, register=register, recommendation=recommendation, **_rest(values)))
            response.status_code = 201 if "propose" in function.__name__ else 200
            response.headers["Cache-Control"] = "no-store"
            return response

        api.add_url_rule(rule_of(f"/v1{path}"), function.__name__, view, methods=["POST"])
        return function

    return decorate


def seen_tag(services: Services, register: str, recommendation: str) -> str:
    """A digest of all that is public about a recommendation: the ETag that a command is given upon."""
    with services.views.connect() as db:
        last, count = timeline.public_extent(db, register, recommendation)
    return f"{last:x}-{count:x}" if count else "none"


def _rest(values: dict[str, str]) -> dict[str, str]:
    return {k: v for k, v in values.items() if k != "recommendation"}


def _holder(services: Services, permission: str, register: str) -> Person:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise RequestProblem(401, "Send a token as “Authorization: Bearer …”; “uptake user token” makes one.")
    counted, now = login_attempts.attempt_keys(token=request.remote_addr or ""), services.clock()
    with services.accounts.work() as db:
        if login_attempts.is_blocked(db, counted, now):
            raise RequestProblem(429, "Too many tokens from this address did not count. Wait a quarter of an hour.")
        found = api_tokens.find_holder(db, secret.strip(), now)
        if found is None:
            login_attempts.record_failure(db, counted, now)
    if found is None:
        raise RequestProblem(401, "This token does not count: it was never made, has run out, or was taken back.")
    person, scopes = found
    if permission not in scopes:
        raise RequestProblem(403, f"This token may not {permission}; its scopes are: {', '.join(sorted(scopes))}.")
    person.require(permission, register)
    return person


def _key() -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > LONGEST_KEY:
        raise RequestProblem(
            400, "Send an “Idempotency-Key” of at most 200 characters; the same key is carried out once."
        )
    return key


def _refuse_unseen(services: Services, register: str, recommendation: str) -> None:
    wanted = request.headers.get("If-Match", "")
    if not wanted:
        raise RequestProblem(
            428, "Send “If-Match” with the ETag of the recommendation’s assessments as you last read them."
        )
    read, tag = parse_etags(wanted), seen_tag(services, register, recommendation)
    if not (read.contains(tag) or read.contains(tag + GZIP_ETAG_SUFFIX)):
        raise RequestProblem(
            412, "What is public about this recommendation has changed since you read it; read it again."
        )


def _recommendation(services: Services, register: str, assessment: str) -> str:
    found = services.tracker.claim(assessment_claim(register, assessment))
    if found is None:
        raise NotFound(refusal("There is no assessment “{id}” in “{register}”.", id=assessment, register=register))
    return found


def _body(kind: Any) -> Any:
    request.max_content_length = LONGEST_BODY
    try:
        return msgspec.json.decode(request.get_data(), type=kind)
    except msgspec.ValidationError as e:
        raise Refused(refusal("The request body is invalid: {why}.", why=str(e))) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as e:
        raise Refused(refusal("The request body is not valid JSON: {why}.", why=str(e))) from None
