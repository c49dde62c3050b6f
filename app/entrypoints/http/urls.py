"""Builds addresses: of a page, with changed parameters, or absolute."""

from typing import Any

from flask import current_app, request, url_for

from app.entrypoints.http.query_params import known_query


def page_url(endpoint: str, **values: Any) -> str:
    """Returns the path of a page; values outside the path become parameters."""
    return url_for(endpoint, **values)


def absolute_url(path: str) -> str:
    """Returns the public address of a path of this site."""
    return str(current_app.config["BASE_URL"]) + path


def with_parameters(**changed: object) -> str:
    """Returns this page's address with some parameters changed."""
    return f"{request.path}?{known_query(**changed)}"
