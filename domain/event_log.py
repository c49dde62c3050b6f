"""The port through which the domain stores events. SQLite, PostgreSQL and memory implement it; one suite tests all."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from domain.times import from_microseconds, to_microseconds, written

LogRow = tuple[int, int, bytes]
"""Row id (growing, with gaps), microseconds since 1970 at which it was recorded, stored bytes."""

WholeRow = tuple[int, str, int, str, int, bytes]
"""Row id, aggregate id, aggregate version, topic, microseconds since 1970 at which it was recorded, stored bytes."""


class EventLog(ABC):
    """Append-only. All events of a transaction get one stamp: the clock's, but at least 1 µs after the last stamp."""

    clock: Callable[[], datetime]

    def next_stamp(self, last: int | None) -> int:
        """The stamp of a transaction, in microseconds since 1970; `last` is the stamp before it."""
        now = to_microseconds(self.clock())
        return now if last is None else max(now, last + 1)

    @staticmethod
    def stamp_text(stamp: int) -> str:
        """A stamp as the stored bytes hold it."""
        return written(from_microseconds(stamp))

    @abstractmethod
    def rows_after(self, position: int, limit: int) -> Sequence[LogRow]:
        """Rows with a greater id, in order: at most `limit`, then the rest of the last transaction."""

    @abstractmethod
    def whole_rows_after(self, position: int, limit: int) -> Sequence[WholeRow]:
        """Rows with a greater id, in order, with all their columns; at most `limit`. For checking the log."""

    @abstractmethod
    def streams_mentioning(self, register: str, ident: str) -> Sequence[tuple[UUID, str]]:
        """The aggregates of a register (of any, if it is empty) whose stored bytes ever held an id as a JSON text.

        Each comes with one of its topics. Scans the log: for the rare decisions that depend on who refers to something.
        """

    @abstractmethod
    def last(self) -> tuple[int, int]:
        """Id and stamp of the newest row, (0, 0) when the log is empty."""

    @abstractmethod
    def claims(self, names: Iterable[str]) -> dict[str, str]:
        """What each of some unique names belongs to; unclaimed names are left out."""

    def claim(self, name: str) -> str | None:
        """What a unique name belongs to, or None if no one has claimed it."""
        return self.claims([name]).get(name)

    @abstractmethod
    def records(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Texts that are stored next to the log, by key; removed texts are left out."""
