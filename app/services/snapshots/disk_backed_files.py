"""The files of a package that is being made, on disk: those that are finished take no memory any more."""

import os
import tempfile
import weakref
from collections.abc import Iterator, MutableMapping


class DiskBackedFiles(MutableMapping[str, bytes]):
    """Contents by path, in the order of the paths. Raises `OSError` where the disk is full."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 closed with the spool
        self._positions: dict[str, tuple[int, int]] = {}
        weakref.finalize(self, self._file.close)

    def __setitem__(self, path: str, content: bytes) -> None:
        offset = self._file.seek(0, os.SEEK_END)
        self._file.write(content)
        self._file.flush()
        self._positions[path] = offset, len(content)

    def __getitem__(self, path: str) -> bytes:
        offset, size = self._positions[path]
        self._file.seek(offset)
        return self._file.read(size)

    def __delitem__(self, path: str) -> None:
        del self._positions[path]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._positions))

    def __len__(self) -> int:
        return len(self._positions)
