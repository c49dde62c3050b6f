"""Freezes the reviews that are due, each once, even if the worker was stopped in between."""

import logging
from datetime import UTC, datetime

from app.adapters.record import Record
from app.services.snapshots.review_schedule import ReviewOccurrence, review_occurrences
from domain.errors import Conflict, Refused
from domain.times import days_after
from projections.catalogue import queries as catalogue

log = logging.getLogger("uptake.worker")


def freeze_due(record: Record) -> int:
    """Freeze due reviews, earliest first; returns how many. A refused one is logged and tried again."""
    frozen, now = 0, record.clock()
    for register, plan in _plans(record, now):
        if not plan.is_due(now):
            continue
        ident, day = plan.schedule.id, plan.as_of
        key = f"freeze/{register}/{ident}/{day}"
        from app.services.snapshots.freeze import (
            freeze_review,  # what makes reports takes 50 MB; reviews are seldom due
        )

        try:
            freeze_review(record, register, ident, as_of=day, by="scheduler", command_id=key)
            frozen += 1
        except Conflict:
            log.info("another process was working on the review %s of %s; trying again later", ident, day)
        except Refused as refused:
            log.warning("the review %s of %s was not frozen: %s", ident, day, " ".join(refused.refusals))
    return frozen


def _plans(record: Record, now: datetime) -> list[tuple[str, ReviewOccurrence]]:
    until = days_after(now.astimezone(UTC).date(), 1)
    with record.views.connect() as db:
        planned = [(r.id, p) for r in catalogue.registers(db) for p in review_occurrences(db, r.id, until)]
    return sorted(planned, key=lambda f: f[1].freeze_at)
