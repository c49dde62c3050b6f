"""Reads a file or pasted cells, and guesses what they mean: the beginning of an import."""

from flask import request
from msgspec.structs import replace

from app.adapters.spreadsheets.cells import Workbook
from app.adapters.spreadsheets.reading import read_file, read_pasted
from app.entrypoints.staff.spreadsheet.steps import OpenImport, stored_bundle
from app.services.accounts.actors import Person
from app.services.accounts.permissions import ALL_REGISTERS
from app.services.container import Services
from app.services.mapping import drafts
from app.services.mapping.guessing import guess_mapping
from app.services.mapping.saved import find_last_file
from app.services.mapping.types import SheetMapping
from domain.errors import NotFound, Refused, refusal
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry

MAX_FILE_BYTES = 32 * 2**20


def registers_to_choose(services: Services, person: Person) -> list[RegisterEntry]:
    """The registers that a person may set up."""
    with services.views.connect() as db:
        return [entry for entry in catalogue.registers(db) if person.may("settings", entry.id)]


def may_make_registers(person: Person) -> bool:
    return person.may("settings", ALL_REGISTERS)


def read_upload() -> tuple[Workbook, bytes]:
    """The file or the cells of this request. Raises `Refused` with what to do."""
    file, pasted = request.files.get("file"), request.form.get("pasted", "")
    if file is not None and file.filename:
        content = file.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise Refused(
                refusal(
                    "The file is larger than {most} MB. Save the sheet with the recommendations as a file of its own.",
                    most=MAX_FILE_BYTES // 2**20,
                    field="file",
                )
            )
        return read_file(file.filename, content), content
    if pasted.strip():
        return read_pasted(pasted), pasted.encode()
    raise Refused(refusal("Choose a file first, or paste cells.", field="file"))


def begin(services: Services, person: Person, register: str, workbook: Workbook, content: bytes) -> int:
    """Keeps what was read, with a first guess of what it means; returns the number of the import."""
    person.require("settings", register or ALL_REGISTERS)
    with services.views.connect() as db:
        if register and catalogue.register(db, register) is None:
            raise Refused(refusal("There is no register “{id}”.", id=register[:80], field="register"))
    mapping = _first_mapping(services, register, workbook)
    with services.accounts.work() as db:
        return drafts.begin_import(db, person.id, register, workbook, content, mapping, services.clock()).id


def replace_file(services: Services, person: Person, opened: OpenImport, workbook: Workbook, content: bytes) -> None:
    """Another file, or another reading of it, for an import; what was answered and fits stays."""
    mapping = _first_mapping(services, opened.stored_register, workbook, opened.mapping)
    with services.accounts.work() as db:
        found = drafts.find_import(db, person.id, opened.number, services.clock())
        if found is None:
            raise NotFound(refusal("There is no such import, or it is older than 90 days. Bring the file again."))
        drafts.change_file(found, workbook, content, mapping, services.clock())


def _first_mapping(
    services: Services, register: str, workbook: Workbook, answered: SheetMapping | None = None
) -> SheetMapping:
    guess = guess_mapping(
        workbook, stored=stored_bundle(services, register), saved=answered or _saved(services, register)
    )
    mapping = guess.mapping
    if register:
        return replace(mapping, register=None)
    if answered and answered.register:
        return replace(mapping, register=answered.register)
    return mapping


def _saved(services: Services, register: str) -> SheetMapping | None:
    """The answers about the last file of a register."""
    with services.accounts.work() as db:
        last = find_last_file(db, register) if register else None
    return last.mapping if last else None
