"""CSV in two kinds: as it is for machines, and for people who open it in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence

from msgspec import Struct

FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula."""


class DataTable(Struct, frozen=True):
    """Texts under a header. `name` is that of its file and sheet."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def escape_formula(cell: str) -> str:
    """A cell that no spreadsheet computes: one that looks like a formula gets an apostrophe before it."""
    return f"'{cell}" if cell.startswith(FORMULA_PREFIXES) else cell


def write_plain_csv(table: DataTable) -> bytes:
    """UTF-8, commas, LF, every cell as it is."""
    return _write(table.header, table.rows).encode()


def write_spreadsheet_csv(table: DataTable) -> bytes:
    """The same with a byte order mark, so that spreadsheets read Korean, and without formulas."""
    return _write(table.header, ([escape_formula(c) for c in row] for row in table.rows)).encode("utf-8-sig")


def _write(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()


def read_table(name: str, content: bytes) -> DataTable:
    """A table from a bundle's own file."""
    rows = map(tuple, csv.reader(io.StringIO(content.decode(), newline="")))
    return DataTable(name, next(rows), tuple(rows))
