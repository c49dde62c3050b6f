"""How far the views reach, in the one row that every batch moves forward."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import BigInteger, Boolean, Column, Connection, Integer, MetaData, String, Table, func, select

from domain.times import from_microseconds

metadata = MetaData()
position_table = Table(
    "position",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("log_row", BigInteger, nullable=False),
    Column("applied", BigInteger, nullable=False),
    Column("stamp", BigInteger, nullable=False),
    Column("skipped", BigInteger, nullable=False),
)
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


def position_of(db: Connection) -> LogPosition:
    """How far the views behind this connection reach."""
    c = position_table.c
    return LogPosition(*db.execute(select(c.log_row, c.applied, c.stamp, c.skipped)).one())


def skipped_topics(db: Connection) -> dict[str, int]:
    """The names of events that only a newer version of Uptake can read, and how many of each there are."""
    topic = skipped_events.c.topic
    rows = db.execute(select(topic, func.count()).group_by(topic).order_by(topic))
    return {row[0]: row[1] for row in rows}


def last_applied_at(db: Connection) -> datetime:
    """When the last event that the views contain was recorded."""
    return from_microseconds(position_of(db).stamp)
