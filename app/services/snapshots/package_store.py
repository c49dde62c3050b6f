"""Where packages are kept: by the digest of their bytes, so that none can take another's place."""

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

ABANDONED_AFTER_SECONDS = 3600
"""Seconds after which nobody is still writing a file."""
Write = Callable[[IO[bytes]], None]


def put(settings: Settings, write: Write) -> str:
    """Keep a package, whole or not at all; returns its SHA-256 in hexadecimal."""
    folder = settings.data_dir / "snapshots"
    with _temporary_file(folder) as temporary:
        _fill(temporary, write)
        with temporary.open("rb") as stream:
            digest = file_digest(stream, "sha256").hexdigest()
        temporary.replace(folder / f"{digest}.zip")
    return digest


def get(settings: Settings, digest: str) -> Path:
    """The file of a package. Raises `NotFound` where it is not kept on this machine."""
    file = _file(settings, digest)
    if not file.is_file():
        raise NotFound(refusal("The package {digest} is missing. Restore it from a backup.", digest=digest[:12]))
    return file


def write_whole(file: Path, write: Write) -> None:
    """Write a file so that nobody ever sees a part of it. Raises `OSError`; then nothing is left behind."""
    with _temporary_file(file.parent) as temporary:
        _fill(temporary, write)
        temporary.replace(file)


def ensure_writable(folder: Path) -> None:
    """Make a folder where there is none. Raises `OSError` where nothing can be written in it."""
    folder.mkdir(parents=True, exist_ok=True)
    tempfile.TemporaryFile(dir=folder).close()


@contextmanager
def _temporary_file(folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for leftover in folder.glob(".new-*"):  # by one that was killed
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
    file.chmod(0o644)


def _file(settings: Settings, digest: str) -> Path:
    return settings.data_dir / "snapshots" / f"{digest}.zip"
