"""Cheap health figures for an installation."""

from msgspec import Struct

from app.adapters.jobs_db.job_locks import last_heartbeat, latest_slot
from app.adapters.record import Record
from app.services.operations.backups.backup import JOB as BACKUP
from app.services.transparency.checkpoints import newest_note_time
from domain.times import instant

FRESH_SECONDS = 60
"""A worker with a younger heartbeat counts as running."""


class Ages(Struct, frozen=True):
    """Seconds since the latest heartbeat, checkpoint and backup; None if there was none."""

    worker: float | None
    checkpoint: float | None
    backup: float | None


def ages(record: Record) -> Ages:
    instants = last_heartbeat(record.jobs, "worker"), newest_note_time(record.jobs), latest_slot(record.jobs, BACKUP)
    now = record.clock()
    return Ages(*(max(0.0, (now - instant(at)).total_seconds()) if at else None for at in instants))


def events_behind(record: Record) -> int:
    """How many events of the log the views do not show yet."""
    position, (row, _) = record.views.position(), record.log.last()
    return row - position.row
