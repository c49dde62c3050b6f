"""CSV in two forms: plain for programs, and safe for people who open it in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence

from msgspec import Struct

FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""Characters with which a spreadsheet starts a formula."""


class DataTable(Struct, frozen=True):
    """A header and rows of texts. `name` names the file and the sheet."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def escape_formula(cell: str) -> str:
    """Return a cell that no spreadsheet computes: an apostrophe precedes anything like a formula.

    Also where apostrophes precede it already, so that `unescape_formula` gives every cell back.
    """
    return f"'{cell}" if _is_like_formula(cell) else cell


def unescape_formula(cell: str) -> str:
    """Return the cell from which `escape_formula` made this one."""
    return cell[1:] if cell.startswith("'") and _is_like_formula(cell) else cell


def _is_like_formula(cell: str) -> bool:
    return cell.lstrip("'").startswith(FORMULA_PREFIXES)


def write_plain_csv(table: DataTable) -> bytes:
    """Return UTF-8 with commas and LF, every cell unchanged."""
    return _write(table.header, table.rows).encode()


def write_spreadsheet_csv(table: DataTable) -> bytes:
    """Return CSV with a byte order mark, so that spreadsheets read Korean, and without formulas."""
    return _write(table.header, ([escape_formula(c) for c in row] for row in table.rows)).encode("utf-8-sig")


def _write(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()


def read_table(name: str, content: bytes) -> DataTable:
    """Return the table in a CSV file of a bundle."""
    rows = map(tuple, csv.reader(io.StringIO(content.decode(), newline="")))
    return DataTable(name, next(rows), tuple(rows))
