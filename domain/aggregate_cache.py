"""Aggregates that stay in memory between commands: only events that the log got since then are read."""

from collections import OrderedDict
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import RLock
from typing import Any
from uuid import UUID

from domain.base import Aggregate, AnAggregate, Event
from domain.deadline.aggregate import Deadline
from domain.development.aggregate import Development
from domain.event_codec import UnknownEvent
from domain.event_log import EventLog, LogRow
from domain.events import CODEC, read_event
from domain.evidence.aggregate import Evidence
from domain.ids import register_id
from domain.log.aggregate import Log
from domain.log.events import LossAccepted, StampsCorrected
from domain.recommendation.aggregate import Recommendation
from domain.register.aggregate import Register
from domain.register.events import RegisterDiscarded, RegisterEstablished
from domain.response.aggregate import Response
from domain.review.aggregate import Review

AGGREGATES: dict[str, type[Aggregate]] = {
    "register": Register,
    "review": Review,
    "recommendation": Recommendation,
    "evidence": Evidence,
    "development": Development,
    "deadline": Deadline,
    "response": Response,
    "log": Log,
}
"""The class of an aggregate, by the first part of the topics of its events."""
NEVER_AGAIN = datetime.max.replace(tzinfo=UTC)
MAX_EVENTS = 30_000
"""How many events the aggregates in memory may have together; those that were not used for longest go first."""
MAX_NEW_ROWS = 1_000
"""After more new rows it is quicker to load again what is needed."""

_EMPTY: LogRow = (0, 0, b"")
_CHANGES_OTHERS = (RegisterEstablished, RegisterDiscarded, StampsCorrected, LossAccepted, UnknownEvent)
"""Events that change what the events of other aggregates mean, or may do so."""


class AggregateCache:
    """The store as commands see it: aggregates as of the last `catch_up`, or newer; unique names as they are now.

    The log itself refuses a command that was decided on an older version, so an aggregate from here needs no lock.
    """

    def __init__(self, log: EventLog, max_events: int = MAX_EVENTS) -> None:
        self._log = log
        self._max_events = max_events
        self._lock = RLock()
        self._aggregates = OrderedDict[UUID, Aggregate]()
        self._event_count = 0
        self._newest = _EMPTY
        self._begun: dict[str, datetime | None] = {}

    def catch_up(self) -> None:
        """Apply the events that the log got since the last time, also those of other processes, to what is here."""
        with self._lock:
            row = self._newest[0]
            rows = self._log.stored_rows_after(row - 1, MAX_NEW_ROWS) if row else []
            if not rows or rows[0] != self._newest or len(rows) == MAX_NEW_ROWS:
                self._start_over()
                return
            for _row, _stamp, state in rows[1:]:
                self._apply(CODEC.read_or_unknown(state))
            self._newest = rows[-1]

    def _start_over(self) -> None:
        """Forget everything: nothing is known yet, the log was replaced by another, or very much was added to it."""
        self._clear()
        last, _stamp = self._log.last()
        rows = self._log.stored_rows_after(last - 1, 1) if last else []
        self._newest = rows[0] if rows else _EMPTY
        self._log.read_corrections()

    def _clear(self) -> None:
        self._aggregates.clear()
        self._begun.clear()
        self._event_count = 0

    def _apply(self, event: Event) -> None:
        if isinstance(event, _CHANGES_OTHERS):
            self._clear()
            self._log.read_corrections()
            return
        aggregate = self._aggregates.get(event.originator_id)
        if aggregate and aggregate.version < event.originator_version:
            self._log.corrections.counted_event(event).mutate(aggregate)
            aggregate.loaded_version = aggregate.version
            self._event_count += 1

    def stream(self, kind: type[AnAggregate], aggregate_id: UUID) -> AnAggregate:
        """A copy of the aggregate, also where it does not exist."""
        with self._lock:
            aggregate = self._aggregates.get(aggregate_id)
            if not isinstance(aggregate, kind):
                aggregate = self._load(kind, aggregate_id)
                self._keep(aggregate)
            else:
                self._aggregates.move_to_end(aggregate_id)
            return aggregate.copy()

    def _load(self, kind: type[AnAggregate], aggregate_id: UUID) -> AnAggregate:
        """Replays the events itself: the library's repository checks a protocol for each, which takes longer."""
        events: list[Any] = self._events_of(aggregate_id)
        is_part = bool(events) and kind not in (Register, Log)
        return kind.replay(aggregate_id, events, self._begun_at(events[0].register) if is_part else None)

    def _keep(self, aggregate: Aggregate) -> None:
        if not aggregate.version:
            return
        self._aggregates[aggregate.id] = aggregate
        self._event_count += aggregate.version
        while self._event_count > self._max_events and len(self._aggregates) > 1:
            _id, oldest = self._aggregates.popitem(last=False)
            self._event_count -= oldest.version

    def _events_of(self, aggregate_id: UUID) -> list[Event]:
        counted = self._log.corrections.counted_event
        return [counted(read_event(stored.state)) for stored in self._log.select_events(aggregate_id)]

    def _begun_at(self, register: str) -> datetime | None:
        """When a register began that has the id of a discarded one; None if none was discarded."""
        if register not in self._begun:
            begun_at = None
            for event in self._events_of(register_id(register)):
                if isinstance(event, RegisterDiscarded):
                    begun_at = NEVER_AGAIN
                elif isinstance(event, RegisterEstablished) and begun_at:
                    begun_at = event.happened_at(None)
            self._begun[register] = begun_at
        return self._begun[register]

    def find(self, kind: type[AnAggregate], aggregate_id: UUID) -> AnAggregate | None:
        """A copy of the aggregate, or None."""
        aggregate = self.stream(kind, aggregate_id)
        return aggregate if aggregate.exists else None

    def claim(self, name: str) -> str | None:
        """What a unique name belongs to, or None if no one has claimed it."""
        return self._log.claim(name)

    def mentioning(self, register: str, ident: str) -> Iterator[Aggregate]:
        """The aggregates of a register (of any, if it is empty) whose events ever mentioned an id, as they are now.

        Scans the log.
        """
        for aggregate_id, topic in self._log.streams_mentioning(register, ident):
            if aggregate := self.find(AGGREGATES[topic.partition(".")[0]], aggregate_id):
                yield aggregate

    def record_keys(self, register: str, evidence: UUID | None = None) -> tuple[str, ...]:
        """The keys of all texts that one source, or every source of a register, ever had. The latter scans the log."""
        return self._log.record_keys(register, evidence)
