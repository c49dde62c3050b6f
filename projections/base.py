"""What a projection is, and how its rows are written fast in either database."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, MetaData, Table

from domain.base import Event

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
OPEN = 2**62
"""The end of a time that has no end yet, in microseconds since 1970: a real number, so that an index can hold it."""


def instant_number(at: datetime) -> int:
    """Microseconds since 1970."""
    return (at - EPOCH) // _MICROSECOND


def number_instant(count: int) -> datetime:
    return EPOCH + count * _MICROSECOND


class Recorded(NamedTuple):
    """One event as projections see it: its place in the log counted from 1, its stamp, itself, its bytes."""

    position: int
    stamp: int
    event: Event
    state: bytes


class Batch(NamedTuple):
    """Whole transactions of the log, in order, with the texts that lie beside it.

    `memory` lives as long as one run: what a projection puts there it may find again in the next batch.
    """

    events: Sequence[Recorded]
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


def write_rows(db: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows at the speed of the driver: COPY on PostgreSQL, executemany on SQLite."""
    if not rows:
        return
    names = ", ".join(columns)
    if db.dialect.name == "postgresql":
        driver: Any = db.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(columns))
        db.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", list(rows))


def write_many(db: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Run one statement, with `?` for its values, for many rows, in pieces that no driver chokes on."""
    if db.dialect.name == "postgresql":
        statement = statement.replace("?", "%s")
    for start in range(0, len(rows), 1000):
        db.exec_driver_sql(statement, list(rows[start : start + 1000]))


def by_type(handlers: Mapping[type[Event], Callable[..., None]], events: Iterable[Recorded], *context: Any) -> None:
    """Give each event to the function that reads its type; others pass."""
    for recorded in events:
        if handle := handlers.get(type(recorded.event)):
            handle(recorded, *context)


END_OF_TIME = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
"""An instant after which nothing will be recorded: asks for what is known last."""
