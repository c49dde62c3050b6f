"""Adds typed, pasted or uploaded rows to a register through the bundle importer."""

import csv
import io
import json
import tempfile
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from typing import IO

from app.adapters.spreadsheets.limits import MAX_FILE_BYTES
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.pasted_names import PastedNames
from app.presentation.i18n.localize import refusal_text
from app.services.accounts.actors import Person, authorize
from app.services.bundles.adding import (
    AddedRows,
    CellReader,
    MissingNames,
    NewRows,
    TypedRow,
    add_missing,
    add_new_rows,
    read_new_rows,
)
from app.services.bundles.columns import SHEETS_BY_NAME
from app.services.bundles.importing import ImportOptions, ImportResult, find_register, import_bundle
from app.services.bundles.problems import BundleRefused
from app.services.bundles.reading import read_bundle
from app.services.bundles.row_reading import EMPTY_CELL
from app.services.bundles.sheet_types import Sheet
from app.services.container import Services
from domain.commands import EstablishRegister
from domain.errors import Refused, refusal

ADDABLE_KINDS = ("publications", "bodies", "themes", "recommendations", "elements", "developments", "deadlines")
"""The kinds that can be added in the browser, in the order of their dependencies."""
EMPTY_RECOMMENDATIONS = ",".join(c.name for c in SHEETS_BY_NAME["recommendations"].columns) + "\n"
DAY_KINDS = ("date", "day")
"""The kinds of columns that hold days."""
MAKE = "make."
"""Begins the name of a button that adds what a column names; the heading of the column follows."""


def create_register(services: Services, person: Person, settings: Mapping[str, object]) -> ImportResult:
    """Creates an empty register. Raises `Refused` with every problem."""
    files = {"register.json": json.dumps(settings).encode(), "recommendations.csv": EMPTY_RECOMMENDATIONS.encode()}
    return _import_files(services, person, files)


def import_file(
    services: Services, person: Person, name: str, stream: IO[bytes], options: ImportOptions, register: str = ""
) -> ImportResult:
    """Imports a whole bundle as a zip or a workbook, or tables of it without settings into a stored `register`."""
    if register:
        _permission_check(person)(register)
    content = stream.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise Refused(refusal("The file is larger than {most} MB.", most=MAX_FILE_BYTES // 2**20, field="file"))
    if Path(name).suffix.lower() not in (".zip", ".xlsx", ".csv"):
        raise Refused(refusal("Choose a bundle as .zip, a workbook as .xlsx, or a table of it as .csv.", field="file"))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / _file_name(name)
        file.write_bytes(content)
        bundle = read_bundle(file, register=register, find_stored=partial(find_register, services))
    if register and bundle.settings.id != register:
        raise Refused(
            refusal(
                "The file has the settings of the register “{found}”, not of “{chosen}”.",
                cure="Choose the register of the file.",
                found=bundle.settings.id,
                chosen=register,
                field="register",
            )
        )
    return import_bundle(services, bundle, options, _permission_check(person))


def _file_name(name: str) -> str:
    """The name as the person knows the file, without characters that no file name has."""
    plain = "".join("_" if c in "/\\:" or not c.isprintable() else c for c in name)
    return plain if len(plain) < 80 else plain[:30] + "…" + plain[-40:]


def add_pasted(
    services: Services, person: Person, register: str, sheet: Sheet, form: Form, confirm: Callable[[int], None]
) -> AddedRows | None:
    """Adds the pasted rows, unless ids had to be made or names be added first; returns what would be added then.

    The field holds the rows with their ids afterwards. `confirm` is called with the number of rows before they are
    stored. Raises `Refused` with every problem.
    """
    new = read_new_rows(sheet, form["pasted"])
    added = _add(services, person, register, new, dry_run=True, needs_ids=True)
    if added.made_ids or form["action"] != "paste":
        form.values["pasted"] = _as_text(added.rows)
        return added
    confirm(len(added.rows.rows))
    _add(services, person, register, new, needs_ids=True)
    return None


def add_missing_names(
    services: Services, person: Person, register: str, sheet: Sheet, form: Form, confirm: Callable[[int], None]
) -> int:
    """Adds what a column of the pasted rows names and the register does not have; returns how many.

    `confirm` is called with their number before they are stored.
    """
    heading = form["action"].removeprefix(MAKE)
    try:
        new = read_new_rows(sheet, form["pasted"])
        _add(services, person, register, new, dry_run=True)
    except MissingNames as refused:
        kind, names = refused.names.get(heading, ("", ()))
        if names:
            confirm(len(names))
            add_missing(services, register, kind, names, person.id, _permission_check(person))
        return len(names)
    except Refused:
        return 0  # the rows are checked again, with every reason
    return 0


def add_typed(
    services: Services, person: Person, register: str, sheet: Sheet, form: Form, confirm: Callable[[int], None]
) -> None:
    """Adds one row from its fields; its id is made if none was typed. Raises `Refused` with every problem.

    `confirm` is called with the number of rows before it is stored.
    """
    texts = {c.name: form[c.name] for c in sheet.columns}
    for column in (c.name for c in sheet.columns if c.kind in DAY_KINDS):
        try:
            texts[column] = form.day(column)
        except Refused as refused:
            form.refuse(refused)
    unread = {error.field for error in form.errors}
    new = NewRows(sheet.name, {name: name for name in texts}, (TypedRow(0, texts),))
    try:
        _add(services, person, register, new, dry_run=True)
    except BundleRefused as refused:
        if not unread:
            raise
        raise BundleRefused([p for p in refused.problems if p.column not in unread]) from None
    confirm(1)
    _add(services, person, register, new)


def _add(
    services: Services,
    person: Person,
    register: str,
    new: NewRows,
    *,
    dry_run: bool = False,
    needs_ids: bool = False,
) -> AddedRows:
    """Checks the rows, in which parts, sources and others are named, and adds them. Raises `BundleRefused`."""
    with services.views.connect() as db:
        names = PastedNames(services, db, register)
        readers: dict[str, CellReader] = {
            "element": names.part,
            "stated_by": names.body_or_publication,
            "evidence": names.sources,
        }
        check = _permission_check(person)
        return add_new_rows(
            services, register, new, person.id, check, dry_run=dry_run, needs_ids=needs_ids, readers=readers
        )


def add_refusals(form: Form, refused: Refused, fields: Collection[str]) -> None:
    """Adds each problem of a single row, or of settings, to the field of its column, or to the top of the form."""
    if not isinstance(refused, BundleRefused):
        form.refuse(refused)
        return
    for problem in refused.problems:
        if problem.column in fields and problem.reason == EMPTY_CELL:
            form.refuse(Refused(refusal("Enter a value. This cannot be empty.", field=problem.column)))
        else:
            form.add(problem.column if problem.column in fields else "", refusal_text(problem.reason))


def _as_text(new: NewRows) -> str:
    """The rows as they are pasted, in the columns of the person, the id first if it was not among them."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter="\t", lineterminator="\n")
    writer.writerow(new.headings.values())
    writer.writerows([row.texts.get(name, "") for name in new.headings] for row in new.rows)
    return buffer.getvalue().rstrip("\n")


def _import_files(services: Services, person: Person, files: Mapping[str, bytes]) -> ImportResult:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        return import_bundle(services, Path(folder), ImportOptions(by=person.id), _permission_check(person))


def _permission_check(person: Person) -> Callable[[str], None]:
    """Raises `NotAllowed` for a register that the person may not set up."""
    return lambda register: authorize(person, EstablishRegister, register)
