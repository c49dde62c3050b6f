"""What a reader has read: it sees one moment of the tables, so that what it asks again has the same answer."""

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from sqlalchemy import Connection

Answer = TypeVar("Answer")
_READ = "uptake_read"


def begin_reading(db: Connection) -> Connection:
    """From now on, what is `read_once` through this connection is kept as long as the connection."""
    return db.execution_options(**{_READ: {}})


def is_read(db: Connection, question: Hashable) -> bool:
    """Whether the answer to a question is at hand."""
    return question in db.get_execution_options().get(_READ, ())


def read_once(db: Connection, question: Hashable, read: Callable[[], Answer]) -> Answer:
    """The answer to a question, for what is small and asked in several places. Writers always read."""
    known: dict[Hashable, object] | None = db.get_execution_options().get(_READ)
    if known is None:
        return read()
    if question not in known:
        known[question] = read()
    return cast("Answer", known[question])
