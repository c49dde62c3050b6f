"""The list of what was removed permanently, in a file outside the database, or with remote objects one for each.

A restored backup goes back in time, so what was removed later comes back with it. The list says what to remove again.
It holds random keys and ids, and no texts.
"""

import fcntl
import os
import time
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Struct

from app.adapters.objects import is_remote, open_objects
from app.adapters.settings import Settings
from app.services.transparency.checkpoints import archive_file
from domain.codes import RemovalReason
from domain.errors import Refused, refusal
from projections.engine.private_files import make_private_file, make_private_folder

REMOTE_FOLDER = "removals"
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class RemovedTexts(Struct, frozen=True, tag="texts"):
    """The texts of a source that were removed, by the keys of their records.

    Reason and instant are missing in older lists.
    """

    register: str
    evidence: str
    keys: tuple[str, ...]
    reason: RemovalReason | None = None
    at: Instant | None = None


class ErasedPerson(Struct, frozen=True, tag="person"):
    """A person whose name and data were erased, by id."""

    person: str


class WithdrawnPackage(Struct, frozen=True, tag="package"):
    """The package of a frozen review that was withdrawn, by the digest of its file."""

    package: str
    reason: RemovalReason
    at: Instant


Removal = RemovedTexts | ErasedPerson | WithdrawnPackage


def removals_of(settings: Settings) -> list[Removal]:
    """What was removed in this installation, oldest first. Raises `Refused`."""
    if not is_remote(settings):
        return read_list(removal_file(settings))
    objects = open_objects(settings)
    lines = [objects.item(name).read_bytes() for name in objects.names(REMOTE_FOLDER)]
    return [msgspec.json.decode(line, type=Removal) for line in lines]


def removal_file(settings: Settings) -> Path:
    """The file of the list: next to that of the checkpoints, which is best on another disk."""
    return archive_file(settings).with_suffix(".removals.jsonl")


def read_list(file: Path) -> list[Removal]:
    """What a list names, oldest first; nothing if there is no file. Raises `Refused` if the file is another one."""
    return _read_lines(_whole_lines(file), file)


def read_named_list(file: Path) -> list[Removal]:
    """What a list names that a person chose, oldest first. Raises `Refused` also if it names nothing.

    No line is left out: one without a line break at its end may come from an editor.
    """
    found = _read_lines(file.read_bytes(), file)
    if not found:
        raise Refused(refusal("{file} names no removal.", file=file.name))
    return found


def _read_lines(content: bytes, file: Path) -> list[Removal]:
    try:
        return [msgspec.json.decode(line, type=Removal) for line in content.splitlines()]
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Refused(refusal("{file} is not a list of removals.", file=file.name)) from None


def _whole_lines(file: Path) -> bytes:
    """The content up to its last line break: what follows was being written when the machine stopped."""
    content = file.read_bytes() if file.is_file() else b""
    return content[: content.rfind(b"\n") + 1]


def add_to_list(settings: Settings, removed: Removal) -> None:
    """Append a removal, durably, after those that others append at the same time."""
    if is_remote(settings):
        content = msgspec.json.encode(removed)
        name = f"{REMOTE_FOLDER}/{time.time_ns():020}-{sha256(content).hexdigest()[:16]}.json"
        open_objects(settings).put(name, content)
        return
    file = removal_file(settings)
    make_private_folder(file.parent)
    make_private_file(file)
    with file.open("r+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)  # until the file is closed
        stream.seek(len(_whole_lines(file)))
        stream.truncate()
        stream.write(msgspec.json.encode(removed) + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
