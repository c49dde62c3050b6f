"""The scheduled backups of this installation, as the database of the jobs has them, and what is wrong with them."""

from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import Engine, delete, insert, select, update

from app.adapters.jobs_db.tables import backup_runs
from app.adapters.record import Record
from app.adapters.settings import Settings
from domain.errors import Refusal, refusal
from domain.times import instant, written

RUN_TIMEOUT_SECONDS = 4 * 3600
"""How long a backup and its trial may take together."""
RETRY_SECONDS = 3600
"""After this time a backup that failed is tried again."""


class BackupRun(Struct, frozen=True):
    """`tried_at` is when the trial restore ended; `problem` is of the backup or the trial. Instants are UTC texts."""

    name: str
    started_at: str
    made_at: str | None = None
    tried_at: str | None = None
    problem: str = ""

    @property
    def has_passed(self) -> bool:
        return self.tried_at is not None and not self.problem

    def has_failed(self, now: datetime) -> bool:
        """Whether something went wrong, or the process ended before it was done."""
        return bool(self.problem) or (self.tried_at is None and _seconds(self.started_at, now) > RUN_TIMEOUT_SECONDS)


class BackupStatus(Struct, frozen=True):
    """When a trial restore last passed and how many seconds ago, None if none did; and what is wrong, if anything."""

    passed_at: datetime | None
    trial_seconds: float | None
    problem: Refusal | None


def backup_runs_of(jobs: Engine) -> list[BackupRun]:
    """Newest first."""
    with jobs.connect() as db:
        rows = db.execute(select(backup_runs).order_by(backup_runs.c.started_at.desc()))
        return [BackupRun(**row) for row in rows.mappings()]


def start_run(jobs: Engine, name: str, now: datetime) -> None:
    with jobs.begin() as db:
        db.execute(insert(backup_runs).values(name=name, started_at=written(now)))


def change_run(jobs: Engine, name: str, **values: str) -> bool:
    """Change what is known about a backup; returns whether it is one of the schedule."""
    with jobs.begin() as db:
        return db.execute(update(backup_runs).where(backup_runs.c.name == name).values(**values)).rowcount > 0


def forget_run(jobs: Engine, name: str) -> None:
    with jobs.begin() as db:
        db.execute(delete(backup_runs).where(backup_runs.c.name == name))


def is_due(settings: Settings, runs: list[BackupRun], now: datetime) -> bool:
    """Whether the next scheduled backup should begin."""
    if settings.backup_dir is None:
        return False
    if not runs:
        return True
    interval = settings.backup_hours * 3600
    wait = min(RETRY_SECONDS, interval) if runs[0].has_failed(now) else interval
    return _seconds(runs[0].started_at, now) >= wait


def backup_status(record: Record) -> BackupStatus | None:
    """How well the scheduled backups do; None without a schedule."""
    if record.settings.backup_dir is None:
        return None
    runs = backup_runs_of(record.jobs)
    now = record.clock()
    passed = max((run.tried_at for run in runs if run.tried_at and run.has_passed), default=None)
    seconds = _seconds(passed, now) if passed else None
    return BackupStatus(instant(passed) if passed else None, seconds, _problem(record.settings, runs, passed, now))


def _problem(settings: Settings, runs: list[BackupRun], passed: str | None, now: datetime) -> Refusal | None:
    finished = next((run for run in runs if run.tried_at or run.has_failed(now)), None)
    if finished and finished.has_failed(now):
        day = finished.started_at[:10]
        if finished.made_at:
            return refusal("The trial restore of the backup of {day} failed.", day=day)
        return refusal("The backup of {day} failed.", day=day)
    if passed is None:
        return refusal("No backup has passed a trial restore yet.")
    if _seconds(passed, now) > 2 * settings.backup_hours * 3600 + RUN_TIMEOUT_SECONDS:
        return refusal("No backup has passed a trial restore since {day}.", day=passed[:10])
    return None


def _seconds(since: str, now: datetime) -> float:
    return max(timedelta(0), now - instant(since)).total_seconds()
