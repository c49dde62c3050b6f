"""The OpenAPI 3.1 description, built from the registered operations."""

import re
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import msgspec
from flask import Response

from app.entrypoints.api.operations import READ_OPERATIONS, ReadOperation, api, json_response
from app.entrypoints.api.uploads import FILE, PERMISSION, SHEET_OPERATIONS, SheetOperation
from app.entrypoints.api.writing import WRITE_OPERATIONS, WriteOperation
from app.entrypoints.http.query_params import read_api_parameters
from app.presentation.answers.api_models import Problem, WebhookShape

Schemas = Mapping[type[msgspec.Struct], dict[str, object]]

_ID_SCHEMA = {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,79}$"}


@api.get("/openapi.json")
def openapi() -> Response:
    read_api_parameters()
    return json_response(describe())


def describe() -> dict[str, object]:
    """The OpenAPI document as plain data."""
    types: list[type[msgspec.Struct]] = [
        *(o.answers for o in READ_OPERATIONS),
        *(t for w in WRITE_OPERATIONS for t in (w.body, w.answers)),
        *(s.answers for s in SHEET_OPERATIONS),
        Problem,
        WebhookShape,
    ]
    schemas, components = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    by_type: Schemas = dict(zip(types, schemas, strict=True))
    paths: dict[str, dict[str, object]] = {o.path: {"get": _describe_read(o, by_type)} for o in READ_OPERATIONS}
    for write in WRITE_OPERATIONS:
        paths.setdefault(write.path, {})["post"] = _describe_write(write, by_type)
    for sheet in SHEET_OPERATIONS:
        paths.setdefault(sheet.path, {})[sheet.method.lower()] = _describe_sheet(sheet, by_type)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Uptake",
            "version": version("uptake"),
            "description": "Who acted on what was recommended, as of any day, as known at any instant.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "webhooks": {"publicEvent": {"post": _describe_webhook(by_type[WebhookShape])}},
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _describe_read(operation: ReadOperation, schemas: Schemas) -> dict[str, object]:
    problem = {"application/problem+json": {"schema": schemas[Problem]}}
    responses: dict[str, object] = {
        "200": {
            "description": "The result.",
            "headers": {"ETag": {"schema": {"type": "string"}}},
            "content": {"application/json": {"schema": schemas[operation.answers]}},
        },
        "304": {"description": "Nothing has changed since the ETag you sent."},
        "400": {"description": "The request is invalid.", "content": problem},
    }
    if "{" in operation.path:
        responses["404"] = {"description": "Not found.", "content": problem}
    closed: dict[str, object] = {}
    if operation.scopes:
        responses |= {code: {"description": _REFUSALS[code], "content": problem} for code in ("401", "403", "429")}
        closed = {"description": _needs("” or “".join(operation.scopes)), "security": [{"token": []}]}
    query = [
        {
            "name": p.name,
            "in": "query",
            "required": p.name == "q",
            "description": p.description,
            "schema": p.schema,
        }
        for p in operation.query
    ]
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [*_path_parameters(operation.path), *query],
        "responses": responses,
    } | closed


def _path_parameters(path: str) -> list[dict[str, object]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _ID_SCHEMA} for name in re.findall(r"{(\w+)}", path)
    ]


_REFUSALS = {
    "400": "The request is invalid or breaks a rule.",
    "401": "The token is missing or invalid.",
    "403": "The token or its owner is not allowed to do this.",
    "404": "Not found.",
    "409": "Another change was made at the same moment.",
    "412": "It has changed since you read it.",
    "422": "The key was used for another command.",
    "428": "The ETag is missing.",
    "429": "Too many invalid tokens from this address.",
    "503": "The server’s clock is wrong, its disk fails, or its database is away. Send it again, with the same key.",
}


_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A command runs once per key. Another command, or one of another person, needs a key of its own.",
    "schema": {"type": "string", "maxLength": 200},
}


def _if_match(write: WriteOperation) -> dict[str, object]:
    what = "of the public state or" if write.subject.find_tag else "of the proposal, which is that"
    return {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": f"The ETag {what} of the version that you read. “*” names none and is refused.",
        "schema": {"type": "string"},
    }


def _describe_write(write: WriteOperation, schemas: Schemas) -> dict[str, object]:
    problem = {"application/problem+json": {"schema": schemas[Problem]}}
    done = {"description": "Done.", "content": {"application/json": {"schema": schemas[write.answers]}}}
    headers = [_if_match(write), _KEY]
    return {
        "operationId": write.name,
        "summary": write.summary,
        "description": _needs(write.permission),
        "security": [{"token": []}],
        "parameters": [*_path_parameters(write.path), *headers],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schemas[write.body]}}},
        "responses": {"201" if write.name == "propose" else "200": done}
        | {code: {"description": why, "content": problem} for code, why in _REFUSALS.items()},
    }


def _describe_sheet(operation: SheetOperation, schemas: Schemas) -> dict[str, object]:
    problem = {"application/problem+json": {"schema": schemas[Problem]}}
    answer = {"application/json": {"schema": schemas[operation.answers]}}
    refusals = {"400", "401", "403", "404", "429"} | ({"409", "503"} if operation.stores else set())
    responses: dict[str, object] = {
        "200": {"description": "Done; nothing was stored." if operation.stores else "The result.", "content": answer}
    }
    if operation.stores:
        responses["201"] = {"description": "Stored.", "content": answer}
        responses["422"] = {
            "description": "Rows have problems, or the key was used for another import; nothing was stored.",
            "content": answer | problem,
        }
    if operation.form:
        responses["413"] = {"description": "The file is too large, or has too many rows.", "content": problem}
    described: dict[str, object] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": _needs(PERMISSION),
        "security": [{"token": []}],
        "parameters": [*_path_parameters(operation.path), *([_KEY] if operation.stores else [])],
        "responses": responses | {c: {"description": _REFUSALS[c], "content": problem} for c in sorted(refusals)},
    }
    if operation.form:
        form = {"multipart/form-data": {"schema": _describe_form(operation.form)}}
        described["requestBody"] = {"required": True, "content": form}
    return described


def _describe_form(form: type[msgspec.Struct]) -> dict[str, object]:
    """The fields of a form with its file."""
    fields: dict[str, Any] = msgspec.json.schema_components([form])[1][form.__name__]
    file = {"type": "string", "format": "binary", "description": "An .xlsx, .ods, .csv or .tsv, with its name."}
    return fields | {"properties": {FILE: file, **fields["properties"]}, "required": [FILE]}


def _needs(permission: str) -> str:
    return f"Needs a token with the scope “{permission}” whose owner has that permission."


def _describe_webhook(schema: dict[str, object]) -> dict[str, object]:
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return {
        "summary": "A public event of an open register, sent to the addresses that its administrators set up.",
        "parameters": [{"name": n, "in": "header", "required": True, "schema": {"type": "string"}} for n in names],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {
            "2XX": {"description": "Accepted."},
            "410": {"description": "The receiver is gone. No more events are sent."},
            "default": {"description": "The event is sent again later with the same id."},
        },
    }
