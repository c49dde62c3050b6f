"""Stores packages by the digest of their bytes, so that no package can replace another."""

import os
import tempfile
from collections.abc import Callable
from hashlib import file_digest
from pathlib import Path
from typing import IO, TYPE_CHECKING

from app.adapters.objects import PACKAGES, open_objects
from app.adapters.objects.folder import temporary_file
from app.adapters.settings import Settings
from domain.errors import NotFound, refusal

if TYPE_CHECKING:
    from app.adapters.objects.s3 import RemoteObject

Write = Callable[[IO[bytes]], None]


def put(settings: Settings, write: Write) -> str:
    """Store a package atomically; returns its SHA-256 in hexadecimal."""
    objects = open_objects(settings)
    with objects.temporary(PACKAGES) as temporary:
        _fill(temporary, write)
        with temporary.open("rb") as stream:
            digest = file_digest(stream, "sha256").hexdigest()
        objects.move_in(temporary, _name(digest))
    return digest


def get(settings: Settings, digest: str) -> "Path | RemoteObject":
    """Return a package as it is stored. Raises `NotFound` if it is not there."""
    objects = open_objects(settings)
    if not objects.has(_name(digest)):
        raise NotFound(refusal("The package {digest} is missing. Restore it from a backup.", digest=digest[:12]))
    return objects.item(_name(digest))


def has(settings: Settings, digest: str) -> bool:
    return open_objects(settings).has(_name(digest))


def remove(settings: Settings, digest: str) -> bool:
    """Delete a package; returns whether it was there."""
    return open_objects(settings).remove(_name(digest))


def write_whole(file: Path, write: Write) -> None:
    """Write a file atomically. Raises `OSError`; then no partial file remains."""
    with temporary_file(file.parent) as temporary:
        _fill(temporary, write)
        temporary.chmod(0o644)
        temporary.replace(file)


def ensure_writable(folder: Path) -> None:
    """Create a folder if needed. Raises `OSError` if it is not writable."""
    folder.mkdir(parents=True, exist_ok=True)
    tempfile.TemporaryFile(dir=folder).close()


def _fill(file: Path, write: Write) -> None:
    with file.open("wb") as stream:
        write(stream)
        stream.flush()
        os.fsync(stream.fileno())


def _name(digest: str) -> str:
    return f"{PACKAGES}/{digest}.zip"
