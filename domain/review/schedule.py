"""The days on which a review is due, and when each is frozen."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.times import anniversary, full_day
from domain.values import ReviewSchedule


def days_of(schedule: ReviewSchedule, until: date) -> list[tuple[date, int | None]]:
    """The days of a review's occurrences, up to `until`, each with the years since the day it counts from.

    A recurring review begins on that day, with 0 years; a single one has None.
    """
    if schedule.as_of:
        on = full_day(schedule.as_of)
        return [(on, None)] if on <= until else []
    if not (schedule.anniversary_of and schedule.every_years):
        return []
    first = full_day(schedule.anniversary_of)
    days = [(anniversary(first, y), y) for y in range(0, until.year - first.year + 1, schedule.every_years)]
    return [(on, years) for on, years in days if on <= until]


def due_at(as_of: date, time_zone: str) -> datetime:
    """When a review of a day is frozen: at 00:00 of the day after it in the register's zone, as UTC."""
    return datetime.combine(as_of + timedelta(days=1), time(), ZoneInfo(time_zone)).astimezone(UTC)
