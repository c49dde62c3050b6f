"""Reads the tables of a workbook, and text files in the dialects of offices, with notes of what was assumed."""

from collections.abc import Collection, Iterable
from pathlib import Path

from msgspec.structs import replace

from app.adapters.spreadsheets.cells import CellRow, CellSheet, Workbook, column_letters
from app.adapters.spreadsheets.formula_escapes import unescape_formula
from app.adapters.spreadsheets.limits import MAX_WRITTEN_CHARACTERS
from app.adapters.spreadsheets.reading import read_file
from app.services.bundles.columns import SHEETS_BY_NAME
from app.services.bundles.problems import BundleProblem, BundleRefused, refuse_file
from app.services.bundles.sources import read_archive
from app.services.bundles.table_names import TableNames
from app.services.bundles.tables import BundleTable
from app.services.bundles.words import match_column
from domain.errors import Refusal, Refused, refusal
from domain.text import is_web_address
from domain.times import shown

_ENCODINGS = {"cp1252": "Windows-1252", "cp1250": "Windows-1250", "cp1251": "Windows-1251", "utf-8-sig": "UTF-8"}
_SEPARATORS = {"\t": "tab"}
_HEADER_WITHIN = 20
_SETTING_COLUMNS = {"register": ("key", "value"), "reviews": ("id", "title")}


def read_workbook(
    path: Path, names: Collection[str], problems: list[BundleProblem], notes: list[Refusal]
) -> dict[str, BundleTable]:
    """Return the tables with these names of a workbook. Raises `BundleRefused` if the file is none."""
    content = read_archive(path)
    try:
        book = read_file(path.name, content)
    except Refused as refused:
        raise BundleRefused(BundleProblem("", 0, "", reason) for reason in refused.refusals) from None
    if book.kind == "text":
        raise refuse_file(
            path.name, refusal("this is not a spreadsheet.", cure="Save it as .xlsx, without a password.")
        )
    return find_sheets(book, names, problems, notes)


def find_sheets(
    book: Workbook, names: Collection[str], problems: list[BundleProblem], notes: list[Refusal]
) -> dict[str, BundleTable]:
    """Return the tables with these names among the sheets of a workbook."""
    sheets = {sheet.name: sheet for sheet in book.sheets}
    prefix = f"{book.name}/" if book.name else ""
    assigned = TableNames(names).assign(list(sheets), problems, notes, prefix)
    tables = {}
    for name, title in assigned.items():
        file, sheet = prefix + title, sheets[title]
        problems += [BundleProblem(file, 0, "", _as_refusal(problem)) for problem in sheet.problems]
        problems += _cut_texts(file, sheet)
        notes += _sheet_notes(file, sheet)
        if sheet.rows:
            tables[name] = _table(file, name, _with_addresses(name, sheet), notes, in_workbook=True)
        else:
            reason = refusal("the sheet is empty.", cure="Add at least a header row.")
            problems.append(BundleProblem(file, 1, "", reason))
    return tables


def read_office_csv(
    file: str, name: str, content: bytes, problems: list[BundleProblem], notes: list[Refusal]
) -> BundleTable | None:
    """Return the table in a text file in any encoding and with any separator; None, and a problem, if it has none."""
    try:
        book = read_file(file, content)
    except Refused as refused:
        problems += [BundleProblem("", 0, "", r) for r in refused.refusals]
        return None
    sheet = book.sheets[0]
    problems += [BundleProblem(file, 0, "", _as_refusal(problem)) for problem in sheet.problems]
    encoding, separator = book.encoding, book.separator
    notes.append(
        refusal(
            "{file}: read as {encoding}, with “{separator}” between cells.",
            file=file,
            encoding=_ENCODINGS.get(encoding, encoding.upper()),
            separator=_SEPARATORS.get(separator, separator),
        )
    )
    rows = [CellRow(row.number, tuple(map(unescape_formula, row.cells))) for row in sheet.rows]
    return _table(file, name, rows, notes, in_workbook=False)


def _table(file: str, name: str, rows: Iterable[CellRow], notes: list[Refusal], *, in_workbook: bool) -> BundleTable:
    """Return the rows below the first that has headings of this table, or below the very first if none has."""
    rows = list(rows)
    place = next((n for n, row in enumerate(rows[:_HEADER_WITHIN]) if _has_headings(name, row)), 0)
    if place:
        notes.append(refusal("{file}: what is above the headings left out.", file=file))
    header = rows[place]
    width = len(header.cells)
    records = [(row.number, _padded(row.cells, width)) for row in rows[place + 1 :]]
    headings = [heading.strip() for heading in header.cells]
    return BundleTable(file, headings, records, header_line=header.number, in_workbook=in_workbook)


def _with_addresses(name: str, sheet: CellSheet) -> Iterable[CellRow]:
    """The rows of a sheet, in columns of addresses with the address behind a linked text."""
    columns = [c.name for c in SHEETS_BY_NAME[name].columns if c.kind == "url"] if name in SHEETS_BY_NAME else []
    if not sheet.links or not columns:
        return sheet.rows
    places = {
        n for row in sheet.rows[:_HEADER_WITHIN] for n, cell in enumerate(row.cells) if match_column(cell, columns)
    }
    return [
        replace(
            row,
            cells=tuple(
                sheet.links.get(f"{column_letters(n)}{row.number}", cell)
                if n in places and not is_web_address(cell)
                else cell
                for n, cell in enumerate(row.cells)
            ),
        )
        for row in sheet.rows
    ]


def _has_headings(name: str, row: CellRow) -> bool:
    """Whether a row has a heading for each column that the table needs."""
    if name in SHEETS_BY_NAME:
        columns = SHEETS_BY_NAME[name].columns
        known, needed = [c.name for c in columns], {c.name for c in columns if c.required}
    else:
        known = list(_SETTING_COLUMNS.get(name, ()))
        needed = set(known)
    found = {match_column(cell, known) for cell in row.cells if cell.strip()}
    return bool(needed) and needed <= found


def _padded(cells: tuple[str, ...], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _cut_texts(file: str, sheet: CellSheet) -> list[BundleProblem]:
    """A problem for each cell that is as long as a workbook allows: what followed is not in it."""
    reason = refusal(
        "the text has {most} characters, the most that a cell can have, and may be cut.",
        cure="Import the bundle (.zip) instead.",
        most=f"{MAX_WRITTEN_CHARACTERS:,}",
    )
    cut = (row.number for row in sheet.rows if any(len(cell) >= MAX_WRITTEN_CHARACTERS for cell in row.cells))
    return [BundleProblem(file, number, "", reason) for number in cut]


def _sheet_notes(file: str, sheet: CellSheet) -> list[Refusal]:
    notes = []
    if sheet.formulas:
        notes.append(refusal("{file}: results of formulas read: {n}.", file=file, n=sheet.formulas))
    if sheet.differences:
        first = sheet.differences[0]
        notes.append(
            refusal(
                "{file}: cells that look different from what they hold: {n}, such as {cell}, “{displayed}”, read as "
                "{read}.",
                file=file,
                n=len(sheet.differences),
                cell=first.cell,
                displayed=shown(first.displayed, 40),
                read=shown(first.read, 40),
            )
        )
    return notes


def _as_refusal(problem: str) -> Refusal:
    return problem if isinstance(problem, Refusal) else Refusal(problem)
