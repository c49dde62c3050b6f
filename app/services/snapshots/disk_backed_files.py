"""Keeps the files of a package on disk while it is built, so that they use no memory."""

import os
import tempfile
import weakref
from collections.abc import Iterator, MutableMapping


class DiskBackedFiles(MutableMapping[str, bytes]):
    """Contents by path, sorted by path. Raises `OSError` if the disk is full."""

    def __init__(self) -> None:
        # Without a buffer: after a failed write, closing the file would fail too.
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 closed with the spool
        self._positions: dict[str, tuple[int, int]] = {}
        weakref.finalize(self, self._file.close)

    def __setitem__(self, path: str, content: bytes) -> None:
        offset = self._file.seek(0, os.SEEK_END)
        rest = memoryview(content)
        while rest:
            rest = rest[self._file.write(rest) :]
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
