"""Writes all tables as one workbook: a cover, then one sheet per table, with texts and no formulas."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

import xlsxwriter

from app.adapters.spreadsheets.limits import MAX_WRITTEN_CHARACTERS
from app.services.tables.csv_files import DataTable
from app.services.tables.row_heights import row_height

MAX_COLUMN_WIDTH = 60
COVER_WIDTH = 90
TITLE_POINTS = 48
"""Two lines of a title."""


def write_workbook(
    cover: Sequence[tuple[str, str]], tables: Iterable[DataTable], made_at: datetime, author: str = ""
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
    title_format = book.add_format({"bold": True, "font_size": 18, "text_wrap": True, "valign": "top"})
    label_format = book.add_format({"bold": True, "valign": "top"})
    text_format = book.add_format({"text_wrap": True, "valign": "top"})
    header_format = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F3F5F7"})
    cover_sheet = book.add_worksheet("about")
    cover_sheet.hide_gridlines(2)
    cover_sheet.set_column(0, 0, 24)
    cover_sheet.set_column(1, 1, COVER_WIDTH)
    for n, (label, text) in enumerate(cover):
        cover_sheet.set_row(n, TITLE_POINTS if n == 0 else row_height([(text, COVER_WIDTH)]))
        cover_sheet.write_string(n, 0, label, label_format)
        cover_sheet.write_string(n, 1, text[:MAX_WRITTEN_CHARACTERS], title_format if n == 0 else text_format)
    for table in tables:
        sheet = book.add_worksheet(table.name)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.header) - 1)
        widths = [_column_width(table, column) for column in range(len(table.header))]
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width, text_format)
        for column, name in enumerate(table.header):
            sheet.write_string(0, column, name, header_format)
        for n, row in enumerate(table.rows, 1):
            sheet.set_row(n, row_height(zip(row, widths, strict=True)))
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(n, column, cell[:MAX_WRITTEN_CHARACTERS], text_format)
    book.close()
    return buffer.getvalue()


def _column_width(table: DataTable, column: int) -> int:
    longest = max((len(row[column]) for row in table.rows[:200]), default=0)
    return min(max(longest, len(table.header[column])) + 3, MAX_COLUMN_WIDTH)
