"""Writes all tables as one workbook: a cover, sheets to print, then one sheet per table, with texts and no formulas."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from msgspec import Struct

from app.adapters.spreadsheets.limits import MAX_WRITTEN_CHARACTERS
from app.services.tables.csv_files import DataTable
from app.services.tables.printed_table import PrintedTable, add_printed_sheet, set_up_pages
from app.services.tables.row_heights import row_height

MAX_COLUMN_WIDTH, MEASURED_ROWS = 60, 200
"""A column is as wide as the longest of its first texts, but not wider."""
LABEL_WIDTH, COVER_WIDTH = 30, 90
TITLE_POINTS, TITLE_SIZE = 48, 18
"""The height of two lines of a title, and the size of its letters."""


class TablePart(Struct, frozen=True):
    """Rows of a table, of which the first is `first`, counted from 1. `last` is the last row of the whole table, 0 if
    it is that of the rows."""

    name: str
    header: Sequence[str]
    widths: Sequence[int]
    rows: Iterable[Sequence[str]] = ()
    first: int = 1
    last: int = 0


def write_workbook(
    cover: Sequence[tuple[str, str]],
    tables: Iterable[DataTable],
    made_at: datetime,
    author: str = "",
    printed: Sequence[PrintedTable] = (),
) -> bytes:
    """Return the workbook. `cover` has lines of label and text, the title first; `made_at` is its creation time."""
    parts = (TablePart(t.name, t.header, column_widths(t.header, t.rows[:MEASURED_ROWS]), t.rows) for t in tables)
    return write_parts(cover, parts, made_at, author, printed)


def write_parts(
    cover: Sequence[tuple[str, str]],
    parts: Iterable[TablePart],
    made_at: datetime,
    author: str = "",
    printed: Sequence[PrintedTable] = (),
) -> bytes:
    """Return such a workbook with parts of its tables."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "constant_memory": True,  # a row is written when the next begins
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": cover[0][1], "author": author, "created": made_at.replace(tzinfo=None)})
    _add_cover(book, cover, author)
    for table in printed:
        add_printed_sheet(book, table)
    text_format = book.add_format({"text_wrap": True, "valign": "top"})
    header_format = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F3F5F7"})
    for part in parts:
        _add_part(book, part, cover[0][1], header_format, text_format)
    book.close()
    return buffer.getvalue()


def _add_cover(book: Any, cover: Sequence[tuple[str, str]], author: str) -> None:
    title_format = book.add_format({"bold": True, "font_size": TITLE_SIZE, "text_wrap": True, "valign": "top"})
    label_format = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    text_format = book.add_format({"text_wrap": True, "valign": "top", "align": "left"})
    sheet = book.add_worksheet("about")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, LABEL_WIDTH)
    sheet.set_column(1, 1, COVER_WIDTH)
    for n, (label, text) in enumerate(cover):
        height = row_height([(text, COVER_WIDTH), (label, LABEL_WIDTH)])
        sheet.set_row(n, TITLE_POINTS if n == 0 else height)
        sheet.write_string(n, 0, label, label_format)
        sheet.write_string(n, 1, text[:MAX_WRITTEN_CHARACTERS], title_format if n == 0 else text_format)
    set_up_pages(sheet, "", author)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 0)


def _add_part(book: Any, part: TablePart, title: str, header_format: Any, text_format: Any) -> None:
    sheet = book.add_worksheet(part.name)
    sheet.freeze_panes(1, 1)
    for column, width in enumerate(part.widths):
        sheet.set_column(column, column, width, text_format)
    for column, name in enumerate(part.header):
        sheet.write_string(0, column, name, header_format)
    last = part.last
    for number, row in enumerate(part.rows, part.first):
        sheet.set_row(number, row_height(zip(row, part.widths, strict=True)))
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(number, column, cell[:MAX_WRITTEN_CHARACTERS], text_format)
        last = max(last, number)
    sheet.autofilter(0, 0, max(last, 1), len(part.header) - 1)
    set_up_pages(sheet, title, part.name)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0)


def column_widths(header: Sequence[str], first_rows: Sequence[Sequence[str]]) -> list[int]:
    """In characters, by the first rows of a table."""
    longest = [max((len(row[n]) for row in first_rows), default=0) for n in range(len(header))]
    return [min(max(own, len(name)) + 3, MAX_COLUMN_WIDTH) for name, own in zip(header, longest, strict=True)]
