"""Stores packages by the digest of their bytes, so that no package can replace another."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from typing import IO

from app.adapters.settings import Settings
from domain.errors import NotFound, refusal
from projections.engine.private_files import make_private_folder

ABANDONED_AFTER_SECONDS = 3600
"""After this time a temporary file has no writer any more."""
Write = Callable[[IO[bytes]], None]


def put(settings: Settings, write: Write) -> str:
    """Store a package atomically; returns its SHA-256 in hexadecimal."""
    folder = settings.data_dir / "snapshots"
    make_private_folder(folder)
    with _temporary_file(folder) as temporary:
        _fill(temporary, write)
        with temporary.open("rb") as stream:
            digest = file_digest(stream, "sha256").hexdigest()
        temporary.replace(folder / f"{digest}.zip")
    return digest


def get(settings: Settings, digest: str) -> Path:
    """Return the file of a package. Raises `NotFound` if this machine does not store it."""
    file = _file(settings, digest)
    if not file.is_file():
        raise NotFound(refusal("The package {digest} is missing. Restore it from a backup.", digest=digest[:12]))
    return file


def has(settings: Settings, digest: str) -> bool:
    return _file(settings, digest).is_file()


def remove(settings: Settings, digest: str) -> bool:
    """Delete a package; returns whether it was there."""
    was_there = has(settings, digest)
    _file(settings, digest).unlink(missing_ok=True)
    return was_there


def write_whole(file: Path, write: Write) -> None:
    """Write a file atomically. Raises `OSError`; then no partial file remains."""
    with _temporary_file(file.parent) as temporary:
        _fill(temporary, write)
        temporary.chmod(0o644)
        temporary.replace(file)


def ensure_writable(folder: Path) -> None:
    """Create a folder if needed. Raises `OSError` if it is not writable."""
    folder.mkdir(parents=True, exist_ok=True)
    tempfile.TemporaryFile(dir=folder).close()


@contextmanager
def _temporary_file(folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for leftover in folder.glob(".new-*"):  # from a process that was killed
        if time.time() - leftover.stat().st_mtime > ABANDONED_AFTER_SECONDS:
            leftover.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".new-")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _fill(file: Path, write: Write) -> None:
    with file.open("wb") as stream:
        write(stream)
        stream.flush()
        os.fsync(stream.fileno())


def _file(settings: Settings, digest: str) -> Path:
    return settings.data_dir / "snapshots" / f"{digest}.zip"
