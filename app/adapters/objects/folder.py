"""Objects as files in a folder, readable by their owner only."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from domain.errors import Refused
from projections.engine.private_files import make_private_folder

ABANDONED_AFTER_SECONDS = 3600
"""After this time a temporary file has no writer any more."""
TEMPORARY_PREFIX = ".new-"


class FolderObjects:
    """Folders are created when the first object is put."""

    def __init__(self, folder: Path, *, is_named: bool = False) -> None:
        """`is_named`: a setting names the folder, so it must be there."""
        self.folder, self._is_named = folder, is_named

    @contextmanager
    def temporary(self, folder: str) -> Iterator[Path]:
        make_private_folder(self.folder / folder)
        with temporary_file(self.folder / folder) as file:
            yield file

    def move_in(self, file: Path, name: str) -> None:
        path = self.item(name)
        make_private_folder(path.parent)
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
        file.replace(path)

    def put(self, name: str, content: bytes) -> None:
        if self.has(name):
            return
        with self.temporary(name.partition("/")[0]) as file:
            file.write_bytes(content)
            self.move_in(file, name)

    def item(self, name: str) -> Path:
        return self.folder / name

    def has(self, name: str) -> bool:
        return self.item(name).is_file()

    def remove(self, name: str) -> bool:
        was_there = self.has(name)
        self.item(name).unlink(missing_ok=True)
        return was_there

    def names(self, folder: str, after: str = "") -> Iterator[str]:
        files = (p for p in (self.folder / folder).rglob("*") if p.is_file() and not p.name.startswith("."))
        yield from sorted(name for p in files if (name := p.relative_to(self.folder).as_posix()) > after)

    def check(self) -> None:
        if self._is_named and not self.folder.is_dir():
            raise Refused(
                f"There is no folder {self.folder}, which UPTAKE_OBJECTS names. Create it, or mount its disk."
            )
        try:
            make_private_folder(self.folder)
            with temporary_file(self.folder) as file:
                file.write_bytes(b"probe")
                file.read_bytes()
        except OSError as e:
            raise Refused(
                f"Uptake cannot write to the folder {self.folder}, where packages and copies are: {e.strerror or e}. "
                "Let its account write there."
            ) from None


@contextmanager
def temporary_file(folder: Path) -> Iterator[Path]:
    """A new file in a folder, removed after the block unless it was moved. Removes those of killed processes."""
    folder.mkdir(parents=True, exist_ok=True)
    for leftover in folder.glob(f"{TEMPORARY_PREFIX}*"):
        with suppress(FileNotFoundError):  # it was moved in meanwhile
            if time.time() - leftover.stat().st_mtime > ABANDONED_AFTER_SECONDS:
                leftover.unlink()
    handle, name = tempfile.mkstemp(dir=folder, prefix=TEMPORARY_PREFIX)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
