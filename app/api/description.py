"""The OpenAPI 3.1 description, made from the operations themselves."""

import re
from importlib.metadata import version
from typing import Any

import msgspec
from flask import Response

from app.api.operations import OPERATIONS, Operation, answer, api
from app.shapes import Problem
from app.web.asking import parameters

_IDENT = {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,79}$"}


@api.get("/openapi.json")
def openapi() -> Response:
    parameters()
    return answer(describe())


def describe() -> dict[str, Any]:
    """The whole description as plain data."""
    types = [*(o.answers for o in OPERATIONS), Problem]
    schemas, components = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    by_type = dict(zip(types, schemas, strict=True))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Uptake",
            "version": version("uptake"),
            "description": "Who acted on what was recommended, as of any day, as known at any instant.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": {o.path: {"get": _described(o, by_type)} for o in OPERATIONS},
        "components": {"schemas": components},
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
    path_parts = [
        {"name": name, "in": "path", "required": True, "schema": _IDENT}
        for name in re.findall(r"{(\w+)}", operation.path)
    ]
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
        "parameters": [*path_parts, *query],
        "responses": responses,
    }
