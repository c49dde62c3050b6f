"""Small workbooks and text files for tests."""

import io
from collections.abc import Callable
from typing import Any

from openpyxl import Workbook as OpenpyxlWorkbook

from app.adapters.spreadsheets.cells import CellSheet
from app.adapters.spreadsheets.reading import read_file

Rows = list[tuple[int, tuple[str, ...]]]


def workbook(change: Callable[[Any], object]) -> bytes:
    """An .xlsx whose first sheet was changed."""
    book = OpenpyxlWorkbook()
    change(book.active)
    return save(book)


def save(book: OpenpyxlWorkbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def first_sheet(content: bytes, name: str = "sheet.xlsx") -> CellSheet:
    return read_file(name, content).sheets[0]


def rows_of(sheet: CellSheet) -> Rows:
    return [(row.number, row.cells) for row in sheet.rows]
