"""The port through which the domain stores events. SQLite, PostgreSQL and memory implement it; one suite tests all."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cached_property
from itertools import takewhile
from typing import Any
from uuid import UUID

from eventsourcing.persistence import AggregateRecorder, IntegrityError, StoredEvent

from domain.base import Event, recorded_at
from domain.errors import ClockDisagrees, refusal
from domain.events import CODEC, read_event
from domain.evidence.events import EvidenceEvent
from domain.ids import log_id
from domain.log.events import LossAccepted, StampsCorrected
from domain.times import compact, from_microseconds, to_microseconds, written

READ_BATCH = 5_000
MAX_SKEW_SECONDS = 5
"""How far the newest stamp may be ahead of the clock, and the clocks of the machine and the database apart."""
MAX_STEP_SECONDS = 3600
"""How far a clock may have been set, forwards or back, while the machine ran."""

_OF_THE_LOG = b'"topic":"log.'
"""In the bytes of a correction of stamps or an accepted loss. In a text of any event, a quote has a \\ before it."""

LogRow = tuple[int, int, bytes]
"""Row id (growing, with gaps), microseconds since 1970 at which it was recorded, stored bytes."""

WholeRow = tuple[int, str, int, str, int, bytes]
"""Row id, aggregate id, aggregate version, topic, microseconds since 1970 at which it was recorded, stored bytes."""


class StampCorrections:
    """What wrong stamps count as, in microseconds since 1970."""

    def __init__(self) -> None:
        self.version = 0
        self.counted_as: dict[int, int] = {}
        self.wrong: dict[int, tuple[int, int]] = {}
        """The first and the last of the wrong stamps that count as an instant, by that instant."""

    def add(self, event: StampsCorrected) -> None:
        """Take a correction, which may correct an earlier one: that was made by a clock that was wrong too."""
        instant = to_microseconds(event.counted_as)
        stamps = set(map(to_microseconds, event.stamps))
        stamps |= {stamp for stamp, counted in self.counted_as.items() if counted in stamps}
        self.counted_as |= dict.fromkeys(stamps, instant)
        self.wrong[instant] = min(stamps), max(stamps)

    def counted(self, stamp: int) -> int:
        return self.counted_as.get(stamp, stamp)

    def counted_event(self, event: Event) -> Event:
        """The event with the instant that counts."""
        if not self.counted_as or event.recorded_at is None:
            return event
        return recorded_at(event, self.counted(to_microseconds(event.recorded_at)))


class EventLog(AggregateRecorder, ABC):
    """Append-only. All events of a transaction get one stamp: the clock's, but at least 1 µs after the last stamp.

    Nothing is appended while the clock cannot be right. Stamps that a wrong clock gave are corrected by a later event
    (`StampsCorrected`): stored bytes and stamps stay as they are, and readers get the instants that count.
    """

    clock: Callable[[], datetime]
    """The clock of this machine."""
    drift_seconds: Callable[[], float] = staticmethod(lambda: 0.0)
    """How far the clock of this machine was set since it was last known to be right; 0 if that is not known."""
    lease_number: int | None = None
    """The number of the lease under which this process appends, where several machines share the log."""
    check_length: Callable[[int], None] = staticmethod(lambda _count: None)
    """Raises `LogIsOlder` if more than a number of entries was signed. Called before the first append of a process."""
    _corrected_row = -1
    """The row up to which the corrections of stamps are known."""
    _complete_row = -1
    """The newest row when this process last knew that the log has all that was signed."""

    @cached_property
    def corrections(self) -> StampCorrections:
        """The corrections of stamps that this process has read."""
        return StampCorrections()

    @cached_property
    def losses(self) -> list[LossAccepted]:
        """The accepted losses of the end of the log that this process has read, oldest first."""
        return []

    def read_corrections(self) -> None:
        """Learn what other processes corrected and accepted."""
        for stored in self.select_events(log_id(), gt=self.corrections.version):
            event = CODEC.read_or_unknown(stored.state)
            if isinstance(event, StampsCorrected):
                self.corrections.add(event)
            elif isinstance(event, LossAccepted):
                self.losses.append(event)
            self.corrections.version = event.originator_version

    def ensure_complete(self, newest_row: int, count: Callable[[], int]) -> None:
        """Before an append: raise `LogIsOlder` if the log was replaced by an older copy of itself.

        The rows are counted once, and again if the newest row is one that this process has already seen others after.
        """
        if not 0 <= self._complete_row <= newest_row:
            self.check_length(count())
        self._complete_row = newest_row

    def skew_seconds(self) -> float:
        """How far the clock of this machine is ahead of what the log goes by; negative if it is behind."""
        row, stamp = self.last()
        ahead = (to_microseconds(self.clock()) - stamp) / 1_000_000
        return ahead if row and ahead < 0 else self.drift_seconds()

    def clock_problem(self) -> str:
        """Why the log takes no events because of the clock; empty if it takes them."""
        try:
            self.next_stamp(self.last()[1] or None, self.stamping_now())
        except ClockDisagrees as e:
            return str(e)
        return ""

    def stamping_now(self) -> int:
        """The instant by the clock that stamps, in microseconds since 1970."""
        return to_microseconds(self.clock())

    def agreed_now(self, database_now: int) -> int:
        """The instant by the clock of the database. Raises `ClockDisagrees` if this machine's is another."""
        now = to_microseconds(self.clock())
        if abs(now - database_now) > MAX_SKEW_SECONDS * 1_000_000:
            raise ClockDisagrees(
                refusal(
                    "Nothing was saved, because it is {now} by the clock of the server, {then} by the database’s.",
                    cure="Ask the operator to check the clock with “uptake doctor”.",
                    now=compact(from_microseconds(now)),
                    then=compact(from_microseconds(database_now)),
                )
            )
        return database_now

    @staticmethod
    def last_counted(last: int | None, corrects: tuple[int, int] | None) -> int | None:
        """The stamp before a transaction, which may correct it: from the first to the second of `corrects`.

        Raises `IntegrityError` if the newest stamp is not the one that it corrects.
        """
        if corrects is None:
            return last
        if last != corrects[0]:
            raise IntegrityError("the newest event is not the one whose stamp is corrected")
        return corrects[1]

    def next_stamp(self, last: int | None, now: int) -> int:
        """The stamp of a transaction that begins `now`, in microseconds since 1970; `last` is the stamp before it.

        Raises `ClockDisagrees`.
        """
        if abs(self.drift_seconds()) > MAX_STEP_SECONDS:
            raise ClockDisagrees(
                refusal(
                    "Nothing was saved, because the clock of the server was set to {now}.",
                    cure="Ask the operator to check the clock with “uptake doctor”.",
                    now=compact(from_microseconds(now)),
                )
            )
        if last is not None and last - now > MAX_SKEW_SECONDS * 1_000_000:
            raise ClockDisagrees(
                refusal(
                    "Nothing was saved, because by the clock it is {now} and the newest entry is from {last}.",
                    cure="Ask the operator to check the clock with “uptake doctor”.",
                    now=compact(from_microseconds(now)),
                    last=compact(from_microseconds(last)),
                )
            )
        stamp = now if last is None else max(now, last + 1)
        while stamp in self.corrections.counted_as:
            stamp += 1
        return stamp

    @staticmethod
    def stamp_text(stamp: int) -> str:
        """A stamp as the stored bytes hold it."""
        return written(from_microseconds(stamp))

    def rows_after(self, position: int, limit: int) -> Sequence[LogRow]:
        """Rows with a greater id, in order: at most `limit`, then the rest of the last transaction.

        Their stamps are the instants that count. Events whose stamps were corrected together are one transaction.
        """
        rows = list(self.stored_rows_after(position, limit))
        if not rows:
            return rows
        self.read_corrections()
        counted = self.corrections.counted
        if len(rows) == limit:
            row, stamp, _state = rows[-1]
            instant = counted(stamp)
            first, newest = (stamp, stamp) if instant == stamp else self.corrections.wrong[instant]
            rest = self.stored_rows_between(row, first, newest)
            rows += takewhile(lambda r: counted(r[1]) == instant, rest)
        if not self.corrections.counted_as:
            return rows
        return [(row, counted(stamp), state) for row, stamp, state in rows]

    def part_after(self, position: int, limit: int) -> Sequence[LogRow]:
        """At most `limit` rows with a greater id, in order, of which the last may be in the middle of a transaction."""
        rows = self.stored_rows_after(position, limit)
        if not rows:
            return rows
        is_end, is_next = len(rows) < limit, position <= self._corrected_row
        if not (is_end and is_next) or any(_OF_THE_LOG in state for _row, _stamp, state in rows):
            self.read_corrections()
        self._corrected_row = rows[-1][0]
        if not self.corrections.counted_as:
            return rows
        return [(row, self.corrections.counted(stamp), state) for row, stamp, state in rows]

    def stamps_after(self, at: datetime) -> tuple[list[datetime], datetime]:
        """The stamps that count and are later than an instant, and the newest that is not. Reads the whole log."""
        instant, row, newest, later = to_microseconds(at), 0, 0, dict[int, None]()
        while rows := self.rows_after(row, READ_BATCH):
            row = rows[-1][0]
            newest = max([newest, *(stamp for _, stamp, _ in rows if stamp <= instant)])
            later |= dict.fromkeys(stamp for _, stamp, _ in rows if stamp > instant)
        return [from_microseconds(stamp) for stamp in sorted(later)], from_microseconds(newest)

    @abstractmethod
    def insert_events(self, stored_events: Iterable[StoredEvent], **beside: Any) -> Sequence[int]:
        """Append events, and what is stored beside them, in one transaction; the events are asked for once.

        Returns their ids. Raises `IntegrityError` if something is there already.
        """

    @abstractmethod
    def stored_rows_after(self, position: int, limit: int) -> Sequence[LogRow]:
        """At most `limit` rows with a greater id, in order, with their stored stamps."""

    @abstractmethod
    def stored_rows_between(self, position: int, first: int, last: int) -> Sequence[LogRow]:
        """Rows with a greater id and a stored stamp from `first` to `last`, in order."""

    @abstractmethod
    def whole_rows_after(self, position: int, limit: int) -> Sequence[WholeRow]:
        """Rows with a greater id, in order, with all their columns; at most `limit`. For checking the log."""

    @abstractmethod
    def insert_whole_rows(self, rows: Sequence[WholeRow]) -> None:
        """Append rows of another log as they are, with their ids and stamps, in one transaction. For moving a log.

        Raises `IntegrityError` for an id or a version that is there already.
        """

    @abstractmethod
    def streams_mentioning(self, register: str, ident: str) -> Sequence[tuple[UUID, str]]:
        """The aggregates of a register (of any, if it is empty) whose stored bytes ever held an id as a JSON text.

        Each comes with one of its topics. Scans the log: for the rare decisions that depend on who refers to something.
        """

    @abstractmethod
    def last(self) -> tuple[int, int]:
        """Id and stamp of the newest row, (0, 0) when the log is empty."""

    @abstractmethod
    def count(self) -> int:
        """The number of events."""

    @abstractmethod
    def versions(self, aggregate_ids: Iterable[UUID]) -> dict[UUID, int]:
        """The version of each of some aggregates; those without events are left out."""

    @abstractmethod
    def claims(self, names: Iterable[str]) -> dict[str, str]:
        """What each of some unique names belongs to; unclaimed names are left out."""

    def claim(self, name: str) -> str | None:
        """What a unique name belongs to, or None if no one has claimed it."""
        return self.claims([name]).get(name)

    def record_keys(self, register: str, evidence: UUID | None = None) -> tuple[str, ...]:
        """The keys of all texts that one source, or every source of a register, ever had. The latter scans the log."""
        topic = "evidence."
        found = [(evidence, topic)] if evidence else self.streams_mentioning(register, register)
        streams = [self.select_events(stream) for stream, of in found if of.startswith(topic)]
        events = (read_event(stored.state) for stream in streams for stored in stream)
        return tuple(dict.fromkeys(e.record for e in events if isinstance(e, EvidenceEvent)))

    @abstractmethod
    def erased_keys(self) -> list[str]:
        """The keys of all texts that were erased, sorted."""

    @abstractmethod
    def erase(self, keys: Iterable[str]) -> int:
        """Erase texts by key, also without an event: those that a restored backup brought back. Returns how many."""

    @abstractmethod
    def overwrite_erased(self) -> None:
        """Overwrite what is left of erased texts in the files of the store, unless the database does that itself.

        Raises `OSError` if other processes do not let it.
        """

    @abstractmethod
    def records(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Texts that are stored next to the log, by key; removed texts are left out."""
