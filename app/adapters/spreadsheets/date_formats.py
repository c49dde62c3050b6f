"""Dates and times that workbooks store as numbers of days."""

from datetime import date, datetime, timedelta

from app.adapters.spreadsheets.format_codes import FormatSection

_FIRST_DAY, _FIRST_DAY_1904 = datetime.fromisoformat("1899-12-30"), datetime.fromisoformat("1904-01-01")
_LAST_DAY = 2_958_466
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def to_datetime(days: float, is_1904: bool) -> datetime | None:
    """The time of a number of days, to the second; None if no calendar has it."""
    if not 0 <= days < _LAST_DAY:
        return None
    if not is_1904 and days < 60:  # the calendar of spreadsheets has a 29 February 1900
        days += 1
    first = _FIRST_DAY_1904 if is_1904 else _FIRST_DAY
    seconds = round(days * 86400, 3)
    return (first + timedelta(seconds=seconds)).replace(microsecond=0)


def read_date(section: FormatSection, days: float, is_1904: bool) -> tuple[str, str, bool]:
    """Return a date as stored and as read, both ISO, and whether its format hides a part that has a meaning."""
    letters = _letters(section)
    when = to_datetime(days, is_1904)
    if when is None:
        return plain_days(days), "", True
    if letters & {"elapsed"} or not letters & {"y", "e", "mo", "d"} or days < 1:
        return plain_days(days), show_date(section, days, is_1904), False
    stored = iso(when)
    return stored, *read_parts(when, letters)


def read_parts(when: datetime, letters: set[str]) -> tuple[str, bool]:
    """Return a date with the parts that are displayed (`y`, `mo`, `d`, `h`), and whether a hidden one has a meaning."""
    has_year = bool(letters & {"y", "e"})
    if "d" not in letters and has_year:
        read = f"{when:%Y-%m}" if "mo" in letters else f"{when.year:04}"
        return read, when.day != 1 or ("mo" not in letters and when.month != 1)
    if "h" in letters:
        return iso(when), not has_year
    return when.date().isoformat(), not has_year


def iso(when: datetime) -> str:
    """A time in ISO form; midnight is left out."""
    return when.isoformat() if when.time() != datetime.min.time() else when.date().isoformat()


def plain_days(days: float) -> str:
    return str(int(days)) if days.is_integer() else f"{days:.15g}"


def _letters(section: FormatSection) -> set[str]:
    """The parts of a date that a format shows; months are `mo`, minutes `mi`."""
    return {"elapsed" if kind == "elapsed" else part for kind, part, _ in _parts(section) if kind != "literal"}


def _parts(section: FormatSection) -> list[tuple[str, str, int]]:
    """Each token as its kind, its part or text, and its width. `m` next to hours or seconds is a minute."""
    dates = [(n, text) for n, (kind, text) in enumerate(section.tokens) if kind in ("date", "elapsed")]
    minutes = set()
    for place, (n, text) in enumerate(dates):
        before = dates[place - 1][1] if place else ""
        after = dates[place + 1][1] if place + 1 < len(dates) else ""
        if text[0] == "m" and len(text) < 3 and (before[:1] == "h" or after[:1] == "s"):
            minutes.add(n)
    parts = []
    for n, (kind, text) in enumerate(section.tokens):
        if kind in ("date", "elapsed"):
            name = {"m": "mi" if n in minutes or kind == "elapsed" else "mo", "a": "wd"}.get(text[0], text[0])
            if text[0] == "d" and len(text) > 2:
                name = "wd"
            parts.append((kind, name, len(text)))
        else:
            parts.append(("half" if kind == "half" else "literal", text, 0))
    return parts


def show_date(section: FormatSection, days: float, is_1904: bool) -> str:
    """A date as its format shows it, with English names of months; `####` if it has none."""
    when = to_datetime(days, is_1904)
    if when is None:
        return "####"
    parts = _parts(section)
    is_half = any(kind == "half" for kind, _, _ in parts)
    shown = []
    is_decimal = False
    for kind, part, width in parts:
        if kind == "date":
            shown.append(_show_part(when, part, width, is_half=is_half))
        elif kind == "elapsed":
            total = round(days * 86400) // {"h": 3600, "mi": 60, "s": 1}[part]
            shown.append(str(total).zfill(width))
        elif kind == "half":
            shown.append("AM" if when.hour < 12 else "PM")
        elif part == ".":
            is_decimal = True
            shown.append(part)
        else:
            shown.append("0" if is_decimal and part in "0#?" else part)
    return "".join(shown).strip()


def _show_part(when: datetime, part: str, width: int, *, is_half: bool) -> str:
    if part == "mo" and width > 2:
        name = _MONTHS[when.month - 1]
        return name[:1] if width == 5 else name if width == 4 else name[:3]
    if part == "wd":
        name = _WEEKDAYS[date.weekday(when)]
        return name[:3] if width == 3 else name
    if part in "ye":
        return f"{when.year:04}" if width > 2 or part == "e" else f"{when.year % 100:02}"
    if part == "b":
        return str(when.year + 543)
    hour = (when.hour % 12 or 12) if is_half else when.hour
    number = {"mo": when.month, "d": when.day, "h": hour, "mi": when.minute, "s": when.second}.get(part)
    return "" if number is None else str(number).zfill(min(width, 2))
