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
        entry = {"before": change.position + 1, "_anchor": f"c-{change.position}"}
        path = subject_path(register, change) or page_url("public.corrections", register=register, **entry)
        return absolute_url(path)
    anchor = f"a-{change.assessment}" if change.assessment else None
    path = page_url("public.recommendation", register=register, recommendation=change.recommendation, _anchor=anchor)
    return absolute_url(path)


def subject_path(register: str, change: PublicChange) -> str | None:
    """The page of what a change is about that is not about a recommendation; None if it has none of its own."""
    match change.kind:
        case "opened" | "register_amended":
            return page_url("public.scorecard", register=register)
        case "theme_amended":
            return page_url("public.theme", register=register, theme=change.subject)
        case "body_amended" | "body_merged":
            return page_url("public.body", register=register, body=change.subject)
        case "review_amended":
            return page_url("public.reviews", register=register)
    return None
