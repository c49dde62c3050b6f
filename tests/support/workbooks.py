"""The small bundle as a spreadsheet."""

import csv
import io
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from tests.support.bundles import FILES, REGISTER

REVIEW_COLUMNS = ["id", "title", "title_ko", "as_of", "anniversary_of", "years", "every_years"]


def small_workbook() -> Workbook:
    """Not yet saved, so that a test may spoil it."""
    book = Workbook()
    book.remove(book.worksheets[0])
    register = book.create_sheet("register")
    register.append(["key", "value"])
    for key, value in REGISTER.items():
        if isinstance(value, str):
            register.append([key, value])
    reviews = book.create_sheet("reviews")
    reviews.append(REVIEW_COLUMNS)
    for review in REGISTER["reviews"]:
        reviews.append([review.get(name) for name in REVIEW_COLUMNS])
    for name, text in FILES.items():
        sheet = book.create_sheet(name.removesuffix(".csv"))
        for row in csv.reader(io.StringIO(text)):
            sheet.append(row)
    return book


def put(book: Workbook, sheet: str, column: str, value: Any, line: int = 2) -> Any:
    """Put a value under a column of a sheet, and give the cell."""
    names = [cell.value for cell in book[sheet][1]]
    cell = book[sheet].cell(line, names.index(column) + 1)
    cell.value = value
    return cell


def saved(book: Workbook, path: Path) -> Path:
    book.save(path)
    return path
