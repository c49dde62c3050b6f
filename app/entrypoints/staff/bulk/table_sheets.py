"""The rows of a table as a sheet: to download, to fill in elsewhere, and to show again as a table."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from flask import Response, request

from app.adapters.spreadsheets.cells import CellSheet, Workbook
from app.adapters.spreadsheets.reading import read_file
from app.entrypoints.staff.bulk.table_form import MAX_ROWS, Column, TableForm, TableRow
from app.presentation.i18n.languages import LANGUAGES
from app.presentation.i18n.localize import localized_text, plain_text
from app.presentation.i18n.translation import _, page_language, set_language
from app.services.tables.csv_files import DataTable
from app.services.tables.workbook import write_workbook
from domain.errors import Refused, refusal
from projections.catalogue.entries import RegisterEntry

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_FILE_BYTES = 4 * 2**20
UPLOAD = "upload"
ID, VERSION = "id", "version"


def send_sheet(
    entry: RegisterEntry, name: str, columns: Sequence[Column], rows: Sequence[TableRow], at: datetime
) -> Response:
    """Returns a workbook with the rows; the columns are named by their labels, choices by theirs."""
    options = {column.name: dict(column.options) for column in columns}
    header = (ID, VERSION, _("Row"), *(column.label for column in columns))
    table = [
        (
            row.key,
            row.version,
            f"{plain_text(row.about)} {row.plain_title}".strip(),
            *(options[c.name].get(text := row.values.get(c.name, ""), text) for c in columns),
        )
        for row in rows
    ]
    cover = [
        (_("Register"), localized_text(entry.settings, "title")),
        (_("To do"), _("Fill in or change cells, and upload the sheet. Delete the rows that you leave as they are.")),
        (_("Version"), _("Do not change it. It detects changes made in the meantime.")),
    ]
    answer = Response(write_workbook(cover, [DataTable(name, header, tuple(table))], at), content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{entry.id}-{name}.xlsx"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def read_sheet(form: TableForm, build_columns: Callable[[], Sequence[Column]], *, clears: bool = False) -> None:
    """Fill the rows of the form from an uploaded sheet, and select them. Adds an error if it cannot be read.

    The sheet may have the words of any language of the pages. An empty cell leaves what is stored or usual, unless it
    `clears` it.
    """
    try:
        rows = _read_rows(_in_every_language(build_columns))
    except Refused as refused:
        form.refuse(Refused(*(r.about("file") for r in refused.refusals)))
        return
    form.lists |= {"row": list(rows), "pick": list(rows)}
    for key, cells in rows.items():
        form.values |= {f"{name}.{key}": text for name, text in cells.items() if text or clears}


def _in_every_language(build_columns: Callable[[], Sequence[Column]]) -> list[Column]:
    """The columns once in each language of the pages, that of this page last, whose words come first."""
    own, columns = page_language(), list[Column]()
    try:
        for language in (*(code for code in LANGUAGES if code != own), own):
            set_language(language)
            columns += build_columns()
    finally:
        set_language(own)
    return columns


def _read_rows(columns: Sequence[Column]) -> dict[str, dict[str, str]]:
    """The cells of each row by its key. Raises `Refused`."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refused(refusal("Choose a file first."))
    content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise Refused(refusal("The file is larger than {most} MB.", most=MAX_FILE_BYTES // 2**20))
    sheet, names = _find_sheet(read_file(file.filename, content), columns)
    rows: dict[str, dict[str, str]] = {}
    for row in sheet.rows[1:]:
        cells = {name: row.cell(place).strip() for place, name in enumerate(names) if name}
        key = cells.pop(ID)
        if key in rows:
            raise Refused(refusal("Row {row} names “{id}” a second time.", row=row.number, id=key))
        if key and any(text for name, text in cells.items() if name != VERSION):
            rows[key] = {name: _code(columns, name, text) for name, text in cells.items()}
    if not rows:
        raise Refused(refusal("There are no rows below the header."))
    if len(rows) > MAX_ROWS:
        raise Refused(
            refusal("A table takes {most} rows. The file has {n}. Delete those you leave.", most=MAX_ROWS, n=len(rows))
        )
    return rows


def _find_sheet(workbook: Workbook, columns: Sequence[Column]) -> tuple[CellSheet, list[str]]:
    """The first sheet that has a column `id`, and the field of each of its columns."""
    known = _names(columns)
    for sheet in workbook.sheets:
        names = [known.get(cell.strip().casefold(), "") for cell in sheet.rows[0].cells] if sheet.rows else []
        if names.count(ID) == 1:
            if twice := sorted({name for name in names if name and names.count(name) > 1}):
                raise Refused(refusal("These columns are in the file twice: {columns}.", columns=", ".join(twice)))
            return sheet, names
    raise Refused(refusal("No sheet of the file has a column “id”. Download the sheet here and fill it in."))


def _names(columns: Sequence[Column]) -> Mapping[str, str]:
    """The fields by what may name them: codes and labels, in any letter case."""
    names = {column.label.casefold(): column.name for column in columns}
    return names | {column.name.casefold(): column.name for column in columns} | {ID: ID, VERSION: VERSION}


def _code(columns: Sequence[Column], name: str, text: str) -> str:
    """The code that a cell names by itself or by its label; other texts stay as they are."""
    options = [option for column in columns if column.name == name for option in column.options]
    by_text = {label.casefold(): code for code, label in options} | {code.casefold(): code for code, _label in options}
    return by_text.get(text.casefold(), text)
