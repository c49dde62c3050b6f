"""Answers while the database is away or too busy, or the disk fails: 503, and a page that keeps what was typed."""

import logging
import re
import sqlite3

from eventsourcing.persistence import PersistenceError
from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from app.adapters.database import disk_failure, is_away, is_busy
from app.entrypoints.http.errors import handle_unexpected, problem_response
from app.entrypoints.http.hosts import CHECKS
from app.entrypoints.http.replica_reads import answer_from_primary
from app.entrypoints.http.security import SECURITY_ENDPOINTS
from app.entrypoints.http.services import services
from app.presentation.i18n.languages import direction
from app.presentation.i18n.translation import _, page_language

RETRY_SECONDS = 5
SECRET_FIELDS = re.compile("again|code|.*password.*")
"""The fields whose texts are in no page: a password, the same once more, a code that signs in."""
log = logging.getLogger("uptake.web")


def add_database_errors(app: Flask) -> None:
    """Runs before anything reads the database, so that no request waits for one that is known to be away."""
    for kind in (SQLAlchemyError, PersistenceError, sqlite3.Error, OSError):
        app.register_error_handler(kind, _handle)
    if not app.extensions["uptake"].settings.database_url:
        return
    from psycopg import Error  # slow to load, and SQLite does not need it

    app.before_request(_refuse_while_away)
    app.register_error_handler(Error, _handle)


def _refuse_while_away() -> Response | None:
    is_needed = request.endpoint not in (*CHECKS, "static", None)
    return _unavailable() if is_needed and services().availability.is_away else None


def _handle(error: Exception) -> ResponseReturnValue:
    if (answer := answer_from_primary(error, is_away=is_away(error))) is not None:
        return answer
    if reason := disk_failure(error):
        log.error("the disk failed in %s: %s", request.endpoint, reason)
        return _unavailable(_("The disk of this site fails or is full at the moment, so this cannot be done now."))
    if is_busy(error):
        log.warning("the database was too busy for %s", request.endpoint)
        return _unavailable()
    if is_away(error):
        services().availability.lost(error)
        return _unavailable()
    return handle_unexpected(error)


def _unavailable(sentence: str = "") -> Response:
    sentences = [
        sentence or _("The database does not answer at the moment, so this cannot be done now."),
        _("Wait a few seconds and try again. If this goes on, inform the operator."),
    ]
    if request.path.startswith("/api/"):
        response = problem_response(503, "Service Unavailable", [str(s) for s in sentences])
    else:
        response = Response(_page(sentences), 503, mimetype="text/html")
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(sentences: list[str]) -> str:
    """The page, without what other pages get from the database. A password is never written into it."""
    keeps = request.method == "POST" and request.endpoint not in SECURITY_ENDPOINTS
    language = page_language()
    return current_app.jinja_env.get_template("errors/database_away.html").render(
        language=language,
        direction=direction(language),
        sentences=sentences,
        fields=[pair for pair in request.form.items(multi=True) if not SECRET_FIELDS.fullmatch(pair[0])]
        if keeps
        else [],
        has_files=keeps and any(file.filename for file in request.files.values()),
    )
