"""Writes one table as a workbook to read and to print: words, dates as dates, links, and a page set-up."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import count
from typing import Any

import xlsxwriter
from msgspec import Struct

from app.adapters.spreadsheets.limits import MAX_WRITTEN_CHARACTERS
from app.presentation.i18n.translation import _
from app.services.tables.row_heights import fitting_text, row_height

A4 = 9
FONT_SIZE, TITLE_SIZE = 10, 14
MAX_LINKS = 65_000
"""A sheet may contain so many links; later addresses are written as texts."""
MAX_HEADER_CHARACTERS = 180
"""Of a header or footer; Excel allows 255 with its marks."""
FIRST_EXCEL_DAY = date(1900, 3, 1)
"""Spreadsheets disagree about earlier days, which are written as texts."""


class CellLink(Struct, frozen=True):
    address: str
    text: str


Cell = str | date | CellLink


class PrintedColumn(Struct, frozen=True):
    """`width` is in characters. A column that is not printed is beside the page, for those who use the sheet."""

    heading: str
    width: int
    is_printed: bool = True


class PrintedTable(Struct, frozen=True):
    """`lines` are above the table, the title first; `date_format` is the pattern of days in the table.

    Columns that are not printed come last. `header` and `footer` are on each page, and so is `page_of`, which has
    &P and &N where the number of the page and that of all pages come.
    """

    name: str
    lines: Sequence[str]
    columns: Sequence[PrintedColumn]
    rows: Iterable[Sequence[Cell]]
    date_format: str
    header: str
    footer: str
    page_of: str


def page_of() -> str:
    """The number of a page, in the language of the page."""
    return _("Page %(number)s of %(pages)s", number="&P", pages="&N")


def write_printed_table(table: PrintedTable, made_at: datetime, author: str) -> bytes:
    """Return the workbook: landscape, as wide as a page, with the headings on each page."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": table.lines[0], "author": author, "created": made_at.replace(tzinfo=None)})
    add_printed_sheet(book, table)
    book.close()
    return buffer.getvalue()


def add_printed_sheet(book: Any, table: PrintedTable) -> None:
    """Add the table to a workbook as its next sheet."""
    sheet = book.add_worksheet(_free_name(book, table.name))
    formats = _formats(book, table.date_format)
    for n, column in enumerate(table.columns):
        sheet.set_column(n, n, column.width, formats["text"])
    for n, line in enumerate(table.lines):
        _write_line(sheet, n, line, table, formats)
    head = len(table.lines) + 1
    sheet.set_row(head, _height([column.heading for column in table.columns], table.columns))
    for n, column in enumerate(table.columns):
        sheet.write_string(head, n, column.heading, formats["head"])
    last = head
    for last, row in enumerate(table.rows, head + 1):
        cells = [_fitted(cell, column.width) for cell, column in zip(row, table.columns, strict=True)]
        sheet.set_row(last, _height(cells, table.columns))
        for n, cell in enumerate(cells):
            _write_cell(sheet, (last, n), cell, formats, is_linked=last < MAX_LINKS)
    sheet.autofilter(head, 0, max(last, head + 1), len(table.columns) - 1)
    sheet.freeze_panes(head + 1, 1)
    _set_up_pages(sheet, table, head, last)


def _free_name(book: Any, name: str) -> str:
    """A name for a sheet that no other has, whatever the case of its letters."""
    taken = {sheet.get_name().casefold() for sheet in book.worksheets()}
    return next(n for k in count(1) if (n := name[:27] + (f" {k}" if k > 1 else "")).casefold() not in taken)


def _write_line(sheet: Any, row: int, line: str, table: PrintedTable, formats: dict[str, Any]) -> None:
    """Write a line above the table across the printed columns."""
    widths = [column.width for column in table.columns if column.is_printed]
    width, is_title = sum(widths), row == 0
    text = fitting_text(line, width)
    used = formats["title" if is_title else "line"]
    sheet.merge_range(row, 0, row, len(widths) - 1, "", used)
    sheet.write_string(row, 0, text, used)
    scale = TITLE_SIZE / FONT_SIZE if is_title else 1.0
    sheet.set_row(row, row_height([(text, width / scale)]) * scale)


def _fitted(cell: Cell, width: int) -> Cell:
    return fitting_text(cell, width) if isinstance(cell, str) else cell


def _formats(book: Any, date_format: str) -> dict[str, Any]:
    usual = {
        "font_size": FONT_SIZE,
        "valign": "top",
        "align": "left",  # days as well, which are on the right otherwise, against the next column
        "text_wrap": True,
        "indent": 1,
        "bottom": 4,
        "bottom_color": "#8A949E",
    }
    return {
        "title": book.add_format({"bold": True, "font_size": TITLE_SIZE, "text_wrap": True, "valign": "top"}),
        "line": book.add_format({"font_size": FONT_SIZE, "text_wrap": True, "valign": "top"}),
        "head": book.add_format({**usual, "bold": True, "bottom": 1, "bg_color": "#F3F5F7", "valign": "bottom"}),
        "text": book.add_format(usual),
        "day": book.add_format({**usual, "num_format": date_format}),
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
    set_up_pages(sheet, table.header, table.footer, table.page_of)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.print_area(0, 0, last, sum(column.is_printed for column in table.columns) - 1)


def set_up_pages(sheet: Any, header: str, footer: str, page_of: str = "&P / &N") -> None:
    """Print a sheet on A4, landscape, with these texts on each page."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.set_header(f"&L&8{_escaped(header)}", {"margin": 0.3})
    sheet.set_footer(f"&L&8{_escaped(footer)}&R&8{page_of}", {"margin": 0.3})


def _escaped(text: str) -> str:
    """A text of a header; digits at its beginning would be read as part of the size of the letters before it."""
    short = text if len(text) <= MAX_HEADER_CHARACTERS else f"{text[: MAX_HEADER_CHARACTERS - 1]}…"
    return f" {short}".replace("&", "&&")
