"""Whether this process is up, and whether it has what it answers from."""

import logging
from typing import Any

from flask import Flask, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from app.entrypoints.http.services import services
from app.services.container import Services
from app.services.operations.liveness import FRESH_SECONDS, ages, events_behind

SUPERVISED_LAG = 1000
"""How many events the views may lag before this process says that it is not ready."""
log = logging.getLogger("uptake.web")


def add_health(app: Flask) -> None:
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)


def healthz() -> Response:
    return jsonify({"status": "ok"})


def readyz() -> Response:
    """Whether the store can be read, and its views are near enough to the log to answer from.

    A worker that is not alive is told, but pages are as good without it: to send readers away would help nobody.
    """
    of = services()
    behind = _events_behind(of)
    status = "unreadable" if behind is None else "ok" if behind < SUPERVISED_LAG else "behind"
    told: dict[str, Any] = {"status": status, "events_behind": behind}
    if behind is not None:
        told["worker_seconds"] = seconds = _worker_seconds(of)
        if seconds is None or seconds >= FRESH_SECONDS:
            told["warnings"] = [_warning(seconds)]
    response = jsonify(told)
    response.status_code = 200 if status == "ok" else 503
    return response


def _events_behind(of: Services) -> int | None:
    """None where what pages are made from cannot be read."""
    try:
        of.public_names()
        return events_behind(of)
    except Exception as e:
        log.error("The store cannot be read (%s).", type(e).__name__)
        return None


def _worker_seconds(of: Services) -> int | None:
    try:
        worker = ages(of).worker
    except SQLAlchemyError:
        return None
    return None if worker is None else round(worker)


def _warning(seconds: int | None) -> str:
    if seconds is None:
        return "No worker has run here, or what it wrote cannot be read; start one with “uptake worker”."
    return f"The worker was last alive {seconds} seconds ago; see whether it still runs."
