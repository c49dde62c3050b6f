"""Reads dates as people and their programs write them, and tells the clear ones from those with two readings."""

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

from domain.errors import Refused, refusal
from domain.times import first_day, shown

ORDERS = ("dmy", "mdy", "ymd")
"""Orders of day, month and year in which three numbers may be written."""
_MONTHS = (
    ("january", "jan", "januar", "janner", "janvier", "janv", "enero", "ene"),
    ("february", "feb", "februar", "feber", "fevrier", "fevr", "fev", "febrero"),
    ("march", "mar", "marz", "maerz", "mrz", "mars", "marzo"),
    ("april", "apr", "avril", "avr", "abril", "abr"),
    ("may", "mai", "mayo"),
    ("june", "jun", "juni", "juin", "junio"),
    ("july", "jul", "juli", "juillet", "juil", "julio"),
    ("august", "aug", "aout", "agosto", "ago"),
    ("september", "sept", "sep", "septembre", "septiembre", "setiembre", "set"),
    ("october", "oct", "oktober", "okt", "octobre", "octubre"),
    ("november", "nov", "novembre", "noviembre"),
    ("december", "dec", "dezember", "dez", "decembre", "diciembre", "dic"),
)
_MONTH_NUMBERS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_IGNORED = frozenset(
    re.findall(
        r"\w+",
        "of the de del den der le el am on "
        "monday tuesday wednesday thursday friday saturday sunday "
        "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag "
        "lundi mardi mercredi jeudi vendredi samedi dimanche "
        "lunes martes miercoles jueves viernes sabado domingo",
    )
)
_ISO = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", re.ASCII)
_TIME = re.compile(
    r"(?<=\d)(?:T|,? +(?:at +)?)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]\.?M\.?)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?$",
    re.IGNORECASE | re.ASCII,
)
_DAY_OF_WEEK = re.compile(r"\([월화수목금토일](?:요일)?\)$|[월화수목금토일]요일$|\([月火水木金土日]\)$")
_EAST_ASIAN = re.compile(r"(\d{4}) ?(?:년도?|年度?)\.?(?: ?(\d{1,2}) ?[월月](?: ?(\d{1,2}) ?[일日])?)?", re.ASCII)
_EAST_ASIAN_DAY = re.compile(r"(\d{1,2}) ?[월月] ?([1-9]|[0-3]\d) ?[일日]", re.ASCII)
_THREE = re.compile(r"(\d{1,4}) ?([-/.]) ?(\d{1,2}) ?\2 ?(\d{1,4}) ?\.?", re.ASCII)
_TWO = re.compile(r"(\d{1,4}) ?[-/.] ?(\d{1,4}) ?\.?", re.ASCII)
_EIGHT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_WORDS = re.compile(r"[^\W\d_]+|\d+|'", re.UNICODE)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|o|a)\b", re.IGNORECASE)
_QUARTER = re.compile(
    r"(?:\bq ?[1-4]\b|\b[1-4] ?q\b|[1-4]\.? ?(?:/ ?4 ?)?분기|\bquarter\b|\bquartal\b|\btrimest)", re.IGNORECASE
)
_NUMBER = re.compile(r"\d{5,}(?:\.\d+)?")
_LONGEST = 60
_YEARS = range(1900, 2100)
_SERIAL_EPOCH = date(1899, 12, 30)
_SERIALS = range(20_000, 73_051)
"""From 1954 to 2099: days since the end of 1899, as spreadsheets count."""
_Parts = tuple[int, int, int]
"""Year, month and day; 0 where not written."""


def parse_typed_date(text: str, order: str = "") -> str:
    """Return a date as `2024`, `2024-05` or `2024-05-20`, as precise as it is written. Raises `Refused`.

    `order` (`dmy`, `mdy` or `ymd`) decides between several readings; without it, an ambiguous date is refused.
    """
    if _ISO.fullmatch(text):
        first_day(text)
        return text
    readings = date_readings(text)
    if not readings:
        raise Refused(_unread(text))
    if day := _chosen(readings, order):
        return day
    different = list(dict.fromkeys(readings.values()))
    raise Refused(
        refusal(
            "“{text}” can be read as {one} or as {other}. Write the one that is meant.",
            text=shown(text),
            one=different[0],
            other=" or ".join(different[1:]),
        )
    )


@lru_cache(maxsize=50_000)
def read_date(text: str, order: str = "", *, numbers: bool = False) -> str:
    """Return a date as `parse_typed_date` does; empty if the text is none, or is ambiguous without an order.

    A number is read only as a year of this or the last century. With `numbers`, which is for cells of a column of
    dates, it is also read as the day number of a spreadsheet or as `20240520`.
    """
    if not numbers and _NUMBER.fullmatch(text.strip()):
        return ""
    return _chosen(date_readings(text), order)


@lru_cache(maxsize=50_000)
def is_ambiguous(text: str) -> bool:
    """Whether a text is a date that has several readings."""
    return len(set(date_readings(text).values())) > 1


def parse_day_of_form(text: str, today: date, order: str = "") -> str:
    """Return a date that a person typed into a field, as `parse_typed_date` does. Raises `Refused`.

    A day without a year is the latest one that is not after `today`. A number of five digits is no date here.
    """
    readings = {} if _SERIAL.fullmatch(text) else date_readings(text)
    if day := _chosen(readings, order) or ("" if readings else day_without_year(text, today)):
        return day
    if readings:
        different = tuple(dict.fromkeys(readings.values()))
        raise Refused(refusal("Write the month as a word: this can be {days}.", days=different))
    if _QUARTER.search(text):
        raise Refused(_unread(text))
    raise Refused(
        refusal("“{text}” is not a date.", cure="Write it like 20 Jan 2025, 2025-01 or 2025.", text=shown(text))
    )


def day_without_year(text: str, today: date) -> str:
    """Return the latest day such as “20 Jan” or “1월 20일” that is not after `today`; empty if the text is none."""
    if len(text) > _LONGEST:
        return ""
    text = _simplified(text)
    parts = _month_and_day(text)
    years = range(today.year, today.year - 9, -1)  # 29 February may be eight years ago
    days = (_written(year, *parts) for year in years) if parts and all(parts) else iter(())
    return next((day for day in days if day and day <= today.isoformat()), "")


def order_of(text: str) -> str:
    """`dmy` or `mdy`, if a date can be read in that order only; else empty."""
    orders = list(date_readings(text))
    return orders[0] if len(orders) == 1 and orders != ["ymd"] else ""


def date_readings(text: str) -> dict[str, str]:
    """Return the dates that a text may mean by order of day, month and year; empty if it is no date.

    A date that does not depend on the order has the same reading for every order.
    """
    if len(text) > _LONGEST:
        return {}
    text = _simplified(text)
    if match := _THREE.fullmatch(text):
        return _three_numbers(match[1], match[3], match[4])
    parts = _clear_parts(text)
    written = _written(*parts) if parts else ""
    return dict.fromkeys(ORDERS, written) if written else {}


def _chosen(readings: dict[str, str], order: str) -> str:
    """The reading in an order, or the only one; empty if there are none or several."""
    if order in readings:
        return readings[order]
    different = set(readings.values())
    return different.pop() if len(different) == 1 else ""


def _simplified(text: str) -> str:
    text = " ".join(unicodedata.normalize("NFKC", text).replace("’", "'").split())
    text = _TIME.sub("", text)
    return _DAY_OF_WEEK.sub("", text).strip() or text


def _three_numbers(first: str, second: str, third: str) -> dict[str, str]:
    """Readings of three numbers with one separator between them."""
    if len(first) == 4:
        candidates = {"ymd": (int(first), int(second), int(third))}
    elif len(third) == 4:
        candidates = {
            "dmy": (int(third), int(second), int(first)),
            "mdy": (int(third), int(first), int(second)),
        }
    elif len(first) <= 2 and len(third) <= 2:
        candidates = {
            "dmy": (_century(third), int(second), int(first)),
            "mdy": (_century(third), int(first), int(second)),
            "ymd": (_century(first), int(second), int(third)),
        }
        candidates = {o: p for o, p in candidates.items() if len(first if o == "ymd" else third) == 2}
    else:
        return {}
    return {order: written for order, parts in candidates.items() if parts[2] and (written := _written(*parts))}


def _clear_parts(text: str) -> _Parts | None:
    """The parts of a date that is not three numbers; None if it is none."""
    if _ISO.fullmatch(text):
        year, month, day = (int(part) for part in [*text.split("-"), "0", "0"][:3])
        return (year, month, day) if month or year in _YEARS else None
    if match := _EAST_ASIAN.fullmatch(text) or _EIGHT.fullmatch(text):
        return int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if match := _SERIAL.fullmatch(text):
        return _serial(int(match[1]))
    if match := _TWO.fullmatch(text):
        return _month_of_year(match[1], match[2])
    return _with_month_name(text)


def _serial(days: int) -> _Parts | None:
    if days not in _SERIALS:
        return None
    day = _SERIAL_EPOCH + timedelta(days=days)
    return day.year, day.month, day.day


def _month_of_year(first: str, second: str) -> _Parts | None:
    if len(first) == 4 and len(second) <= 2:
        year, month = first, second
    elif len(second) == 4 and len(first) <= 2:
        year, month = second, first
    else:
        return None
    return (int(year), int(month), 0) if int(month) else None


def _with_month_name(text: str) -> _Parts | None:
    """The parts of a date such as `14 Sept. 2023`, `September 2023`, `14-Sep-23` or `14 de septiembre de 2023`."""
    tokens = [t for t in _WORDS.findall(_ORDINAL.sub("", _without_accents(text))) if t not in _IGNORED]
    months = [n for n, token in enumerate(tokens) if token in _MONTH_NUMBERS]
    numbers = [token for token in tokens if token.isascii() and token.isdigit()]
    if len(months) != 1 or len(tokens) - len(numbers) - tokens.count("'") != 1 or not numbers:
        return None
    month = _MONTH_NUMBERS[tokens[months[0]]]
    if years := [number for number in numbers if len(number) == 4]:
        days = [number for number in numbers if len(number) <= 2]
        if len(years) != 1 or len(days) > 1 or len(days) + 1 != len(numbers):
            return None
        return (int(years[0]), month, int(days[0]) if days else 0) if not days or int(days[0]) else None
    if any(len(number) > 2 for number in numbers) or len(numbers[-1]) != 2 or tokens[-1] != numbers[-1]:
        return None
    if len(numbers) == 2 and int(numbers[0]):
        return _century(numbers[1]), month, int(numbers[0])
    # “Sep-23” is a month of a year, as spreadsheets show it; “Sep 23” is a day without a year
    is_year = len(numbers) == 1 and ("-" in text or "'" in text) and months[0] == 0
    return (_century(numbers[0]), month, 0) if is_year else None


def _month_and_day(text: str) -> tuple[int, int] | None:
    """Month and day of a text that names both and nothing else, with the month in words."""
    if match := _EAST_ASIAN_DAY.fullmatch(text):
        return int(match[1]), int(match[2])
    tokens = [t for t in _WORDS.findall(_ORDINAL.sub("", _without_accents(text))) if t not in _IGNORED]
    months = [_MONTH_NUMBERS[token] for token in tokens if token in _MONTH_NUMBERS]
    days = [int(token) for token in tokens if token.isascii() and token.isdigit() and len(token) <= 2]
    return (months[0], days[0]) if len(tokens) == 2 and len(months) == len(days) == 1 else None


def _without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def _century(two_digits: str) -> int:
    number = int(two_digits)
    return number + (2000 if number < 70 else 1900)


def _written(year: int, month: int, day: int) -> str:
    """The date as Uptake writes it; empty if the calendar has no such day."""
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return ""
    return f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else "")


def _unread(text: str) -> str:
    if _QUARTER.search(text):
        return refusal("“{text}” is a quarter.", cure="Write its year, or the month that is meant.", text=shown(text))
    return refusal("“{text}” is not a date.", cure="Write 2024, 2024-05 or 2024-05-20.", text=shown(text))
