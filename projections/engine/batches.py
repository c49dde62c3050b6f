"""What a projection is, and how its rows are written fast in either database."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, MetaData

from domain.base import Event

OPEN = 2**62
"""The end of a time that has no end yet, in microseconds since 1970: a real number, so that an index can hold it."""


class RecordedEvent(NamedTuple):
    """One event as projections see it: its place in the log counted from 1, its stamp, itself, its bytes."""

    position: int
    stamp: int
    event: Event
    state: bytes


class Batch(NamedTuple):
    """Whole transactions of the log, in order, with the texts that lie beside it.

    `memory` lives as long as one run: what a projection puts there it may find again in the next batch.
    """

    events: Sequence[RecordedEvent]
    texts: Mapping[str, bytes]
    memory: dict[str, Any]


class Projection(Protocol):
    """A name that keys its position, a version that changes when its tables would, and the tables themselves."""

    name: str
    version: int
    metadata: MetaData

    def project(self, batch: Batch, db: Connection) -> None:
        """Apply a batch inside the transaction that moves the position."""

    def prepare(self, db: Connection) -> None:
        """Make what plain tables cannot say, such as a full-text index."""


def dispatch(
    handlers: Mapping[type[Event], Callable[..., None]], events: Iterable[RecordedEvent], *context: Any
) -> None:
    """Give each event to the function that reads its type; others pass."""
    for recorded in events:
        if handle := handlers.get(type(recorded.event)):
            handle(recorded, *context)


END_OF_TIME = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
"""An instant after which nothing will be recorded: asks for what is known last."""
