"""The store of objects: copies of sources, packages, and what must outlast the database.

An object is a file in a folder, or one in storage that speaks S3. Its name says what is in it, mostly by a digest, so
an object is never changed: to put one that is there does nothing.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.adapters.objects.folder import FolderObjects
from app.adapters.settings import Settings

if TYPE_CHECKING:
    from app.adapters.objects.s3 import RemoteObject

COPIES, PACKAGES = "locker", "snapshots"
"""The folders of copies of sources, and of packages."""


class ObjectStore(Protocol):
    """Names are relative, such as `snapshots/….zip`. Methods raise `OSError` if the disk or the storage fails."""

    def temporary(self, folder: str) -> AbstractContextManager[Path]:
        """A private file to write what `move_in` then puts into a folder. It is removed after the block."""

    def move_in(self, file: Path, name: str) -> None:
        """Put a temporary file, durably."""

    def put(self, name: str, content: bytes) -> None: ...

    def item(self, name: str) -> "Path | RemoteObject":
        """The object of a name, whether or not it is there.

        Either has a `name`, `open("rb")`, which can seek, and `read_bytes()`; these raise `FileNotFoundError`.
        """

    def has(self, name: str) -> bool: ...

    def remove(self, name: str) -> bool:
        """Delete an object; returns whether it was there."""

    def names(self, folder: str, after: str = "") -> Iterator[str]:
        """The names in a folder, sorted; with `after` only those that come after it."""

    def check(self) -> None:
        """Write, read and delete an object. Raises `Refused` with what is wrong."""


def is_remote(settings: Settings) -> bool:
    return settings.objects.startswith("s3://")


def objects_folder(settings: Settings) -> Path:
    """The folder of the objects that are not remote."""
    return Path(settings.objects) if settings.objects else settings.data_dir


def open_objects(settings: Settings) -> ObjectStore:
    if is_remote(settings):
        return _remote(settings.objects)
    return FolderObjects(objects_folder(settings), is_named=bool(settings.objects))


@lru_cache(maxsize=16)
def _remote(address: str) -> ObjectStore:
    from app.adapters.objects.s3 import RemoteObjects  # its library is there only where it is used

    return RemoteObjects(address)
