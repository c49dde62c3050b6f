"""Reads dates as people and spreadsheets write them, in the order of day and month that was chosen."""

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier janv enero ene",
            "february feb februar février fevrier févr fevr febrero",
            "march mar märz maerz mars marzo",
            "april apr avril avr abril abr",
            "may mai mayo",
            "june jun juni juin junio",
            "july jul juli juillet juil julio",
            "august aug août aout agosto ago",
            "september sept sep septembre septiembre setiembre",
            "october oct oktober okt octobre octubre",
            "november nov novembre noviembre",
            "december dec dezember dez décembre decembre diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
_CLOCK = re.compile(r"[T ,]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[ap]m)?(Z|[+-]\d{2}:?\d{2})?$", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"((?:19|20)\d{2})\s*[-/.]\s*(\d{1,2})(?:\s*[-/.]\s*(\d{1,2}))?\.?")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*((?:19|20)\d{2}|\d{2})\.?")
_MONTH_YEAR = re.compile(r"(\d{1,2})\s*[-/.]\s*((?:19|20)\d{2})")
_KOREAN = re.compile(r"((?:19|20)\d{2})\s*년(?:도)?(?:\s*(\d{1,2})\s*월(?:\s*(\d{1,2})\s*일)?)?")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_NAMED_MONTH = re.compile(r"([^\W\d_]{3,10})")
_SERIAL = re.compile(r"[34]\d{4}")
_SERIAL_EPOCH = date(1899, 12, 30)
_SMALL_WORDS = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|º)\b|\b(?:de|del|den|the|of|le)\b|[,.]", re.IGNORECASE)


@lru_cache(maxsize=50_000)
def read_date(text: str, order: str = "") -> str:
    """A date as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; empty if the text is none.

    `order` is `dmy`, `mdy` or `ymd`. Without it a date that can be read in two ways is none.
    """
    text = _CLOCK.sub("", unicodedata.normalize("NFKC", text).strip())
    if match := _YEAR_FIRST.fullmatch(text) or _KOREAN.fullmatch(text):
        year, month, day = match.groups()
        return _written(int(year), int(month or 0), int(day or 0))
    if match := _YEAR_LAST.fullmatch(text):
        return _year_last(*match.groups(), order=order)
    if match := _MONTH_YEAR.fullmatch(text):
        return _written(int(match[2]), int(match[1]), 0)
    if _YEAR.fullmatch(text):
        return text
    return _with_month_name(text)


def is_ambiguous(text: str) -> bool:
    """Whether day and month of a date could be either way round, and it makes a difference."""
    match = _YEAR_LAST.fullmatch(_CLOCK.sub("", text.strip()))
    return bool(match) and match[1] != match[2] and 1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= 12


def order_of(text: str) -> str:
    """`dmy` or `mdy`, if a date can be read in one of them only; else empty."""
    match = _YEAR_LAST.fullmatch(_CLOCK.sub("", text.strip()))
    if not match:
        return ""
    first, second = int(match[1]), int(match[2])
    if first > 12 >= second:
        return "dmy"
    return "mdy" if second > 12 >= first else ""


def read_serial(text: str) -> str:
    """The day of a spreadsheet's day number, such as 45183; empty for other texts."""
    return (_SERIAL_EPOCH + timedelta(int(text))).isoformat() if _SERIAL.fullmatch(text) else ""


def _year_last(first: str, second: str, year: str, *, order: str) -> str:
    full_year = int(year) if len(year) == 4 else _century(int(year))
    days = {
        "dmy": _written(full_year, int(second), int(first)),
        "mdy": _written(full_year, int(first), int(second)),
    }
    if order == "ymd" and len(year) == 2:
        return _written(_century(int(first)), int(second), int(year))
    possible = {day for day in days.values() if day}
    if days.get(order):
        return days[order]
    return possible.pop() if len(possible) == 1 else ""


def _century(year: int) -> int:
    return 2000 + year if year < 70 else 1900 + year


def _with_month_name(text: str) -> str:
    """A date such as `14 March 2024`, `March 14, 2024` or `Sept 2023`."""
    if len(text) > 40:
        return ""
    names = [name for name in _NAMED_MONTH.findall(text) if name.lower() in _MONTHS]
    if len(names) != 1:
        return ""
    rest = _SMALL_WORDS.sub(" ", text.replace(names[0], " ")).replace("-", " ").replace("/", " ").split()
    years = [part for part in rest if _YEAR.fullmatch(part)]
    days = [part for part in rest if part.isdecimal() and len(part) <= 2]
    if len(years) != 1 or len(years) + len(days) != len(rest) or len(days) > 1:
        return ""
    return _written(int(years[0]), _MONTHS[names[0].lower()], int(days[0]) if days else 0)


def _written(year: int, month: int, day: int) -> str:
    """The date as text; empty if the calendar has no such day. Month and day are 0 if unknown."""
    if not 1 <= year <= 9999 or month > 12:
        return ""
    if not month:
        return f"{year:04}"
    if not day:
        return f"{year:04}-{month:02}"
    return f"{year:04}-{month:02}-{day:02}" if day <= monthrange(year, month)[1] else ""
