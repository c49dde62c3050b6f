"""Readings of the machine's clock together with how long the machine has run: they show when the clock was set."""

import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from msgspec import Struct
from sqlalchemy import insert, select
from sqlalchemy.exc import SQLAlchemyError

from app.adapters.jobs_db.tables import clock_readings, open_jobs
from app.adapters.settings import Settings
from domain.event_log import MAX_STEP_SECONDS
from domain.times import instant, written

MAX_TIME_OFF = timedelta(days=31)
"""How long a machine may have been off; after a longer time the operator confirms its clock."""
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_PROCESS = str(uuid.uuid4())
_BOOT_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class ClockReading(Struct, frozen=True):
    """The clock at an instant, the start of the machine that it belongs to, and the seconds since then."""

    boot: str
    uptime_seconds: float
    at: datetime


def read_clock() -> ClockReading:
    """The clock now. On a system that gives the start of the machine no id, each process is one of its own."""
    return ClockReading(_boot(), time.clock_gettime(_BOOT_CLOCK), datetime.now(UTC))


@cache
def _boot() -> str:
    """The start of the machine, which stays the same as long as this process runs."""
    return _BOOT_ID.read_text("ascii").strip() if _BOOT_ID.is_file() else _PROCESS


def drift_seconds(earlier: ClockReading, later: ClockReading) -> float:
    """How far the clock was set between two readings; if the machine was off in between, by how much at least."""
    passed = (later.at - earlier.at).total_seconds()
    if earlier.boot == later.boot:
        return passed - (later.uptime_seconds - earlier.uptime_seconds)
    return min(passed, 0.0) + max(passed - MAX_TIME_OFF.total_seconds(), 0.0)


class ClockDrift:
    """How far the clock of this machine was set since the worker last kept a reading, or since this process began."""

    def __init__(self, settings: Settings, read: Callable[[], ClockReading] = read_clock) -> None:
        self._settings = settings
        self._read = read
        self._since: ClockReading | None = None

    def seconds(self) -> float:
        """0 if nothing is known. Looks at the kept reading at first, and where its own shows a step."""
        now = self._read()
        if self._since and abs(drift := drift_seconds(self._since, now)) <= MAX_STEP_SECONDS:
            return drift
        reference = kept_reading(self._settings) or self._since or now
        drift = drift_seconds(reference, now)
        if abs(drift) <= MAX_STEP_SECONDS:
            self._since = now
        return drift


def kept_reading(settings: Settings) -> ClockReading | None:
    """The reading that was kept last; None without one, or while the jobs database cannot be read."""
    try:
        jobs = open_jobs(settings)
        with jobs.connect() as db:
            row = db.execute(select(clock_readings)).one_or_none()
        jobs.dispose()
    except SQLAlchemyError:
        return None
    return ClockReading(row.boot, row.uptime_seconds, instant(row.at)) if row else None


def keep_reading(settings: Settings, reading: ClockReading) -> None:
    """Take a reading as right: later ones are compared with it."""
    jobs = open_jobs(settings)
    try:
        with jobs.begin() as db:
            db.execute(clock_readings.delete())
            values = {"boot": reading.boot, "uptime_seconds": reading.uptime_seconds, "at": written(reading.at)}
            db.execute(insert(clock_readings).values(values))
    finally:
        jobs.dispose()
