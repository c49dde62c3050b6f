"""Tables of text with the line of every record: from CSV bytes, or from the sheets of a spreadsheet."""

import csv
import io
import re
import unicodedata
from datetime import date, datetime
from pathlib import Path
from zipfile import is_zipfile

from msgspec import Struct

from app.bundles.problems import Problem
from app.bundles.sources import zip_members
from domain.errors import Refused

CELL_LIMIT = 100_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_FORMULA = re.compile(r"[=+@\t\r]|-[^\s\d]")

_BEGINS_A_FORMULA = frozenset("=+-@\t\r")

csv.field_size_limit(2**31 - 1)


class Table(Struct):
    """A header and the records under it, each with the line on which it begins."""

    file: str
    header: list[str]
    records: list[tuple[int, list[str]]]


def from_csv(file: str, content: bytes, problems: list[Problem]) -> Table | None:
    """The table in a CSV file; None, and a problem, where it cannot be read as one."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = content[: e.start].count(b"\n") + 1
        problems.append(Problem(file, line, "", "the file is not UTF-8; save it as “CSV UTF-8”."))
        return None
    records: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for record in reader:
            if record:
                records.append((line, record))
            line = reader.line_num + 1
    except csv.Error as e:
        reason = "a quoted cell is not closed" if "unexpected end" in str(e) else f"the quoting is broken ({e})"
        problems.append(Problem(file, line, "", f"{reason}."))
        return None
    if not records:
        problems.append(Problem(file, 1, "", "the file is empty; it needs at least a header row."))
        return None
    return Table(file, records[0][1], records[1:])


def from_spreadsheet(path: Path, problems: list[Problem]) -> dict[str, Table]:
    """The sheets of an .xlsx by name. Raises `Refused` where the file is no spreadsheet."""
    from openpyxl import load_workbook

    if not is_zipfile(path):
        raise Refused(f"{path.name} is no spreadsheet.")
    for _member in zip_members(path, deep=True):
        pass  # unpacked once within the limits of a zip, so that a bomb is found before it is parsed
    tables = {}
    try:
        book = load_workbook(path, read_only=True, data_only=False)
        for sheet in book.worksheets:
            file = f"{path.name}/{sheet.title}"
            rows = [(n, _cells(file, n, row, problems)) for n, row in enumerate(sheet.iter_rows(values_only=False), 1)]
            filled = [(n, cells) for n, cells in rows if any(cells)]
            if not filled:
                problems.append(Problem(file, 1, "", "the sheet is empty; it needs at least a header row."))
                continue
            width = max((n for n, cell in enumerate(filled[0][1], 1) if cell), default=0)
            tables[sheet.title] = Table(
                file, filled[0][1][:width], [(n, _fitted(cells, width)) for n, cells in filled[1:]]
            )
        book.close()
    except Refused:
        raise
    except Exception as e:  # openpyxl raises whatever its parsers raise
        raise Refused(f"{path.name} cannot be read as a spreadsheet: {e}.") from None
    return tables


def _fitted(cells: list[str], width: int) -> list[str]:
    return (cells + [""] * width)[: max(width, max((n for n, c in enumerate(cells, 1) if c), default=0))]


def _cells(file: str, line: int, row: tuple[object, ...], problems: list[Problem]) -> list[str]:
    cells = []
    for cell in row:
        value = getattr(cell, "value", None)
        if getattr(cell, "data_type", "") == "f":
            problems.append(Problem(file, line, "", "a cell holds a formula; put its value in instead."))
            value = ""
        cells.append(_as_text(value))
    return cells


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def cleaned(text: str) -> tuple[str, str | None]:
    """A cell in NFC without spaces around it, and what is wrong with it, if anything."""
    if text.isascii() and text.isprintable() and len(text) < CELL_LIMIT and text[:1] not in _BEGINS_A_FORMULA:
        return text.strip(), None
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable() and _CONTROL.search(text):
        return text, "the cell holds a control character; type the text again."
    if len(text) > CELL_LIMIT:
        return text, f"the cell holds {len(text):,} characters; at most {CELL_LIMIT:,} are kept."
    if text[:1] in _BEGINS_A_FORMULA and _FORMULA.match(text):
        return text, f"the cell begins like a formula (“{text[:10]}”); begin it with a word."
    return text.strip(), None
