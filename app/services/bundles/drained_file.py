"""A file that is read while it is written: what was read is dropped from it."""

import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import Self

MAX_BYTES_IN_MEMORY = 2**20
PIECE_BYTES = 2**16


class DrainedFile:
    """For writers that go back within what was not read yet. More than a megabyte of it waits on disk."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(MAX_BYTES_IN_MEMORY)  # noqa: SIM115 - closed on exit
        self._start = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _type: type[BaseException] | None, _e: BaseException | None, _at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    def write(self, content: bytes) -> int:
        return self._file.write(content)

    def tell(self) -> int:
        return self._start + self._file.tell()

    def seek(self, position: int) -> int:
        """Go back, or to the end. Raises `ValueError` for what was read already."""
        return self._start + self._file.seek(position - self._start)

    def flush(self) -> None:
        self._file.flush()

    def drain(self) -> Iterator[bytes]:
        """Yield what was written and not read yet, and drop it."""
        self._start += self._file.tell()
        self._file.seek(0)
        while piece := self._file.read(PIECE_BYTES):
            yield piece
        self._file.seek(0)
        self._file.truncate()
