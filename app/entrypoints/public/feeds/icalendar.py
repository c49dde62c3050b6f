"""A calendar, RFC 5545: whole days, updated in place by their ids."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from msgspec import Struct

MIMETYPE = "text/calendar"
MAX_OCTETS = 75
"""A longer line is folded."""


class CalendarDay(Struct, frozen=True):
    """One entry. `uid` never changes; `sequence` grows with each change; `stamp` is when the record changed it."""

    uid: str
    on: date
    title: str
    text: str
    url: str
    stamp: datetime
    sequence: int = 0
    is_cancelled: bool = False


def stream_calendar(title: str, batches: Iterable[Iterable[CalendarDay]]) -> Iterator[bytes]:
    """Yield a calendar in pieces, one for each batch of days."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Uptake//Due dates//EN", "CALSCALE:GREGORIAN"]
    yield _folded([*lines, f"X-WR-CALNAME:{_escape(title)}"])
    for days in batches:
        yield _folded(line for day in days for line in _entry(day))
    yield _folded(["END:VCALENDAR"])


def _folded(lines: Iterable[str]) -> bytes:
    return b"".join(map(_fold, lines))


def _entry(day: CalendarDay) -> list[str]:
    stamp = day.stamp.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ").zfill(16)
    following = min(day.on, date.max - timedelta(days=1)) + timedelta(days=1)
    return [
        "BEGIN:VEVENT",
        f"UID:{_escape(day.uid)}",
        f"DTSTAMP:{stamp}",
        f"LAST-MODIFIED:{stamp}",
        f"SEQUENCE:{day.sequence}",
        f"DTSTART;VALUE=DATE:{_day(day.on)}",
        f"DTEND;VALUE=DATE:{_day(following)}",
        f"SUMMARY:{_escape(day.title)}",
        *([f"DESCRIPTION:{_escape(day.text)}"] if day.text else []),
        f"URL:{day.url}",
        f"STATUS:{'CANCELLED' if day.is_cancelled else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def _escape(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        text = text.replace(plain, escaped)
    return text


def _fold(line: str) -> bytes:
    """A line with its end; a part holds at most 75 octets, never half a character, and the next begins with a space."""
    parts, part = [], b""
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > MAX_OCTETS:
            parts.append(part)
            part = b" "
        part += octets
    return b"\r\n".join([*parts, part]) + b"\r\n"
