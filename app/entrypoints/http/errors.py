"""Refusals and HTTP errors, as pages that help or as problem documents (RFC 9457)."""

import logging
from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask, Response, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wrappers import Response as BaseResponse

from app.entrypoints.http.date_form import date_form
from app.entrypoints.http.languages import other_languages
from app.entrypoints.http.query_params import find_open_register
from app.entrypoints.http.services import services
from app.presentation.i18n.localize import refusal_text
from app.presentation.i18n.translation import _
from app.services.container import Services
from domain.errors import ClockDisagrees, Conflict, Gone, KeyReused, NotFound, Refused

log = logging.getLogger("uptake.web")
security_log = logging.getLogger("uptake.security")


class RequestProblem(Exception):
    """An API request that is refused before its command runs."""

    def __init__(self, status: int, *sentences: str) -> None:
        self.status, self.sentences = status, list(sentences)
        super().__init__(" ".join(sentences))


def register_errors(app: Flask) -> None:
    app.register_error_handler(Refused, handle_refused)
    app.register_error_handler(RequestProblem, handle_request_problem)
    app.register_error_handler(HTTPException, handle_http_error)
    app.register_error_handler(Exception, handle_unexpected)


def handle_refused(error: Refused) -> Response:
    statuses = {NotFound: 404, Gone: 410, Conflict: 409, KeyReused: 422, ClockDisagrees: 503}
    status = next((code for kind, code in statuses.items() if isinstance(error, kind)), 400)
    if _wants_json():
        fields = {r.field: str(r) for r in reversed(error.refusals) if r.field}
        return error_response(services(), status, [str(r) for r in error.refusals], fields)
    problems = {r.field: refusal_text(r) for r in reversed(error.refusals) if r.field}
    return error_response(services(), status, [refusal_text(r) for r in error.refusals], problems)


def handle_request_problem(error: RequestProblem) -> Response:
    """Answers with a problem document."""
    response = problem_response(error.status, HTTP_STATUS_CODES.get(error.status, "Refused"), error.sentences)
    if error.status in (401, 403, 429):
        security_log.warning("a request is refused with %s at %s", error.status, request.endpoint)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def handle_http_error(error: HTTPException) -> BaseResponse:
    if error.code is None or error.code < 400:
        return error.get_response()
    sentences = {
        404: _("There is no page at this address. Check the address for typing mistakes."),
        413: _("The request is too large. Send less, or a smaller file."),
        405: _("This address is read-only."),
    }
    sentence = sentences.get(error.code, error.description or _("The request failed."))
    if isinstance(error, CSRFError):
        security_log.warning("a form without the token of its page is refused at %s", request.endpoint)
        sentence = _("This form was not sent from a page of this site, or your session has ended. Open the page again.")
    response = error_response(services(), error.code, [sentence])
    if allowed := getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def handle_unexpected(error: Exception) -> Response:
    log.exception("unexpected error in %s", request.endpoint, exc_info=error)
    return error_response(
        services(), 500, [_("Sorry, something went wrong on our side. We have logged the error. Try again later.")]
    )


def error_response(
    services: Services, status: int, sentences: list[str], problems: Mapping[str, str] = MappingProxyType({})
) -> Response:
    """Returns the refusal as a page or, under /api/, as a problem document. `problems` are those of fields, by name."""
    title = HTTP_STATUS_CODES.get(status, InternalServerError().name)
    if _wants_json():
        return problem_response(status, title, sentences, problems)
    g.error_register = register = _open_register_id(services)
    page = render_template(
        "errors/page.html",
        status=status,
        sentences=sentences,
        register=register,
        date_form=date_form(status, problems),
        other_languages=other_languages("/"),
    )
    return Response(page, status, mimetype="text/html")


def _wants_json() -> bool:
    return request.path.startswith("/api/")


def _open_register_id(services: Services) -> str | None:
    """Returns the id of the open register in the address, for a link back to it."""
    name = (request.view_args or {}).get("register")
    if not name:
        return None
    try:
        with services.views.connect() as db:
            return find_open_register(db, name).id
    except Exception:  # an error page never fails for want of a link
        return None


def problem_response(
    status: int, title: str, sentences: list[str], fields: Mapping[str, str] = MappingProxyType({})
) -> Response:
    body: dict[str, object] = {"type": "about:blank", "title": title, "status": status, "detail": " ".join(sentences)}
    if len(sentences) > 1:
        body["errors"] = sentences
    if fields:
        body["fields"] = dict(fields)
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response
