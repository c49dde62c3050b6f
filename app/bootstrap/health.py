"""Health checks: whether this process is up, and whether it is ready to answer."""

import logging
from typing import Any

from flask import Flask, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from app.entrypoints.http.services import services
from app.services.container import Services
from app.services.operations.backups.runs import BackupStatus, backup_status
from app.services.operations.liveness import FRESH_SECONDS, Lag, ages, lag, skipped_sentence
from app.services.transparency.log_length import missing_end, older_log
from domain.errors import Refused
from domain.log.aggregate import MissingEnd

MAX_READY_LAG_EVENTS, MAX_READY_LAG_SECONDS = 1000, 60
"""At this lag of the views, the process is not ready."""
_BACKUP_CURE = "Run “uptake backup list” on the server to see why."
log = logging.getLogger("uptake.web")


def add_health(app: Flask) -> None:
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)


def healthz() -> Response:
    return jsonify({"status": "ok"})


def readyz() -> Response:
    """Whether the store can be read and its views are recent enough.

    A missing worker and a failed backup are only warnings: pages work without them.
    """
    installation = services()
    behind = _lag(installation)
    status = _status(behind)
    report: dict[str, Any] = {"status": status, "events_behind": behind and behind.events}
    if behind is not None:
        report |= {"seconds_behind": round(behind.seconds, 1), "events_skipped": behind.skipped}
        report["worker_seconds"] = seconds = _worker_seconds(installation)
        if seconds is None or seconds >= FRESH_SECONDS:
            report["warnings"] = [_warning(seconds)]
        report["clock_skew_seconds"] = round(installation.log.skew_seconds(), 1)
        if problem := installation.log.clock_problem():
            report["warnings"] = [*report.get("warnings", []), problem]
        if behind.skipped:
            report["warnings"] = [*report.get("warnings", []), skipped_sentence(behind.skipped)]
        if end := _missing_end(installation):
            report["warnings"] = [*report.get("warnings", []), str(older_log(end))]
        if backups := _backup_status(installation):
            report["trial_restore_seconds"] = None if backups.trial_seconds is None else round(backups.trial_seconds)
            if backups.problem:
                report["warnings"] = [*report.get("warnings", []), f"{backups.problem} {_BACKUP_CURE}"]
    response = jsonify(report)
    response.status_code = 200 if status == "ok" else 503
    return response


def _status(behind: Lag | None) -> str:
    if behind is None:
        return "unreadable"
    is_late = behind.events >= MAX_READY_LAG_EVENTS or behind.seconds >= MAX_READY_LAG_SECONDS
    return "behind" if is_late else "ok"


def _lag(installation: Services) -> Lag | None:
    """The lag of the views, or None if the store cannot be read."""
    try:
        installation.public_names()
        return lag(installation)
    except Exception as e:
        log.error("The store cannot be read (%s).", type(e).__name__)
        return None


def _missing_end(installation: Services) -> MissingEnd | None:
    installation.log.read_corrections()
    try:
        return missing_end(installation.settings, installation.log.count, installation.log.losses)
    except (SQLAlchemyError, OSError, Refused):
        return None


def _backup_status(installation: Services) -> BackupStatus | None:
    try:
        return backup_status(installation)
    except SQLAlchemyError:
        return None  # the worker's figure, from the same file, has the warning


def _worker_seconds(installation: Services) -> int | None:
    try:
        worker = ages(installation).worker
    except SQLAlchemyError:
        return None
    return None if worker is None else round(worker)


def _warning(seconds: int | None) -> str:
    if seconds is None:
        return "No worker has run here, or its file cannot be read. Start one with “uptake worker”."
    return f"The worker was last alive {seconds} seconds ago. Check whether it still runs."
