"""Questions about what happened: by recommendation, by register, by assessment."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, Select, select

from domain.base import Event
from domain.events import read_event
from domain.times import from_microseconds, to_microseconds
from projections.timeline.tables import entries


class TimelineEntry(Struct, frozen=True):
    """One event: its place in the log, when it was recorded, the instant that counts for it, and itself."""

    position: int
    recommendation: str
    topic: str
    recorded_at: datetime
    happened_at: datetime
    event: Event
    state: bytes


def of_recommendation(
    db: Connection,
    register: str,
    recommendation: str,
    known_at: datetime | None = None,
    *,
    topics: Sequence[str] = (),
    private: bool = False,
) -> list[TimelineEntry]:
    """What happened to a recommendation, oldest first, as far as it was known at an instant."""
    query = _about(register, private).where(entries.c.recommendation == recommendation)
    if topics:
        query = query.where(entries.c.topic.in_(topics))
    if known_at:
        query = query.where(entries.c.happened_at <= to_microseconds(known_at))
    return [_entry(row) for row in db.execute(query)]


def of_register(
    db: Connection,
    register: str,
    *,
    after: int = 0,
    limit: int | None = None,
    topics: Sequence[str] = (),
    private: bool = False,
) -> list[TimelineEntry]:
    """Events of a register in log order after a position, each once."""
    query = _about(register, private).where(entries.c.position > after, entries.c.first)
    if topics:
        query = query.where(entries.c.topic.in_(topics))
    return [_entry(row) for row in db.execute(query.limit(limit))]


def each_of_register(db: Connection, register: str, topics: Sequence[str] = ()) -> Iterator[TimelineEntry]:
    """All public events of a register in log order, one after the other: a long record needs no memory as a whole."""
    query = _about(register, private=False).where(entries.c.first)
    if topics:
        query = query.where(entries.c.topic.in_(topics))
    yield from map(_entry, db.execute(query))


def newest(
    db: Connection,
    registers: Collection[str],
    *,
    before: int | None = None,
    limit: int,
    who: str = "",
    recorded: tuple[datetime, datetime] | None = None,
) -> list[TimelineEntry]:
    """The latest events of some registers, public or not, newest first, each once.

    `before` is a position; `who` the person behind them; `recorded` holds the first instant and the one after the last.
    """
    query = select(entries).where(entries.c.register.in_(registers), entries.c.first)
    if before is not None:
        query = query.where(entries.c.position < before)
    if who:
        query = query.where(entries.c.who == who)
    if recorded:
        first, end = map(to_microseconds, recorded)
        query = query.where(entries.c.recorded_at >= first, entries.c.recorded_at < end)
    return [_entry(row) for row in db.execute(query.order_by(entries.c.position.desc()).limit(limit))]


def people(db: Connection, registers: Collection[str]) -> list[str]:
    """The ids of all who stand behind an event of some registers."""
    query = select(entries.c.who).where(entries.c.register.in_(registers)).distinct().order_by(entries.c.who)
    return list(db.scalars(query))


def of_assessment(db: Connection, register: str, assessment: str, *, private: bool = False) -> list[TimelineEntry]:
    """What happened to one assessment, oldest first."""
    query = _about(register, private).where(entries.c.assessment == assessment)
    return [_entry(row) for row in db.execute(query)]


def _about(register: str, private: bool) -> Select[Any]:
    query = select(entries).where(entries.c.register == register).order_by(entries.c.position)
    return query if private else query.where(entries.c.public)


def _entry(row: Row[Any]) -> TimelineEntry:
    return TimelineEntry(
        position=row.position,
        recommendation=row.recommendation,
        topic=row.topic,
        recorded_at=from_microseconds(row.recorded_at),
        happened_at=from_microseconds(row.happened_at),
        event=read_event(row.data),
        state=row.data,
    )
