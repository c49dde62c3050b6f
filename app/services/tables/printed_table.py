"""Writes one table as a workbook to read and to print: words, dates as dates, links, and a page set-up."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from msgspec import Struct

from app.adapters.spreadsheets.limits import MAX_WRITTEN_CHARACTERS
from app.services.tables.row_heights import row_height

A4 = 9
FONT_SIZE = 10
MAX_LINKS = 65_000
"""A sheet may contain so many links; later addresses are written as texts."""
FIRST_EXCEL_DAY = date(1900, 3, 1)
"""Spreadsheets disagree about earlier days, which are written as texts."""


class CellLink(Struct, frozen=True):
    address: str
    text: str


Cell = str | date | CellLink


class PrintedColumn(Struct, frozen=True):
    heading: str
    width: int
    """In characters."""


class PrintedTable(Struct, frozen=True):
    """`lines` are above the table, the title first; `date_format` is the pattern of days in the table."""

    name: str
    lines: Sequence[str]
    columns: Sequence[PrintedColumn]
    rows: Iterable[Sequence[Cell]]
    date_format: str
    footer: str


def write_printed_table(table: PrintedTable, made_at: datetime, author: str) -> bytes:
    """Return the workbook: landscape, as wide as a page, with the headings on each page."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": table.lines[0], "author": author, "created": made_at.replace(tzinfo=None)})
    sheet = book.add_worksheet(table.name[:31])
    formats = _formats(book, table.date_format)
    for n, column in enumerate(table.columns):
        sheet.set_column(n, n, column.width, formats["text"])
    for n, line in enumerate(table.lines):
        sheet.write_string(n, 0, line[:MAX_WRITTEN_CHARACTERS], formats["title" if n == 0 else "line"])
    head = len(table.lines) + 1
    sheet.set_row(head, _height([column.heading for column in table.columns], table.columns))
    for n, column in enumerate(table.columns):
        sheet.write_string(head, n, column.heading, formats["head"])
    last = head
    for last, row in enumerate(table.rows, head + 1):
        sheet.set_row(last, _height(row, table.columns))
        for n, cell in enumerate(row):
            _write_cell(sheet, (last, n), cell, formats, is_linked=last < MAX_LINKS)
    sheet.autofilter(head, 0, max(last, head + 1), len(table.columns) - 1)
    sheet.freeze_panes(head + 1, 1)
    _set_up_pages(sheet, table, head, last)
    book.close()
    return buffer.getvalue()


def _formats(book: Any, date_format: str) -> dict[str, Any]:
    usual = {"font_size": FONT_SIZE, "valign": "top", "text_wrap": True, "bottom": 4, "bottom_color": "#8A949E"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "line": book.add_format({"font_size": FONT_SIZE}),
        "head": book.add_format({**usual, "bold": True, "bottom": 1, "bg_color": "#F3F5F7", "valign": "bottom"}),
        "text": book.add_format(usual),
        "day": book.add_format({**usual, "num_format": date_format, "align": "left"}),
        "link": book.add_format({**usual, "underline": 1, "font_color": "#1B4F8A"}),
    }


def _height(row: Sequence[Cell], columns: Sequence[PrintedColumn]) -> float:
    return row_height((cell, column.width) for cell, column in zip(row, columns, strict=True) if isinstance(cell, str))


def _write_cell(sheet: Any, at: tuple[int, int], cell: Cell, formats: dict[str, Any], *, is_linked: bool) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(*at, datetime(cell.year, cell.month, cell.day), formats["day"])  # noqa: DTZ001 - a day
    elif isinstance(cell, CellLink) and is_linked:
        sheet.write_url(*at, cell.address, formats["link"], cell.text)
    else:
        text = cell.address if isinstance(cell, CellLink) else cell
        sheet.write_string(*at, text[:MAX_WRITTEN_CHARACTERS], formats["text"])


def _set_up_pages(sheet: Any, table: PrintedTable, head: int, last: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.print_area(0, 0, last, len(table.columns) - 1)
    sheet.set_footer(f"&L&8{table.footer[:180].replace('&', '&&')}&R&8&P / &N")
