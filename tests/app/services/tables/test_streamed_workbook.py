"""A workbook that is sent while its rows are read has the files of one that is written whole."""

import io
import re
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest

from app.services.tables import streamed_workbook
from app.services.tables.csv_files import DataTable, StreamedTable
from app.services.tables.streamed_workbook import stream_workbook
from app.services.tables.workbook import write_workbook
from domain.errors import Refused

COVER = [("Register", "A register"), ("Summary", "What it is about & more")]
AT = datetime(2026, 1, 2, tzinfo=UTC)
ROWS = tuple((f"id-{n}", " <b>한국어</b>\n" if n % 3 else "", "long text " * n) for n in range(23))


def _files(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: re.sub(rb"<dimension [^>]*/>", b"", archive.read(name)) for name in archive.namelist()}


@pytest.mark.parametrize("rows_per_part", [1, 7, 23, 500])
def test_it_has_the_same_files(rows_per_part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamed_workbook, "_ROWS_PER_PART", rows_per_part)
    monkeypatch.setattr(streamed_workbook, "MEASURED_ROWS", 1)
    monkeypatch.setattr("app.services.tables.workbook.MEASURED_ROWS", 1)
    tables = [DataTable("rows", ("id", "text", "more"), ROWS), DataTable("empty", ("id",), ())]
    streamed = StreamedTable("rows", ("id", "text", "more"), lambda: iter([ROWS[:5], (), ROWS[5:]]))
    content = b"".join(stream_workbook(COVER, [streamed, tables[1]], AT, "A keeper"))
    assert _files(content) == _files(write_workbook(COVER, tables, AT, "A keeper"))
    assert openpyxl.load_workbook(io.BytesIO(content))["rows"].cell(24, 3).value == "long text " * 22


def test_rows_are_read_as_the_sheets_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamed_workbook, "_ROWS_PER_PART", 1)
    read: list[int] = []

    def batches():  # type: ignore[no-untyped-def]
        for n, row in enumerate(ROWS):
            read.append(n)
            yield [row]

    pieces = stream_workbook(COVER, [StreamedTable("rows", ("id", "text", "more"), batches)], AT)
    next(pieces)
    assert len(read) <= 2


def test_a_table_that_no_sheet_can_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamed_workbook, "MAX_ROWS", 22)
    with pytest.raises(Refused, match="has more rows than a sheet of a workbook"):
        list(stream_workbook(COVER, [DataTable("rows", ("id", "text", "more"), ROWS)], AT))
