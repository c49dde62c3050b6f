"""How far the views reach, in the one row that every batch moves forward."""

import secrets
from datetime import datetime

from msgspec import Struct
from msgspec.structs import astuple
from sqlalchemy import BigInteger, Boolean, Column, Connection, Integer, MetaData, String, Table, func, insert, select

from domain.times import from_microseconds
from projections.engine.bulk_write import write_many
from projections.engine.reading import read_once

VERSION = 2
"""Changes whenever these tables would, as the version of a projection does."""

metadata = MetaData()
position_table = Table(
    "position",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("log_row", BigInteger, nullable=False),
    Column("applied", BigInteger, nullable=False),
    Column("stamp", BigInteger, nullable=False),
    Column("skipped", BigInteger, nullable=False),
    Column("turn", BigInteger, nullable=False),
)
"""`turn` is a random number that every batch replaces: who knows it was the last to move the views."""
skipped_events = Table(
    "skipped_events",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("topic", String, nullable=False),
    Column("originator", String, nullable=False),
    Column("holds", Boolean, nullable=False),
)
"""Events that only a newer version of Uptake can read. After one that `holds`, its aggregate is skipped."""


class LogPosition(Struct, frozen=True):
    """How far the views reach: id of the last log row, number of events applied, and their last stamp (µs).

    `skipped` of the events are in no table, because only a newer version of Uptake can read them.
    """

    row: int
    count: int
    stamp: int
    skipped: int = 0


_READ = select(*(position_table.c[name] for name in ("log_row", "applied", "stamp", "skipped", "turn")))
_MOVE = "UPDATE position SET log_row = ?, applied = ?, stamp = ?, skipped = ?, turn = ? WHERE turn = ?"


def position_of(db: Connection) -> LogPosition:
    """How far the views behind this connection reach."""
    return read_once(db, position_of, lambda: read_position(db)[0])


def read_position(db: Connection) -> tuple[LogPosition, int]:
    """How far the views behind this connection reach, and whose turn it was last."""
    *position, turn = db.execute(_READ).one()
    return LogPosition(*position), turn


def begin_position(db: Connection) -> None:
    """Let new views begin before the first event, unless another process did."""
    if db.execute(_READ).first() is None:
        db.execute(insert(position_table).values(one=1, log_row=0, applied=0, stamp=0, skipped=0, turn=next_turn()))


def move_position(db: Connection, to: LogPosition, turn: int, last_turn: int) -> bool:
    """Move the views on, if the last turn was this one; says whether it was."""
    return write_many(db, _MOVE, [(*astuple(to), turn, last_turn)]) == 1


def next_turn() -> int:
    return secrets.randbits(63)


def skipped_topics(db: Connection) -> dict[str, int]:
    """The names of events that only a newer version of Uptake can read, and how many of each there are."""
    topic = skipped_events.c.topic
    rows = db.execute(select(topic, func.count()).group_by(topic).order_by(topic))
    return {row[0]: row[1] for row in rows}


def last_applied_at(db: Connection) -> datetime:
    """When the last event that the views contain was recorded."""
    return from_microseconds(position_of(db).stamp)
