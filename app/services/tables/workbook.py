"""Writes all tables as one workbook: a cover, sheets to print, then one sheet per table, with texts and no formulas."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any

import xlsxwriter

from app.adapters.spreadsheets.limits import MAX_WRITTEN_CHARACTERS
from app.services.tables.csv_files import AnyTable
from app.services.tables.printed_table import PrintedTable, add_printed_sheet, set_up_pages
from app.services.tables.row_heights import row_height

MAX_COLUMN_WIDTH, MEASURED_ROWS = 60, 200
"""A column is as wide as the longest of its first texts, but not wider."""
LABEL_WIDTH, COVER_WIDTH = 30, 90
TITLE_POINTS, TITLE_SIZE = 48, 18
"""The height of two lines of a title, and the size of its letters."""


def write_workbook(
    cover: Sequence[tuple[str, str]],
    tables: Iterable[AnyTable],
    made_at: datetime,
    author: str = "",
    printed: Sequence[PrintedTable] = (),
) -> bytes:
    """Return the workbook. `cover` has lines of label and text, the title first; `made_at` is its creation time."""
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
    for data in tables:
        _add_table(book, data, cover[0][1], header_format, text_format)
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


def _add_table(book: Any, table: AnyTable, title: str, header_format: Any, text_format: Any) -> None:
    sheet = book.add_worksheet(table.name)
    sheet.freeze_panes(1, 1)
    rows = (row for part in table.batches() for row in part)
    first = list(islice(rows, MEASURED_ROWS))
    widths = [_column_width(name, [row[n] for row in first]) for n, name in enumerate(table.header)]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width, text_format)
    for column, name in enumerate(table.header):
        sheet.write_string(0, column, name, header_format)
    last = 0
    for last, row in enumerate(chain(first, rows), 1):
        sheet.set_row(last, row_height(zip(row, widths, strict=True)))
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(last, column, cell[:MAX_WRITTEN_CHARACTERS], text_format)
    sheet.autofilter(0, 0, max(last, 1), len(table.header) - 1)
    set_up_pages(sheet, title, table.name)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0)


def _column_width(name: str, cells: Iterable[str]) -> int:
    return min(max(len(name), *map(len, cells), 0) + 3, MAX_COLUMN_WIDTH)
