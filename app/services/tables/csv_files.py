"""CSV in two forms: plain for programs, and safe for people who open it in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from app.adapters.spreadsheets.formula_escapes import escape_formula


class DataTable(Struct, frozen=True):
    """A header and rows of texts. `name` names the file and the sheet."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def write_plain_csv(table: DataTable) -> bytes:
    """Return UTF-8 with commas and LF, every cell unchanged."""
    return _write(table.header, table.rows).encode()


def write_spreadsheet_csv(table: DataTable) -> bytes:
    """Return CSV with a byte order mark, so that spreadsheets read Korean, and without formulas."""
    return _write(table.header, ([escape_formula(c) for c in row] for row in table.rows)).encode("utf-8-sig")


def stream_spreadsheet_csv(header: Sequence[str], parts: Iterable[Iterable[Sequence[str]]]) -> Iterator[bytes]:
    """Yield the same in pieces, for a table that is read while it is written."""
    yield _write(header, ()).encode("utf-8-sig")
    for part in parts:
        yield _write_rows([escape_formula(c) for c in row] for row in part).encode()


def _write(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return _write_rows([header]) + _write_rows(rows)


def _write_rows(rows: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def read_table(name: str, content: bytes) -> DataTable:
    """Return the table in a CSV file of a bundle."""
    rows = map(tuple, csv.reader(io.StringIO(content.decode(), newline="")))
    return DataTable(name, next(rows), tuple(rows))
