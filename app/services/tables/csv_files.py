"""CSV in two forms: plain for programs, and safe for people who open it in a spreadsheet."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from app.adapters.spreadsheets.formula_escapes import escape_formula

Rows = Sequence[tuple[str, ...]]


class DataTable(Struct, frozen=True):
    """A header and rows of texts. `name` names the file and the sheet."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def batches(self) -> Iterator[Rows]:
        """The rows, at once."""
        yield self.rows


class StreamedTable(Struct, frozen=True):
    """A table whose rows are read when they are asked for, some hundreds at a time."""

    name: str
    header: tuple[str, ...]
    batches: Callable[[], Iterable[Rows]]


AnyTable = DataTable | StreamedTable


def write_spreadsheet_csv(table: DataTable) -> bytes:
    """Return CSV with a byte order mark, so that spreadsheets read Korean, and without formulas."""
    return b"".join(stream_spreadsheet_csv(table))


def stream_plain_csv(table: AnyTable) -> Iterator[bytes]:
    """Yield UTF-8 with commas and LF, every cell unchanged, in pieces."""
    yield _write_rows([table.header]).encode()
    for part in table.batches():
        yield _write_rows(part).encode()


def stream_spreadsheet_csv(table: AnyTable) -> Iterator[bytes]:
    """Yield the same as `write_spreadsheet_csv` in pieces."""
    yield _write_rows([table.header]).encode("utf-8-sig")
    for part in table.batches():
        yield _write_rows([escape_formula(c) for c in row] for row in part).encode()


def _write_rows(rows: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def read_table(name: str, content: bytes) -> DataTable:
    """Return the table in a CSV file of a bundle."""
    rows = map(tuple, csv.reader(io.StringIO(content.decode(), newline="")))
    return DataTable(name, next(rows), tuple(rows))
