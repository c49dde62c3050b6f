"""The two times: days in the world (as precise as recorded) and instants of the register (UTC)."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain.errors import Refused, refusal

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:[Zz]|[+-]\d{2}:\d{2})", re.ASCII)


@lru_cache(maxsize=20_000)
def first_day(text: str) -> date:
    """The first day of `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. Raises `Refused` with a sentence."""
    match = _DAY.fullmatch(text)
    if not text:
        raise Refused(refusal("Enter a date.", cure="Write 2024, 2024-05 or 2024-05-20."))
    if not match:
        raise Refused(refusal("“{text}” is not a date.", cure="Write 2024, 2024-05 or 2024-05-20.", text=shown(text)))
    year, month, day = match.groups()
    try:
        return date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise Refused(refusal("There is no day “{text}” in the calendar.", text=text)) from None


def last_day(text: str) -> date:
    """The last day of `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. Raises `Refused` with a sentence."""
    day = first_day(text)
    if len(text) == 10:
        return day
    month = day.month if len(text) == 7 else 12
    return date(day.year, month, monthrange(day.year, month)[1])


def full_day(text: str) -> date:
    """A day written in full. Raises `Refused` with a sentence."""
    if len(text) != 10:
        raise Refused(refusal("“{text}” is not a full date.", cure="Write it as 2024-05-20.", text=shown(text)))
    return first_day(text)


def instant(text: str) -> datetime:
    """An instant of RFC 3339 with offset, as UTC. Raises `Refused` with a sentence."""
    if not _INSTANT.fullmatch(text):
        raise Refused(
            refusal(
                "“{text}” is not a date and time.",
                cure="Write it with its offset, such as 2024-05-20T12:00:00Z.",
                text=shown(text),
            )
        )
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(refusal("There is no instant “{text}”.", text=text)) from None


def written(at: datetime) -> str:
    """An instant as Uptake writes it everywhere: UTC, six decimals, Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").zfill(27)


def compact(at: datetime) -> str:
    """An instant for addresses and citations: like `written`, without the decimals of a whole second."""
    return written(at).replace(".000000Z", "Z")


def next_second(at: datetime) -> datetime:
    """The whole second at an instant or after it."""
    return at if at.microsecond == 0 else at.replace(microsecond=0) + timedelta(seconds=1)


def to_microseconds(at: datetime) -> int:
    """An instant as microseconds since 1970, as tables hold it."""
    return (at - _EPOCH) // _MICROSECOND


def from_microseconds(count: int) -> datetime:
    """The instant that is so many microseconds after the start of 1970."""
    return _EPOCH + count * _MICROSECOND


def end_of_day(day: date) -> datetime:
    """The last microsecond of a day in UTC."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, 999999, tzinfo=UTC)


def day_in(zone: str, at: datetime) -> date:
    """Which day it is at an instant in a time zone (an IANA name)."""
    return at.astimezone(ZoneInfo(zone)).date()


def anniversary(of: date, years: int) -> date:
    """The same day of another year; 29 February becomes 28 February where there is none."""
    try:
        return of.replace(year=of.year + years)
    except ValueError:
        return of.replace(year=of.year + years, day=28)


def days_after(day: date, days: int) -> date:
    """So many days later, or the last day that there is."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max


def shown(text: str, limit: int = 60) -> str:
    """A text, cut to a length that fits in a sentence."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
