"""How far the views reach, in the one row that every batch moves forward."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, Table, select

from domain.times import from_microseconds

metadata = MetaData()
position_table = Table(
    "position",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("log_row", BigInteger, nullable=False),
    Column("applied", BigInteger, nullable=False),
    Column("stamp", BigInteger, nullable=False),
)


class LogPosition(Struct, frozen=True):
    """How far the views reach: id of the last log row, number of events applied, and their last stamp (µs)."""

    row: int
    count: int
    stamp: int


def position_of(db: Connection) -> LogPosition:
    """How far the views behind this connection reach."""
    row = db.execute(select(position_table.c.log_row, position_table.c.applied, position_table.c.stamp)).one()
    return LogPosition(row[0], row[1], row[2])


def last_applied_at(db: Connection) -> datetime:
    """When the last event that the views contain was recorded."""
    return from_microseconds(position_of(db).stamp)
