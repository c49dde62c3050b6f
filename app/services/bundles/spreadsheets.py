"""Reads the tables of a spreadsheet (.xlsx), each cell as the text that a CSV file would contain."""

import io
import re
import warnings
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from app.services.bundles.problems import BundleProblem, BundleRefused, refuse_file
from app.services.bundles.sources import read_archive
from app.services.bundles.table_names import TableNames
from app.services.bundles.tables import MAX_ROWS, BundleTable
from app.services.bundles.unpacking import MAX_TOTAL_BYTES, unpack
from domain.errors import Refusal, refusal

MAX_COLUMNS = 100
_LITERALS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


class _Cell(Protocol):
    value: object
    data_type: str
    number_format: str


class _Worksheet(Protocol):
    def reset_dimensions(self) -> None: ...

    def iter_rows(self, *, max_row: int) -> Iterator[Sequence[_Cell]]: ...


def read_spreadsheet(
    path: Path, known_names: Collection[str], problems: list[BundleProblem], notes: list[Refusal]
) -> dict[str, BundleTable]:
    """Return the sheets of an .xlsx by name. Raises `BundleRefused` if the file is not a spreadsheet."""
    from openpyxl import load_workbook  # slow to load, and few bundles are spreadsheets

    content = read_archive(path)
    # unpack once within the limits of a zip, so that a zip bomb fails before parsing
    unpack(
        path.name,
        content,
        refusal("this is not a spreadsheet.", cure="Save it as .xlsx, without a password."),
        deep=True,
    )
    tables: dict[str, BundleTable] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # warnings about styles and extensions, which bundles lack
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            sheets = {sheet.title: sheet for sheet in book.worksheets}
            named = TableNames(known_names).assign(list(sheets), problems, notes, f"{path.name}/")
            for name, title in named.items():
                if table := _table(f"{path.name}/{title}", sheets[title], problems):
                    tables[name] = table
    except BundleRefused:
        raise
    except Exception as e:  # openpyxl raises whatever its parsers raise
        raise refuse_file(
            path.name, refusal("it cannot be read as a spreadsheet.", cure="Open it and save it again as .xlsx.")
        ) from e
    return tables


def _table(file: str, sheet: _Worksheet, problems: list[BundleProblem]) -> BundleTable | None:
    header: list[str] = []
    records: list[tuple[int, list[str]]] = []
    size = 0
    sheet.reset_dimensions()  # a sheet may claim to be of any size
    for line, row in enumerate(sheet.iter_rows(max_row=MAX_ROWS), 1):
        if len(row) > MAX_COLUMNS:
            problems.append(
                BundleProblem(file, line, "", refusal("the row is wider than {most} cells.", most=MAX_COLUMNS))
            )
            return None
        problems += _formulas(file, line, row, header)
        cells = [_as_text(cell) for cell in row]
        if not any(cells):
            continue
        size += sum(map(len, cells))
        if size > MAX_TOTAL_BYTES:  # one text may be shared by many cells
            raise refuse_file(
                file, refusal("the sheet has more than {most} MB of text.", most=MAX_TOTAL_BYTES // 2**20)
            )
        if header:
            records.append((line, _fit_to_width(cells, len(header))))
        else:
            header = [name.strip() for name in _fit_to_width(cells, 0)]
    if not header:
        problems.append(BundleProblem(file, 1, "", refusal("the sheet is empty.", cure="Add at least a header row.")))
        return None
    return BundleTable(file, header, records, in_workbook=True)


def _formulas(file: str, line: int, row: Sequence[_Cell], header: list[str]) -> Iterator[BundleProblem]:
    """Yield a problem for each cell that is computed: what it shows depends on the program that opens it."""
    for n, cell in enumerate(row):
        if cell.data_type in ("f", "e"):
            column = header[n] if n < len(header) else ""
            text = _as_text(cell)
            reason = refusal("the cell holds a formula (“{text}”).", cure="Write its value.", text=text[:10])
            yield BundleProblem(file, line, column, reason, text)


def _fit_to_width(cells: list[str], width: int) -> list[str]:
    """Return a row as wide as its header, or as its last filled cell."""
    width_used = max((n for n, cell in enumerate(cells, 1) if cell), default=0)
    return (cells + [""] * width)[: max(width, width_used)]


def _as_text(cell: _Cell) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return str(getattr(value, "text", None) or (value if isinstance(value, str) else "="))
    if cell.data_type == "e":
        return f"={value}"
    if isinstance(value, datetime):
        if value.time() != datetime.min.time():
            return value.isoformat()
        return value.strftime("%Y-%m") if value.day == 1 and _shows_no_day(cell.number_format) else str(value.date())
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _shows_no_day(number_format: str) -> bool:
    """Whether a date is shown as a month: spreadsheets turn a typed `2024-05` into the first of May."""
    pattern = _LITERALS.sub("", number_format.lower())
    return "d" not in pattern and "y" in pattern and "m" in pattern
