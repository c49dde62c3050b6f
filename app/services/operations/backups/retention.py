"""Which scheduled backups are no longer needed. Days, weeks and months are those of UTC; weeks begin on Monday."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from msgspec import Struct


class KeptBackup(Struct, frozen=True):
    """A backup that is in the folder. It is verified if a trial restore of it passed."""

    name: str
    made_at: datetime
    is_verified: bool


class Retention(Struct, frozen=True):
    """Of how many days, weeks and months, counted only if there is a backup of them, the newest backup is kept."""

    daily: int
    weekly: int
    monthly: int


def removable(backups: Iterable[KeptBackup], retention: Retention) -> list[KeptBackup]:
    """The backups to remove, oldest first. Never the newest verified one; none at all before one is verified.

    Verified backups are kept by day, week and month, and all of the last 24 hours. One that is not verified is kept
    only until a later one is, and at most one a day.
    """
    newest_first = sorted(backups, key=lambda b: b.made_at, reverse=True)
    verified = [b for b in newest_first if b.is_verified]
    if not verified:
        return []
    unverified = [b for b in newest_first if b.made_at > verified[0].made_at]
    kept = {
        *(b.name for b in verified if b.made_at > verified[0].made_at - timedelta(days=1)),
        *_newest_of_each(verified, retention.daily, _day),
        *_newest_of_each(verified, retention.weekly, lambda at: f"{at:%G-%V}"),
        *_newest_of_each(verified, retention.monthly, lambda at: f"{at:%Y-%m}"),
        *_newest_of_each(unverified, max(retention.daily, 1), _day),
    }
    return [b for b in reversed(newest_first) if b.name not in kept]


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


def _newest_of_each(newest_first: list[KeptBackup], count: int, period: Callable[[datetime], str]) -> Iterator[str]:
    """The name of the newest backup of each of the last `count` periods that have one."""
    periods: set[str] = set()
    for backup in newest_first:
        if period(backup.made_at) not in periods and len(periods) < count:
            periods.add(period(backup.made_at))
            yield backup.name
