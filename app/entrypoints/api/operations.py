"""An operation of the API: one decorator that routes it, checks its parameters, answers, and describes it."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import msgspec
from flask import Blueprint, Response, request

from app.entrypoints.http.query_params import read_parameters
from domain.errors import Refused, refusal

api = Blueprint("api", __name__, url_prefix="/api")
_encode = msgspec.json.Encoder().encode


class Parameter(msgspec.Struct, frozen=True):
    """A query parameter and the schema of its text."""

    name: str
    description: str
    schema: dict[str, Any]


class Operation(msgspec.Struct, frozen=True):
    """What the description says of one operation."""

    path: str
    name: str
    summary: str
    query: tuple[Parameter, ...]
    answers: Any


OPERATIONS: list[Operation] = []


def operation(path: str, *, query: tuple[Parameter, ...] = (), answers: Any) -> Callable[..., Any]:
    """Make a function an operation of `GET /api/v1<path>`; it gets the given parameters as `given`."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        summary = (function.__doc__ or function.__name__).strip().splitlines()[0]
        OPERATIONS.append(Operation(f"/api/v1{path}", function.__name__, summary, query, answers))

        @wraps(function)
        def view(**values: str) -> Response:
            given = read_parameters(*(p.name for p in query))
            _refuse_empty(request.args)
            return answer(function(given=given, **values))

        api.add_url_rule(rule_of(f"/v1{path}"), function.__name__, view, methods=["GET"])
        return function

    return decorate


def _refuse_empty(given: Mapping[str, str]) -> None:
    """A page's form sends empty fields; a program that does has forgotten something."""
    empty = [name for name, text in given.items() if not text.strip()]
    if empty:
        raise Refused(
            *(refusal("The parameter “{name}” is empty; leave it out, or give it a value.", name=n) for n in empty)
        )


def answer(body: Any) -> Response:
    """A JSON answer with its ETag, open to every origin, to be asked for again before it is reused."""
    response = Response(_encode(body), mimetype="application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, no-cache"
    if isinstance(tag := getattr(body, "tag", None), str) and request.method in ("GET", "HEAD"):
        response.set_etag(tag)
    else:
        response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]


def rule_of(path: str) -> str:
    """The route of a described path: `{register}` becomes a typed part."""
    return (
        path.replace("{register}", "<register:register>")
        .replace("{recommendation}", "<ident:recommendation>")
        .replace("{assessment}", "<ident:assessment>")
    )
