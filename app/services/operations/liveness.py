"""Cheap health figures for an installation."""

from msgspec import Struct

from app.adapters.jobs_db.job_locks import last_heartbeat, latest_slot
from app.adapters.record import Record
from app.services.operations.backups.backup import JOB as BACKUP
from app.services.transparency.checkpoints import newest_note_time
from domain.times import instant, to_microseconds

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


class Lag(Struct, frozen=True):
    """What pages do not show yet: how many events, and for how many seconds the oldest of them has been in the log.

    `skipped` events need a newer version of Uptake, whose pages show them.
    """

    events: int
    seconds: float
    skipped: int


def lag(record: Record) -> Lag:
    position, (row, _) = record.views.position(), record.log.last()
    seconds = 0.0
    if row > position.row and (rows := record.log.stored_rows_after(position.row, 1)):
        seconds = max(0.0, to_microseconds(record.clock()) - rows[0][1]) / 1_000_000
    return Lag(row - position.row, seconds, position.skipped)


def skipped_sentence(count: int) -> str:
    """What is wrong while some events need a newer version of Uptake."""
    return f"Pages do not show {count:,} entries of the log, which only a newer version of Uptake can read. Update it."
