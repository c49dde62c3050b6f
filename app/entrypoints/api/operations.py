"""The decorator of API operations that read: routes, checks parameters, responds and describes."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import TypeVar

import msgspec
from flask import Blueprint, Response, request

from app.entrypoints.http.query_params import read_api_parameters
from domain.errors import Refused, refusal

api = Blueprint("api", __name__, url_prefix="/api")
_encode = msgspec.json.Encoder().encode

Operation = TypeVar("Operation", bound=Callable[..., msgspec.Struct])


class Parameter(msgspec.Struct, frozen=True):
    """A query parameter and the schema of its text."""

    name: str
    description: str
    schema: dict[str, object]


class ReadOperation(msgspec.Struct, frozen=True):
    """An operation as the OpenAPI description shows it."""

    path: str
    name: str
    summary: str
    query: tuple[Parameter, ...]
    answers: type[msgspec.Struct]
    scopes: tuple[str, ...] = ()
    """Those of which a token needs one; none for what is public."""


READ_OPERATIONS: list[ReadOperation] = []


def read_operation(
    path: str, *, query: tuple[Parameter, ...] = (), answers: type[msgspec.Struct], scopes: tuple[str, ...] = ()
) -> Callable[[Operation], Operation]:
    """Make a function an operation of `GET /api/v1<path>`; it receives the request’s parameters as `query`.

    With `scopes`, it is about what is not public: the function requires a token with one of them.
    """

    def decorate(function: Operation) -> Operation:
        summary = (function.__doc__ or function.__name__).strip().splitlines()[0]
        READ_OPERATIONS.append(ReadOperation(f"/api/v1{path}", function.__name__, summary, query, answers, scopes))

        @wraps(function)
        def view(**values: str) -> Response:
            arguments = read_api_parameters(*(p.name for p in query))
            _refuse_empty(request.args)
            response = json_response(function(query=arguments, **values))
            if scopes:
                response.headers["Cache-Control"] = "no-store"
            return response

        api.add_url_rule(flask_rule(f"/v1{path}"), function.__name__, view, methods=["GET"])
        return function

    return decorate


def _refuse_empty(arguments: Mapping[str, str]) -> None:
    """Refuse empty parameters: a program that sends one has forgotten its value."""
    empty = [name for name, text in arguments.items() if not text.strip()]
    if empty:
        raise Refused(
            *(refusal("The parameter “{name}” is empty; leave it out, or give it a value.", name=n) for n in empty)
        )


def json_response(body: object) -> Response:
    """A JSON response with an ETag, open to every origin. Caches must revalidate it."""
    response = Response(_encode(body), mimetype="application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, no-cache"
    if isinstance(tag := getattr(body, "tag", None), str) and request.method in ("GET", "HEAD"):
        response.set_etag(tag)
    else:
        response.add_etag()
    response.make_conditional(request)
    return response


def flask_rule(path: str) -> str:
    """The Flask rule of an OpenAPI path: `{register}` becomes a typed converter."""
    return (
        path.replace("{register}", "<register:register>")
        .replace("{recommendation}", "<ident:recommendation>")
        .replace("{assessment}", "<ident:assessment>")
        .replace("{deadline}", "<ident:deadline>")
        .replace("{response}", "<ident:response>")
        .replace("{body}", "<ident:body>")
        .replace("{theme}", "<ident:theme>")
        .replace("{publication}", "<ident:publication>")
        .replace("{evidence}", "<ident:evidence>")
        .replace("{review}", "<ident:review>")
        .replace("{as_of}", "<day:as_of>")
    )
