"""What both stores promise beyond the library's recorders; one suite of tests holds both to it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from domain.times import from_microseconds, to_microseconds, written

LogRow = tuple[int, int, bytes]
"""Row id (growing, with gaps), microseconds since 1970 at which it was recorded, stored bytes."""

WholeRow = tuple[int, str, int, str, int, bytes]
"""Row id, aggregate, version, topic, microseconds at which it was recorded, stored bytes."""


class Log(ABC):
    """Append-only. One transaction gets one stamp: the clock, but never earlier than the last stamp + 1 µs."""

    clock: Callable[[], datetime]

    def next_stamp(self, last: int | None) -> int:
        now = to_microseconds(self.clock())
        return now if last is None else max(now, last + 1)

    @staticmethod
    def stamp_text(stamp: int) -> str:
        return written(from_microseconds(stamp))

    @abstractmethod
    def rows_after(self, position: int, limit: int) -> Sequence[LogRow]:
        """Rows with a greater id, in order: at most `limit`, and then to the end of that transaction."""

    @abstractmethod
    def whole_rows_after(self, position: int, limit: int) -> Sequence[WholeRow]:
        """Rows with a greater id, in order, with all their columns: for checking, not for reading."""

    @abstractmethod
    def last(self) -> tuple[int, int]:
        """Id and stamp of the newest row, (0, 0) when the log is empty."""

    @abstractmethod
    def claims(self, names: Iterable[str]) -> dict[str, str]:
        """Those of some names that were claimed for good, and what each stands for."""

    def claim(self, name: str) -> str | None:
        return self.claims([name]).get(name)

    @abstractmethod
    def records(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Texts kept beside the log, by key; a removed one is left out."""

    def is_claimed(self, name: str) -> bool:
        return self.claim(name) is not None
