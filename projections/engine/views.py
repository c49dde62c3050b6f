"""The views: all projections of one log. They move forward together and apply each event exactly once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import takewhile
from typing import Any, Protocol

from msgspec import Struct, field
from msgspec.structs import replace
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError

from domain.base import Event, recorded_at
from domain.event_codec import EventCodec, UnknownEvent
from domain.events import CODEC
from domain.evidence.events import EvidenceEvent
from projections.engine.batches import Batch, Projection, RecordedEvent
from projections.engine.bulk_write import write_rows
from projections.engine.garbage_collection import paused_garbage_collection
from projections.engine.generations import ViewStore
from projections.engine.position import (
    VERSION,
    LogPosition,
    begin_position,
    metadata,
    move_position,
    next_turn,
    read_position,
    skipped_events,
)
from projections.engine.reading import begin_reading

BATCH_ROWS = 5000
PART_ROWS = 100_000
"""A longer transaction, such as a large import, is read and applied in parts, which are shown together."""
MAX_REMEMBERED_EVENTS = 1_000
"""After so many events a process forgets what it applied, so that its memory stays small."""
MAX_LOST_RACES = 1000
"""How often another process may be faster before an attempt to catch up ends."""


LogRow = tuple[int, int, bytes]
"""Id, the stamp that counts (µs), and the stored bytes."""


class SkippedEvent(Struct, frozen=True):
    """A row of `skipped_events`."""

    position: int
    topic: str
    originator: str
    holds: bool


class Run(Struct, frozen=True):
    """How far this process has moved the views, by which turn, and what the projections remember of it.

    Nothing of it counts once someone else has moved them.
    """

    position: LogPosition
    turn: int
    begun_at: int
    """The number of events that were applied when the memory was empty."""
    memory: dict[str, Any] = field(default_factory=dict)

    def kept(self) -> "Run":
        """The run for the next time, without a memory of too many events."""
        is_long = self.position.count - self.begun_at > MAX_REMEMBERED_EVENTS
        return Run(self.position, self.turn, self.position.count) if is_long else self


class LogReader(Protocol):
    """The part of a log that projections read."""

    def part_after(self, position: int, limit: int) -> Sequence[LogRow]:
        """At most `limit` rows with a greater id, in order; those of one transaction have one stamp. Fewer only at
        the end of the log."""
        ...

    def last(self) -> tuple[int, int]: ...
    def records(self, keys: Sequence[str]) -> dict[str, bytes]: ...


class Views:
    """Readers call `connect()`, writers of the log `catch_up()`; any number of processes may do both at once."""

    def __init__(
        self,
        store: ViewStore,
        log: LogReader,
        projections: Sequence[Projection],
        batch_rows: int = BATCH_ROWS,
        codec: EventCodec = CODEC,
    ) -> None:
        """Tables of one kind have the same projections over the same events.

        A version of Uptake that knows more events has tables of another kind, so what an older one skips is in its own.
        """
        self.store = store
        self.codec = codec
        self.log = log
        self.projections = projections
        self.batch_rows = batch_rows
        self._runs: dict[str, Run] = {}
        versions = ",".join([f"position={VERSION}", *(f"{p.name}={p.version}" for p in projections), *codec.forms])
        self.kind = f"views-{sha256(versions.encode()).hexdigest()[:12]}"

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection that sees one consistent moment of the views."""
        with self._engine(self.current(), writing=False).connect() as db:
            yield begin_reading(db)

    def current(self) -> str:
        """The name of the generation in use; builds the first one if there is none."""
        return self.store.current(self.kind) or self.rebuild()

    def catch_up(self) -> LogPosition:
        """Apply all new events; returns how far the views reach."""
        name = self.current()
        try:
            return self._catch_up(name)
        except DBAPIError:
            if self.store.current(self.kind) == name:
                raise
        return self.catch_up()  # with the one that another process put in its place, or a new one if it was deleted

    def position(self) -> LogPosition:
        if (position := self.store.position(self.kind)) is None:
            self.rebuild()
            position = self.store.position(self.kind)
        assert position is not None
        return position

    def rebuild(self) -> str:
        """Build a new generation from the first event, use it, and delete the one before; returns its name.

        If another process did so meanwhile and deleted what this one was building, that of the other is used.
        """
        before = self.store.current(self.kind)
        try:
            name = self.build()
        except DBAPIError:
            if self.store.current(self.kind) in (None, before):
                raise
            return self.current()
        before = self.store.current(self.kind)
        self.store.activate(self.kind, name)
        self.catch_up()  # with events that the old one applied while this one was built
        if before and before != name:
            self._dispose(before)
            self.store.drop(before)
        return self.current()

    def build(self) -> str:
        """Build a generation without using it; returns its name."""
        names = self.store.names()
        number = 1 + max((_number(n) for n in names if n.startswith(f"{self.kind}-")), default=0)
        name = f"{self.kind}-{number}"
        self.store.make(name)
        with self._engine(name, writing=True).begin() as db:
            metadata.create_all(db)
            for projection in self.projections:
                projection.metadata.create_all(db)
                projection.prepare(db)
            begin_position(db)
        with paused_garbage_collection():
            self._catch_up(name)
        return name

    def close(self) -> None:
        """Close all connections to the views."""
        self.store.close()

    def discard(self, name: str) -> None:
        """Delete a generation that is not in use."""
        self._dispose(name)
        self.store.drop(name)

    def prune(self) -> list[str]:
        """Delete the generations that this version of Uptake does not use; returns their names.

        Another version that still runs, or runs again, builds its own once more.
        """
        current = _number(self.current())
        names = self.store.names()
        unused = [n for n in names if not n.startswith(f"{self.kind}-") or _number(n) < current]
        for name in unused:
            self.discard(name)
        return unused

    def overwrite_deleted(self) -> None:
        """Overwrite what was deleted from the views, and drop those that an older version of Uptake left.

        Raises `OSError` if another process does not let it.
        """
        self.prune()
        for name in self.store.names():
            self.store.overwrite_deleted(name)

    def _catch_up(self, name: str) -> LogPosition:
        """Go on where this process was last, if no one else has moved the views since; else from where they are."""
        run = self._runs.pop(name, None)  # no other thread uses it meanwhile, and a failure leaves nothing of it
        is_kept, lost_races = run is not None, 0
        while True:
            if run is None:
                if lost_races == MAX_LOST_RACES:
                    raise TimeoutError(f"The views did not catch up: {lost_races} times another process was first.")
                lost_races += 1
                run, is_kept = self._begin_run(name), False
            rows = self.log.part_after(run.position.row, self.batch_rows)
            if rows:
                run, is_kept = self._apply(name, run, rows), False
            elif is_kept:
                run, is_kept = self._begin_run(name, run), False
                continue
            if run and len(rows) < self.batch_rows:
                self._runs[name] = run.kept()
                return run.position

    def _begin_run(self, name: str, before: Run | None = None) -> Run:
        """A run from where the views are; the one before, if no one has moved them since."""
        with self._engine(name, writing=False).connect() as db:
            position, turn = read_position(db)
        return before if before and before.turn == turn else Run(position, turn, position.count)

    def _apply(self, name: str, run: Run, rows: Sequence[LogRow]) -> Run | None:
        """Apply the rows and the rest of their last transaction, and move the position, in one transaction.

        None when another process was first.
        """
        after, turn, last_turn = run.position, next_turn(), run.turn
        with self._engine(name, writing=True).begin() as db:
            for part in self._whole_transactions(rows):
                events, skipped = self._read(db, after, part)
                now = LogPosition(part[-1][0], after.count + len(part), part[-1][1], after.skipped + len(skipped))
                if not move_position(db, now, turn, last_turn):
                    return None
                write_rows(db, skipped_events, skipped)
                keys = [r.event.record for r in events if isinstance(r.event, EvidenceEvent)]
                batch = Batch(events, self.log.records(keys) if keys else {}, run.memory)
                for projection in self.projections:
                    projection.project(batch, db)
                after, last_turn = now, turn
        return replace(run, position=after, turn=turn)

    def _whole_transactions(self, rows: Sequence[LogRow]) -> Iterator[Sequence[LogRow]]:
        """The rows with the rest of their last transaction, in parts of about `PART_ROWS`."""
        part, (row, stamp, _state), limit = list(rows), rows[-1], 1
        is_end = len(rows) < self.batch_rows
        while not is_end:
            rest = list(takewhile(lambda r: r[1] == stamp, self.log.part_after(row, limit)))
            part += rest
            is_end = len(rest) < limit
            if not is_end:
                row, limit = rest[-1][0], self.batch_rows
                if len(part) >= PART_ROWS:
                    yield part
                    part = []
        if part:
            yield part

    def _read(
        self, db: Connection, before: LogPosition, rows: Sequence[LogRow]
    ) -> tuple[list[RecordedEvent[Event]], list[SkippedEvent]]:
        """The events of some rows, and those of them that only a newer version of Uptake can read.

        If that is one of a known name in a new form, what follows in its aggregate is skipped too: it may need it.
        """
        read, held = self.codec.read_or_unknown, self._held(db) if before.skipped else set[str]()
        events: list[RecordedEvent[Event]] = []
        skipped: list[SkippedEvent] = []
        for count, (_, stamp, state) in enumerate(rows, before.count + 1):
            event = read(state)
            if held and event.originator_id.hex in held:
                event = self.codec.unknown(state)
            if isinstance(event, UnknownEvent):
                originator = event.originator_id.hex
                skipped.append(SkippedEvent(count, event.stored_topic, originator, event.has_known_name))
                held |= {originator} if event.has_known_name else set()
            events.append(RecordedEvent(count, stamp, recorded_at(event, stamp), state))
        return events, skipped

    @staticmethod
    def _held(db: Connection) -> set[str]:
        return set(db.scalars(select(skipped_events.c.originator).where(skipped_events.c.holds)))

    def _engine(self, name: str, *, writing: bool) -> Engine:
        return self.store.engine(name, writing=writing)

    def _dispose(self, name: str) -> None:
        self._runs.pop(name, None)
        for writing in (True, False):
            self._engine(name, writing=writing).dispose()


def _number(generation: str) -> int:
    return int(generation.rsplit("-", 1)[1])
