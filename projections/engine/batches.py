"""What a projection is, what it receives, and how it finds the function for an event."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Generic, NamedTuple, Protocol, Self, TypeVar

from sqlalchemy import Connection, MetaData

from domain.base import Event
from domain.times import to_microseconds

OPEN_END = 2**62
"""The end, in microseconds, of an interval that has no end yet: a number, so that an index can use it."""
END_OF_TIME = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
"""An instant after every recorded one: as known at it is as known last."""

EventT = TypeVar("EventT", bound=Event)
EventT_co = TypeVar("EventT_co", bound=Event, covariant=True)
ContextT = TypeVar("ContextT")
ResultT = TypeVar("ResultT")


class RecordedEvent(NamedTuple, Generic[EventT_co]):
    """An event with its position in the log, counted from 1, the instant of recording (µs) and the stored bytes."""

    position: int
    recorded_at: int
    event: EventT_co
    state: bytes

    def known_from(self, own: datetime | None) -> int:
        """The instant (µs) that counts: an imported event's own, else that of recording."""
        return to_microseconds(own) if own else self.recorded_at


class Batch(NamedTuple):
    """Transactions of the log, in order, with the texts of evidence by record key; a long one comes in several batches.

    `memory` is shared by all batches of one run: a projection finds there what it stored in an earlier batch.
    """

    events: Sequence[RecordedEvent[Event]]
    texts: Mapping[str, bytes]
    memory: dict[str, Any]


class Projection(Protocol):
    """Its tables, its name, and its version, which changes whenever the tables or what they contain would."""

    name: str
    version: int
    metadata: MetaData

    def project(self, batch: Batch, db: Connection) -> None:
        """Apply a batch inside the transaction that moves the position."""

    def prepare(self, db: Connection) -> None:
        """Create what plain tables cannot describe, such as a full-text index."""


class EventHandlers(Generic[ContextT, ResultT]):
    """A function for each type of event that a projection reads; it ignores the others."""

    def __init__(self) -> None:
        self._handlers: dict[type[Event], Callable[[RecordedEvent[Any], ContextT], ResultT]] = {}

    def on(self, event_type: type[EventT], handler: Callable[[RecordedEvent[EventT], ContextT], ResultT]) -> Self:
        """Register the function that reads a type of event."""
        self._handlers[event_type] = handler
        return self

    def __contains__(self, event_type: type[Event]) -> bool:
        return event_type in self._handlers

    def handle(self, recorded: RecordedEvent[Event], context: ContextT) -> ResultT | None:
        """What the function for this event returns; None without one."""
        handler = self._handlers.get(type(recorded.event))
        return handler(recorded, context) if handler else None

    def dispatch(self, events: Iterable[RecordedEvent[Event]], context: ContextT) -> None:
        """Hand each event to its function."""
        find = self._handlers.get
        for recorded in events:
            if handler := find(type(recorded.event)):
                handler(recorded, context)
