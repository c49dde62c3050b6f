"""Tables of text with the line of each record, and their CSV reader."""

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

from app.adapters.spreadsheets.formula_escapes import unescape_formula
from app.services.bundles.problems import MAX_PROBLEMS, TOO_MANY, BundleProblem
from domain.errors import refusal

MAX_ROWS = 2_000_000
_MAX_HEADER = 2**16
_LINE_END = re.compile(rb"\r\n|\r|\n")
_CELL = r'(?:"[^"]*(?:""[^"]*)*"|[^",\r\n]*)'
_RECORD = re.compile(rf"{_CELL}(?:,{_CELL})*(?:\r\n|\r|\n)?")
_STRAY = refusal(
    "a quote is inside a cell that does not begin with one; quote the whole cell and double the quotes in it."
)

csv.field_size_limit(2**31 - 1)  # the length of a cell is checked later, with a sentence


class BundleTable(Struct):
    """A header and its records, each with the line where it starts. The records can be iterated once."""

    file: str
    header: list[str]
    records: Iterable[tuple[int, list[str]]]
    header_line: int = 1
    in_workbook: bool = False
    """Whether columns of the person's own may be among them."""


def is_plain_csv(content: bytes, names: Collection[str]) -> bool:
    """Whether a file is UTF-8 with commas and has one of these columns in its first line, or nothing at all."""
    first_line = _LINE_END.split(content[:_MAX_HEADER], 1)[0]
    try:
        cells = first_line.decode("utf-8-sig").split(",")
        content.decode()
    except UnicodeDecodeError:
        return False
    return not content.strip() or any(cell.strip('" ').casefold() in names for cell in cells)


def read_csv(file: str, content: bytes, problems: list[BundleProblem]) -> BundleTable | None:
    """Return the table in a CSV file; None, and a problem, if it cannot be read."""
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = len(_LINE_END.findall(content[: e.start])) + 1
        problems.append(
            BundleProblem(file, line, "", refusal("the file is not UTF-8.", cure="Save it as “CSV UTF-8”."))
        )
        return None
    before = len(problems)
    records = _records(file, io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline=""), problems)
    header = next(records, None)
    if header is None or len(problems) > before:
        if len(problems) == before:
            problems.append(
                BundleProblem(file, 1, "", refusal("the file is empty.", cure="Add at least a header row."))
            )
        return None
    if content.startswith(codecs.BOM_UTF8) or file.endswith("-spreadsheet.csv"):
        # written for people, who may have opened and saved it in a spreadsheet
        records = ((line, [unescape_formula(cell) for cell in cells]) for line, cells in records)
    return BundleTable(file, [name.strip() for name in header[1]], records)


def _records(file: str, lines: Iterable[str], problems: list[BundleProblem]) -> Iterator[tuple[int, list[str]]]:
    """Yield the records with the line where each starts; broken quoting becomes a problem."""
    written: list[str] = []  # the lines of the record that is read
    reader = csv.reader(_noted(lines, written), strict=True)
    first_line, count = 1, 0
    try:
        for record in reader:
            if record:
                count += 1
                if '"' in "".join(record) and not _RECORD.fullmatch("".join(written)):
                    problems.append(BundleProblem(file, first_line, "", _STRAY))
                    if len(problems) > MAX_PROBLEMS:
                        problems.append(BundleProblem(file, first_line, "", TOO_MANY))
                        return
                elif count > MAX_ROWS:
                    reason = refusal(
                        "the file has more than {most} rows. Nothing after this line was read.", most=f"{MAX_ROWS:,}"
                    )
                    problems.append(BundleProblem(file, first_line, "", reason))
                    return
                else:
                    yield first_line, record
            first_line = reader.line_num + 1
            written.clear()
    except csv.Error as e:
        if "unexpected end" in str(e):
            reason = refusal("a quoted cell is not closed.")
        elif "expected after" in str(e):
            reason = refusal(
                "text follows a closing quote.",
                cure="Double the quotes inside a quoted cell. Nothing after this line was read.",
            )
        else:
            reason = refusal("the quoting is broken ({why}). Nothing after this line was read.", why=str(e))
        problems.append(BundleProblem(file, first_line, "", reason))


def _noted(lines: Iterable[str], written: list[str]) -> Iterator[str]:
    for line in lines:
        written.append(line)
        yield line
