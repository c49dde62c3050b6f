"""The mapping that is saved with a register, and what its last file said, for the comparison with the next one."""

import zlib
from datetime import UTC, datetime

import msgspec
from msgspec import Struct
from sqlalchemy.orm import Session

from app.services.mapping.models import SavedMapping
from app.services.mapping.types import SheetMapping
from domain.errors import Refused, refusal


class SaidRow(Struct, frozen=True, omit_defaults=True, array_like=True, gc=False):
    """What the last file said about one recommendation."""

    number: str = ""
    title: str = ""
    digest: str = ""
    """Of all texts of its row, so that a row that is the same as last time is found at once."""
    cells: dict[str, str] = {}
    """By column of a bundle, such as `recommendations.title` or `cards.counts`, as text."""


class LastFile(Struct, frozen=True, kw_only=True):
    """The last file of a register: how it was read and what it said, by recommendation id."""

    mapping: SheetMapping
    said: dict[str, SaidRow] = {}
    file_name: str = ""
    digest: str = ""
    by: str = ""
    at: datetime


_ROWS = dict[str, SaidRow]


def save_last_file(db: Session, register: str, last: LastFile) -> None:
    """Save the mapping and the rows of a register's file, in place of those of the file before."""
    db.merge(
        SavedMapping(
            register=register,
            mapping=msgspec.json.encode(last.mapping).decode(),
            rows=zlib.compress(msgspec.msgpack.encode(last.said)),
            file_name=last.file_name,
            digest=last.digest,
            by=last.by,
            at=last.at.astimezone(UTC).replace(tzinfo=None),
        )
    )


def find_last_file(db: Session, register: str) -> LastFile | None:
    """Return the last file of a register; None if it had none. Raises `Refused` if a newer version saved it."""
    saved = db.get(SavedMapping, register)
    if saved is None:
        return None
    try:
        mapping = msgspec.json.decode(saved.mapping, type=SheetMapping)
        said = msgspec.msgpack.decode(zlib.decompress(saved.rows), type=_ROWS)
    except (msgspec.DecodeError, zlib.error):
        raise Refused(
            refusal("The saved answers about the last file cannot be read. Answer the steps again.")
        ) from None
    return LastFile(
        mapping=mapping,
        said=said,
        file_name=saved.file_name,
        digest=saved.digest,
        by=saved.by,
        at=saved.at.replace(tzinfo=UTC),
    )
