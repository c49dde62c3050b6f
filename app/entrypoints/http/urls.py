"""Builds addresses: of a page, with changed parameters, or absolute."""

from typing import Any
from urllib.parse import urlencode

from flask import current_app, request, url_for

from projections.changes.queries import PublicChange


def page_url(endpoint: str, **values: Any) -> str:
    """Returns the path of a page; values outside the path become parameters."""
    return url_for(endpoint, **values)


def absolute_url(path: str) -> str:
    """Returns the public address of a path of this site."""
    return str(current_app.config["BASE_URL"]) + path


def with_parameters(**changed: object) -> str:
    """Returns this page's address with some parameters changed."""
    return f"{request.path}?{urlencode(request.args.to_dict() | changed)}"


def change_url(register: str, change: PublicChange) -> str:
    """The public page that shows a change."""
    if not change.recommendation:
        return absolute_url(page_url("public.scorecard", register=register))
    anchor = f"a-{change.assessment}" if change.assessment else None
    path = page_url("public.recommendation", register=register, recommendation=change.recommendation, _anchor=anchor)
    return absolute_url(path)
