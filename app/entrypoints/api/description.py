"""The OpenAPI 3.1 description, made from the operations themselves."""

import re
from importlib.metadata import version
from typing import Any

import msgspec
from flask import Response

from app.entrypoints.api.operations import OPERATIONS, Operation, answer, api
from app.entrypoints.api.writing import WRITES, Write
from app.entrypoints.http.query_params import read_parameters
from app.presentation.answers.api_models import Problem, WebhookShape

_IDENT = {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,79}$"}


@api.get("/openapi.json")
def openapi() -> Response:
    read_parameters()
    return answer(describe())


def describe() -> dict[str, Any]:
    """The whole description as plain data."""
    types = [*(o.answers for o in OPERATIONS), *(t for w in WRITES for t in (w.body, w.answers)), Problem, WebhookShape]
    schemas, components = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    by_type = dict(zip(types, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {o.path: {"get": _described(o, by_type)} for o in OPERATIONS}
    for write in WRITES:
        paths.setdefault(write.path, {})["post"] = _described_write(write, by_type)
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
        "webhooks": {"publicEvent": {"post": _described_webhook(by_type[WebhookShape])}},
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _described(operation: Operation, schemas: dict[Any, Any]) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": schemas[Problem]}}
    responses: dict[str, Any] = {
        "200": {
            "description": "The answer.",
            "headers": {"ETag": {"schema": {"type": "string"}}},
            "content": {"application/json": {"schema": schemas[operation.answers]}},
        },
        "304": {"description": "Nothing changed since the ETag that was sent."},
        "400": {"description": "It cannot be answered as it was asked.", "content": problem},
    }
    if "{" in operation.path:
        responses["404"] = {"description": "There is no such thing.", "content": problem}
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
        "parameters": [*_path_parts(operation.path), *query],
        "responses": responses,
    }


def _path_parts(path: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "required": True, "schema": _IDENT} for name in re.findall(r"{(\w+)}", path)]


_REFUSALS = {
    "400": "A rule, or the request itself, has an objection.",
    "401": "The token is missing or does not count.",
    "403": "The token or the person may not do this.",
    "404": "There is no such thing.",
    "409": "Somebody else changed it at the same moment.",
    "412": "What was read has changed since.",
    "428": "The ETag of what was read is missing.",
    "429": "Too many tokens from this address did not count.",
}


def _described_write(write: Write, schemas: dict[Any, Any]) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": schemas[Problem]}}
    done = {"description": "Done.", "content": {"application/json": {"schema": schemas[write.answers]}}}
    headers = [
        {"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"}},
        {"name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string", "maxLength": 200}},
    ]
    return {
        "operationId": write.name,
        "summary": write.summary,
        "description": f"Asks for a token with the scope “{write.permission}”, held by somebody who may do so.",
        "security": [{"token": []}],
        "parameters": [*_path_parts(write.path), *headers],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schemas[write.body]}}},
        "responses": {"201" if write.name == "propose" else "200": done}
        | {code: {"description": why, "content": problem} for code, why in _REFUSALS.items()},
    }


def _described_webhook(schema: dict[str, Any]) -> dict[str, Any]:
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return {
        "summary": "A public event of an open register, sent to the addresses that its administrators set up.",
        "parameters": [{"name": n, "in": "header", "required": True, "schema": {"type": "string"}} for n in names],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {
            "2XX": {"description": "It was taken."},
            "410": {"description": "Nobody is there any more; nothing more is sent."},
            "default": {"description": "It is sent again later, under the same id."},
        },
    }
