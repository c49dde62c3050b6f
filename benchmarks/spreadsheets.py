"""a sheet of 100,000 rows: .xlsx read (reach: 8 s, 4 times bare parsing); to preview (20 s, 18 times, 1 GB)"""

import csv
import io
import multiprocessing
import resource
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from xml.parsers import expat

import xlsxwriter

from app.adapters.spreadsheets.reading import read_file
from app.services.accounts.actors import Operator
from app.services.mapping.guessing import guess_mapping
from app.services.mapping.importing import SheetOptions, preview_sheet
from benchmarks.data import create_store
from benchmarks.measure import time_once

ROWS = 100_000
HEADINGS = ("No", "Recommendation", "Addressee", "Theme", "Status", "Notes", "Status date", "Link", "Budget", "Year")
STATUSES = ("Complete", "In progress", "Not started")


def run() -> Iterator[str]:
    content = make_workbook()
    parsed = time_once(lambda: parse_only(content))
    read = time_once(lambda: read_file("sheet.xlsx", content))
    yield f".xlsx of {len(content) / 2**20:.1f} MB: {read:.1f} s, {read / parsed:.1f} times unpacking and bare parsing"
    text = make_text()
    split = time_once(lambda: sum(1 for _ in csv.reader(io.StringIO(text.decode()))))
    read = time_once(lambda: read_file("sheet.csv", text))
    yield f".csv of {len(text) / 2**20:.1f} MB: {read:.1f} s, {read / split:.1f} times decoding and bare splitting"
    for name, file, bare in (("sheet.xlsx", content, parsed), ("sheet.csv", text, parsed)):
        with multiprocessing.get_context("spawn").Pool(1) as alone:  # so that its memory is its own
            taken, peak = alone.apply(preview_file, (name, file))
        yield f"{name} to preview: {taken:.1f} s, {taken / bare:.1f} times bare parsing, at most {peak:.0f} MB of memory"


def preview_file(name: str, content: bytes) -> tuple[float, float]:
    """Read, guess and preview a file as a new register; the seconds, and the most memory of this process in MB."""
    with tempfile.TemporaryDirectory() as folder:
        services = create_store(Path(folder) / "store")
        services.catch_up()

        def preview() -> None:
            workbook = read_file(name, content)
            options = SheetOptions(register="tracker", create=True)
            made = preview_sheet(services, Operator("ana"), workbook, guess_mapping(workbook).mapping, options)
            assert made.result.stored == ROWS, made.result.problems

        taken = time_once(preview)
        services.close()
    return taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def parse_only(content: bytes) -> None:
    """Unpack the sheet and parse it with handlers that do nothing."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: None
    parser.EndElementHandler = lambda name: None
    parser.CharacterDataHandler = lambda data: None
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parser.Parse(archive.read("xl/worksheets/sheet1.xml"), True)


def make_workbook() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Tracker")
        formats = {6: book.add_format({"num_format": "dd/mm/yyyy"}), 8: book.add_format({"num_format": "#,##0.00"})}
        for y, row in enumerate(rows()):
            for x, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(y, x, value, formats[x])
                elif isinstance(value, str):
                    sheet.write_string(y, x, value)
                else:
                    sheet.write_number(y, x, value, formats.get(x))
    return buffer.getvalue()


def make_text() -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows())
    return buffer.getvalue().encode()


def rows() -> Iterator[list[str | float | date]]:
    """A plain tracker: headings, then texts, days and amounts."""
    yield list(HEADINGS)
    for n in range(ROWS):
        yield [
            f"R{n}",
            f"The ministry should publish list number {n} each year, and report on it",
            f"Ministry {n % 90}",
            f"Theme {n % 12}",
            STATUSES[n % 3],
            f"Published in part {n}. See the gazette.",
            date(2020, 1, 1) + timedelta(days=n % 2000),
            f"https://example.org/{n}",
            n * 1.37,
            2000 + n % 25,
        ]
