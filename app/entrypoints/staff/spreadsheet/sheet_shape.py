"""The shape of a sheet: columns for years, headings between the rows, and rows below an item."""

import re
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from app.adapters.spreadsheets.cells import CellRow, CellSheet, Workbook
from app.services.bundles.typed_dates import read_date
from app.services.mapping.fields import FIELDS
from app.services.mapping.table import SheetTable, find_sheet, read_table
from app.services.mapping.types import LEAVE_OUT, UNDECIDED, MappedColumn, SheetMapping

YEAR_ANSWERS = EACH, LAST, OTHER = "each", "last", "other"
"""What columns for years become: an assessment each, only the last of them, or something else."""
YEAR, YEAR_END = "year", "12-31"
"""How precise the day of such a column is: the year alone, or a day of every year."""
_YEAR = re.compile(r"(?:19|20)\d{2}")
_MAX_SHOWN_ROWS = 12
_MAX_EXAMPLES = 8


class YearColumns(Struct, frozen=True):
    """Columns whose headings are years or days."""

    columns: tuple[MappedColumn, ...]
    answer: str
    day: str
    """`year`, or month and day such as `09-30`; empty if the headings say the days themselves."""
    days: tuple[str, ...]
    """The days to choose from; empty if the headings say them."""
    stated: str = ""
    """The line above the headings that says a day."""
    stated_day: str = ""
    """That day."""


class Shape(Struct, frozen=True):
    """What a page asks about the shape of a sheet; parts that the sheet does not have are empty."""

    years: YearColumns | None
    headings: tuple[CellRow, ...]
    """Rows with one text between the others, at most a few."""
    number_of_headings: int
    sub_rows: tuple[CellRow, ...]
    number_of_sub_rows: int
    items: int
    """Number of rows that become recommendations."""


def find_shape(workbook: Workbook, mapping: SheetMapping) -> Shape:
    """The shape of the mapped sheet, with the answers so far."""
    asked = replace(
        mapping,
        heading_rows="theme" if mapping.heading_rows else "",
        sub_rows="part" if mapping.sub_rows else "",
    )
    table = read_table(workbook, asked)
    headings = list({item.heading.number: item.heading for item in table.items if item.heading}.values())
    parts = [part for item in table.items for part in item.parts]
    return Shape(
        years=_year_columns(table, mapping),
        headings=tuple(headings[:_MAX_EXAMPLES]),
        number_of_headings=len(headings),
        sub_rows=tuple(parts[:_MAX_EXAMPLES]),
        number_of_sub_rows=len(parts),
        items=len(table.items),
    )


def first_rows(sheet: CellSheet, header_rows: Sequence[int]) -> list[CellRow]:
    """The rows around the headings, from the top of the sheet, or from a little above headings that are far down."""
    last = max(header_rows, default=1)
    place = next((n for n, row in enumerate(sheet.rows) if row.number >= last), 0)
    start = max(0, place - _MAX_SHOWN_ROWS // 2) if place > _MAX_SHOWN_ROWS // 2 else 0
    return list(sheet.rows[start : start + _MAX_SHOWN_ROWS])


def answer_years(columns: Sequence[MappedColumn], answer: str, day: str) -> tuple[MappedColumn, ...]:
    """Columns for years with the answer about them."""
    asked = _by_year(columns)
    if len(asked) < 2:
        return tuple(columns)
    last = max(column.on or _year_of(column.heading) for column in asked)
    changed = {column.column: _answered(column, answer, day, last) for column in asked}
    return tuple(changed.get(column.column, column) for column in columns)


def _answered(column: MappedColumn, answer: str, day: str, last: str) -> MappedColumn:
    when = column.on or _year_of(column.heading)
    field = column.field if column.field in FIELDS else "status"
    if answer == OTHER:
        return replace(column, field=UNDECIDED, on="")
    if answer == LAST and when != last:
        return replace(column, field=LEAVE_OUT, on=when)
    return replace(column, field=field, on=_with_day(when, column.heading, day))


def _with_day(when: str, heading: str, day: str) -> str:
    """The day of a column whose heading has a year only; other days stay as they are."""
    if not day or not _says_year_only(heading):
        return when
    if day == YEAR:
        return when[:4]
    return read_date(f"{when[:4]}-{day}") or f"{when[:4]}-02-28"  # 29 February is in leap years only


def _says_year_only(heading: str) -> bool:
    rest = _YEAR.sub("", heading)
    return not any(c.isdigit() for c in rest)


def _year_of(heading: str) -> str:
    found = _YEAR.search(heading)
    return found.group() if found else ""


def _by_year(columns: Sequence[MappedColumn]) -> list[MappedColumn]:
    """The columns with a day of their own, or a year in their heading that were left out in favour of another."""
    dated = [c for c in columns if c.on and (c.field == LEAVE_OUT or (c.field in FIELDS and FIELDS[c.field].by_day))]
    statuses = [c for c in dated if c.field in ("status", LEAVE_OUT)]
    return statuses if len(statuses) > 1 else dated


def _year_columns(table: SheetTable, mapping: SheetMapping) -> YearColumns | None:
    columns = _by_year(mapping.columns)
    if len(columns) < 2 or len({c.on for c in columns}) < 2:
        return None
    answer = LAST if any(c.field == LEAVE_OUT for c in columns) else EACH
    if not all(_says_year_only(c.heading) for c in columns):
        return YearColumns(tuple(columns), answer, "", ())
    chosen = next(c.on for c in columns if c.field != LEAVE_OUT)
    stated, line = _stated_day(table, mapping)
    day = chosen[5:] if len(chosen) == 10 else YEAR
    days = dict.fromkeys(d for d in (stated, YEAR_END, "06-30", "09-30", day) if d and d != YEAR)
    return YearColumns(tuple(columns), answer, day, (YEAR, *days), line, stated)


def _stated_day(table: SheetTable, mapping: SheetMapping) -> tuple[str, str]:
    """Month and day that a line above the headings says, and the line."""
    first = min(mapping.header_rows, default=1)
    for row in find_sheet(Workbook("", "", "", (table.sheet,)), table.sheet.name).rows:
        if row.number >= first:
            break
        for text in row.cells:
            if (day := _day_in(text)) and len(day) == 10:
                return day[5:], text
    return "", ""


def _day_in(text: str) -> str:
    """A full date within a text; empty if it has none."""
    words = text.replace(",", " ").split()
    for size in (3, 1):
        for start in range(len(words) - size + 1):
            day = read_date(" ".join(words[start : start + size]).strip(".;:()"))
            if len(day) == 10:
                return day
    return ""
