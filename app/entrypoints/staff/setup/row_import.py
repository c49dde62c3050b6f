"""Adds typed, pasted or uploaded rows to a register through the bundle importer."""

import csv
import io
import json
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from app.entrypoints.staff.forms import Form
from app.services.accounts.people import Person, authorize
from app.services.bundles.columns import SHEETS_BY_NAME
from app.services.bundles.exporting import export_bundle
from app.services.bundles.importing import ImportOptions, ImportResult, find_register, import_bundle
from app.services.bundles.problems import BundleRefused
from app.services.bundles.reading import read_bundle
from app.services.bundles.sheet_types import Sheet
from app.services.bundles.writing import bundle_files
from app.services.container import Services
from domain.commands import EstablishRegister
from domain.errors import Refused, refusal

ADDABLE_KINDS = ("publications", "bodies", "themes", "recommendations", "elements", "developments", "deadlines")
"""The kinds that can be added in the browser, in the order of their dependencies."""
EMPTY_RECOMMENDATIONS = ",".join(c.name for c in SHEETS_BY_NAME["recommendations"].columns) + "\n"

FieldValues = Mapping[str, str]


def create_register(services: Services, person: Person, settings: Mapping[str, object]) -> ImportResult:
    """Creates an empty register. Raises `Refused` with every problem."""
    files = {"register.json": json.dumps(settings).encode(), "recommendations.csv": EMPTY_RECOMMENDATIONS.encode()}
    return _import_files(services, person, files)


def add_rows(
    services: Services, person: Person, register: str, sheet: Sheet, rows: Sequence[FieldValues]
) -> ImportResult:
    """Appends rows to one of the register's files and imports the longer bundle."""
    with services.views.connect() as db:
        bundle = export_bundle(db, register)
    assert bundle is not None
    files = bundle_files(bundle)
    files[sheet.file] = _with_rows(sheet, files.get(sheet.file, b""), rows)
    return _import_files(services, person, files)


def import_file(services: Services, person: Person, name: str, content: bytes, options: ImportOptions) -> ImportResult:
    """Imports a whole bundle as a zip or a workbook, or one table of it as CSV."""
    if Path(name).suffix.lower() not in (".zip", ".xlsx", ".csv"):
        raise Refused(refusal("Choose a bundle as .zip, a workbook as .xlsx, or a table of it as .csv.", field="file"))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "".join(c for c in Path(name).name if c.isprintable())[-100:]
        file.write_bytes(content)
        bundle = read_bundle(file, find_stored=partial(find_register, services))
    return import_bundle(services, bundle, options, _permission_check(person))


def parse_pasted(sheet: Sheet, text: str) -> list[FieldValues]:
    """Parses rows copied from a spreadsheet: a header, then one line per row, separated by tabs. Raises `Refused`."""
    header, *lines = csv.reader(io.StringIO(text.strip("\n")), delimiter="\t")
    columns = {c.name for c in sheet.columns}
    header = [name.strip() for name in header]
    if unknown := [name for name in header if name not in columns]:
        raise Refused(
            refusal(
                "The first line must name columns. “{name}” is not one of: {known}.",
                name=unknown[0][:40],
                known=", ".join(c.name for c in sheet.columns),
                field="pasted",
            )
        )
    rows = [dict(zip(header, (cell.strip() for cell in line), strict=False)) for line in lines if any(line)]
    if not rows:
        raise Refused(refusal("There are no rows below the header.", field="pasted"))
    return [_with_id(row) for row in rows]


def row_from_form(sheet: Sheet, form: Form) -> FieldValues:
    return _with_id({c.name: form[c.name] for c in sheet.columns})


def add_refusals(form: Form, refused: Refused, sheet: Sheet | None = None) -> None:
    """Adds each refusal to the field of its column, or to the top of the form."""
    if not isinstance(refused, BundleRefused):
        form.refuse(refused)
        return
    columns = {c.name for c in sheet.columns} if sheet else set(form.values)
    for problem in refused.problems:
        form.add(problem.column if problem.column in columns else "", problem.reason if sheet else str(problem))


def _with_rows(sheet: Sheet, content: bytes, rows: Sequence[FieldValues]) -> bytes:
    """The file of a sheet with more rows, and with every column, also those that the register does not use yet."""
    stored = csv.DictReader(io.StringIO(content.decode(), newline=""))
    names = [c.name for c in sheet.columns]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([row.get(name) or "" for name in names] for row in (*stored, *rows))
    return buffer.getvalue().encode()


def _with_id(row: FieldValues) -> FieldValues:
    """Gives a row without an id one from its title or name."""
    if row.get("id"):
        return row
    if "due_on" in row:
        parts = (row.get("recommendation"), row.get("element"), "due", row["due_on"])
        return {**row, "id": id_from("-".join(part for part in parts if part))}
    return {**row, "id": id_from(row.get("title") or row.get("name") or row.get("summary") or "")}


def id_from(text: str) -> str:
    """Returns an id made from a title; empty if no character fits."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].strip("-")


def _import_files(services: Services, person: Person, files: Mapping[str, bytes]) -> ImportResult:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        return import_bundle(services, Path(folder), ImportOptions(by=person.id), _permission_check(person))


def _permission_check(person: Person) -> Callable[[str], None]:
    """Raises `NotAllowed` for a register that the person may not set up."""
    return lambda register: authorize(person, EstablishRegister, register)
