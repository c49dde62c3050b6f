"""Imports that a person has begun: the file, what was read in it, and the answers so far."""

import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec
from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from app.adapters.spreadsheets.cells import Workbook
from app.services.accounts.models import User
from app.services.mapping.models import SheetImport
from app.services.mapping.types import RowCorrections, SheetMapping

STEPS = ("file", "sheet", "columns", "values", "preview", "rest")
"""In their order; an import is at `rest` once its rows are stored."""
IMPORT_TTL, MAX_IMPORTS = timedelta(days=90), 20
"""How long an import is kept, and how many of a person."""


def begin_import(
    db: Session, person: str, register: str, workbook: Workbook, content: bytes, mapping: SheetMapping, now: datetime
) -> SheetImport:
    """Keep a file that was read. Deletes imports that are too old, and the oldest ones of a person who has too many."""
    at = now.replace(tzinfo=None)
    db.execute(delete(SheetImport).where(SheetImport.at < at - IMPORT_TTL))
    user = select(User.id).where(User.person == person)
    new = SheetImport(user_id=db.scalars(user).one(), register=register, step=STEPS[0], at=at)
    _set_file(new, workbook, content, mapping)
    db.add(new)
    db.flush()
    for old in imports_of(db, person, now)[MAX_IMPORTS:]:
        db.delete(old)
    return new


def change_file(
    sheet_import: SheetImport, workbook: Workbook, content: bytes, mapping: SheetMapping, now: datetime
) -> None:
    """Replace the file of an import, or what was read in it; begins again at the first step."""
    _set_file(sheet_import, workbook, content, mapping)
    sheet_import.step, sheet_import.at = STEPS[0], now.replace(tzinfo=None)


def find_import(db: Session, person: str, number: int, now: datetime) -> SheetImport | None:
    """An import of its own author, unless it is too old."""
    return db.scalars(_imports(person, now).where(SheetImport.id == number)).one_or_none()


def lock_import(db: Session, person: str, number: int, now: datetime) -> SheetImport | None:
    """An import of its own author, which no other transaction changes before this one ends."""
    of_person = _imports(person, now).where(SheetImport.id == number)
    db.execute(update(SheetImport).where(SheetImport.id == number).values(id=SheetImport.id))
    return db.scalars(of_person).one_or_none()


def imports_of(db: Session, person: str, now: datetime) -> Sequence[SheetImport]:
    """The imports of a person (an id, as in events), newest first."""
    return db.scalars(_imports(person, now).order_by(SheetImport.at.desc(), SheetImport.id.desc())).all()


def save_answers(
    sheet_import: SheetImport,
    now: datetime,
    mapping: SheetMapping,
    corrections: RowCorrections | None = None,
    *,
    reached: str = "",
    back_to: str = "",
) -> None:
    """Save the answers of a step. `reached` is the next step, unless a later one was reached before; `back_to` goes
    back to a step whose questions are others now.
    """
    sheet_import.mapping = msgspec.json.encode(mapping).decode()
    if corrections is not None:
        sheet_import.corrections = msgspec.json.encode(corrections).decode()
    if reached and STEPS.index(reached) > STEPS.index(sheet_import.step):
        sheet_import.step = reached
    if back_to:
        sheet_import.step = back_to
    sheet_import.at = now.replace(tzinfo=None)


def begin_again(db: Session, person: str, register: str) -> None:
    """Take the imports of a person back to the first step, with their answers, and delete those of all others."""
    of_person = SheetImport.user_id == select(User.id).where(User.person == person).scalar_subquery()
    in_register = SheetImport.register == register
    again = {"step": STEPS[0], "progress": "", "preview": b"", "result": ""}
    db.execute(update(SheetImport).where(in_register, of_person).values(**again))
    mine = select(SheetImport.id).where(in_register, of_person)
    db.execute(delete(SheetImport).where(in_register, SheetImport.id.not_in(mine)))


def file_size(db: Session, number: int) -> int:
    """The size of the file of an import in bytes."""
    size: int = db.scalars(select(func.length(SheetImport.content)).where(SheetImport.id == number)).one()
    return size


def workbook_of(sheet_import: SheetImport) -> Workbook:
    """What was read in the file."""
    return msgspec.msgpack.decode(zlib.decompress(sheet_import.workbook), type=Workbook)


def mapping_of(sheet_import: SheetImport) -> SheetMapping:
    """The answers so far."""
    return msgspec.json.decode(sheet_import.mapping, type=SheetMapping)


def corrections_of(sheet_import: SheetImport) -> RowCorrections:
    """What was changed for this file."""
    return msgspec.json.decode(sheet_import.corrections, type=RowCorrections)


def version_of(sheet_import: SheetImport) -> str:
    """Tells a file with its answers from any other, so that a form made before a change is not taken for one after."""
    parts = (sheet_import.digest, sheet_import.mapping, sheet_import.corrections, sheet_import.register)
    return sha256("\n".join(parts).encode()).hexdigest()[:32]


def _imports(person: str, now: datetime) -> Select[SheetImport]:
    since = now.replace(tzinfo=None) - IMPORT_TTL
    author = select(User.id).where(User.person == person).scalar_subquery()
    return select(SheetImport).where(SheetImport.user_id == author, SheetImport.at >= since)


def _set_file(sheet_import: SheetImport, workbook: Workbook, content: bytes, mapping: SheetMapping) -> None:
    sheet_import.file_name, sheet_import.digest = workbook.name[:255], workbook.digest
    sheet_import.content = content
    sheet_import.workbook = zlib.compress(msgspec.msgpack.encode(workbook), 1)
    sheet_import.mapping = msgspec.json.encode(mapping).decode()
    sheet_import.corrections = "{}"
    sheet_import.progress, sheet_import.preview, sheet_import.result = "", b"", ""
