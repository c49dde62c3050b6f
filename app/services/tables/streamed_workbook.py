"""A workbook that is sent while its rows are read: sheet after sheet, and last what names them all."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from app.services.tables.csv_files import AnyTable
from app.services.tables.workbook import MEASURED_ROWS, TablePart, column_widths, write_parts
from domain.errors import Refused, refusal

MAX_ROWS = 1_048_575
"""Of a sheet, below its header."""
TOO_LONG = refusal(
    "A table of this register has more rows than a sheet of a workbook. Download the bundle or the CSV files instead."
)
_ROWS_PER_PART = 500
_SHEET = "xl/worksheets/sheet{}.xml"
_FIRST_TABLE = 2
"""The number of the first sheet after the cover."""
_PRIMER = TablePart("", ("x",), (1,), (("x",), ("x",)))
"""Comes before a part. The library numbers formats as rows with them are finished: so they are always the same."""
_BEGIN, _END = b"<sheetData>", b"</sheetData>"
_DIMENSION = re.compile(rb"<dimension [^>]*/>")


class _Frame(Struct, frozen=True):
    """What all parts have in common."""

    cover: Sequence[tuple[str, str]]
    made_at: datetime
    author: str

    def files(self, parts: Iterable[TablePart]) -> dict[str, bytes]:
        """The files of a workbook with these parts of tables."""
        content = write_parts(self.cover, parts, self.made_at, self.author)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def sheet(self, part: TablePart) -> tuple[bytes, bytes, bytes]:
        """The sheet of a part: before its rows, its rows with the header, and after them."""
        sheet = self.files([replace(_PRIMER, name=f"{part.name[:20]} primer"), part])[_SHEET.format(_FIRST_TABLE + 1)]
        before, _begin, rest = sheet.partition(_BEGIN)
        rows, _end, after = rest.partition(_END)
        return _DIMENSION.sub(b"", before) + _BEGIN, rows, _END + after


class _Outlet(io.RawIOBase):
    """What a zip is written to; its pieces are taken out as they come."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        self._pieces.append(bytes(content))  # type: ignore[call-overload]
        return len(self._pieces[-1])

    def take(self) -> Iterator[bytes]:
        """What came since it was last asked, unless that is nothing."""
        content, self._pieces = b"".join(self._pieces), []
        if content:
            yield content


def stream_workbook(
    cover: Sequence[tuple[str, str]], tables: Iterable[AnyTable], made_at: datetime, author: str = ""
) -> Iterator[bytes]:
    """Yield a workbook with the sheets of `write_workbook`; none says how large it is. Raises `Refused`."""
    frame, outlet, ends = _Frame(cover, made_at, author), _Outlet(), list[TablePart]()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, table in enumerate(tables, _FIRST_TABLE):
            with archive.open(_member(_SHEET.format(number)), "w") as sheet:
                for part in _parts(table):
                    sheet.write(_written(frame, part))
                    yield from outlet.take()
                sheet.write(frame.sheet(replace(part, rows=()))[2])
                ends.append(replace(part, rows=[["x"] * len(part.header)] * min(part.last, 2), first=1))
        own = {_SHEET.format(number) for number in range(_FIRST_TABLE, _FIRST_TABLE + len(ends))}
        for name, content in frame.files(ends).items():
            if name not in own:
                archive.writestr(_member(name), content)
        archive.close()
        yield from outlet.take()


def _written(frame: _Frame, part: TablePart) -> bytes:
    """The rows of a part; those of the first come after the beginning of the sheet and its header."""
    before, rows, _after = frame.sheet(part)
    return before + rows if part.first == 1 else rows.partition(b"</row>")[2]


def _parts(table: AnyTable) -> Iterator[TablePart]:
    """At least one."""
    rows = (row for batch in table.batches() for row in batch)
    some, first = list(islice(rows, _ROWS_PER_PART)), 1
    widths = column_widths(table.header, some[:MEASURED_ROWS])
    while some or first == 1:
        yield TablePart(table.name, table.header, widths, some, first, first + len(some) - 1)
        first += len(some)
        if not some:
            return
        if first > MAX_ROWS + 1:
            raise Refused(TOO_LONG)
        some = list(islice(rows, _ROWS_PER_PART))


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, (1980, 1, 31, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o100600 << 16
    return info
