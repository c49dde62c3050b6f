"""Events by recommendation, by register, by assessment."""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, func, select, text

from domain.base import Event
from domain.events import read_event
from domain.review.events import ReviewFrozen
from domain.times import from_microseconds, to_microseconds
from projections.engine.rows import NamedRow, NamedRowQuery
from projections.timeline.tables import IS_FROZEN, entries


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
    db: Connection, register: str, recommendation: str, known_at: datetime | None = None
) -> list[TimelineEntry]:
    """The public events of a recommendation, oldest first, as far as they were known at an instant."""
    query = _about(register, private=False).where(entries.c.recommendation == recommendation)
    if known_at:
        query = query.where(entries.c.happened_at <= to_microseconds(known_at))
    return [_entry(row) for row in db.execute(query)]


def public_extent(db: Connection, register: str, recommendation: str) -> tuple[int, int]:
    """The position of the last public event of a recommendation (0 if there is none), and how many there are."""
    last, count = db.execute(
        select(func.max(entries.c.position), func.count()).where(
            entries.c.register == register,
            entries.c.recommendation == recommendation,
            entries.c.public,
            entries.c.removed.is_(False),
        )
    ).one()
    return last or 0, count


def of_register(db: Connection, register: str, *, after: int = 0, limit: int | None = None) -> list[TimelineEntry]:
    """Public events of a register in log order after a position, each once."""
    query = _about(register, private=False).where(entries.c.position > after, entries.c.first)
    return [_entry(row) for row in db.execute(query.limit(limit))]


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


def newest_about(
    db: Connection, register: str, recommendation: str, *, before: int | None = None, limit: int
) -> list[TimelineEntry]:
    """The latest events of a recommendation, public or not, newest first; `before` is a position."""
    c = entries.c
    query = select(entries).where(c.register == register, c.recommendation == recommendation)
    if before is not None:
        query = query.where(c.position < before)
    return [_entry(row) for row in db.execute(query.order_by(c.position.desc()).limit(limit))]


def events_about(db: Connection, register: str, recommendation: str, topic: str) -> list[Event]:
    """The events of a topic about a recommendation, also if it was removed; newest first."""
    c = entries.c
    query = select(c.data).where(c.register == register, c.recommendation == recommendation, c.topic == topic)
    return [read_event(data) for data in db.scalars(query.order_by(c.position.desc()))]


def frozen_review(db: Connection, register: str, review: str, as_of: str) -> TimelineEntry | None:
    """The event that froze one occurrence of a review, or None."""
    query = _about(register, private=False).where(text(IS_FROZEN))
    for row in db.execute(query):
        entry = _entry(row)
        if isinstance(entry.event, ReviewFrozen) and (entry.event.review, entry.event.as_of) == (review, as_of):
            return entry
    return None


def people(db: Connection, registers: Collection[str]) -> list[str]:
    """The ids of all people responsible for an event of some registers.

    It steps from each person to the next in the index, so it reads as many rows as there are people.
    """
    found: set[str] = set()
    for register in registers:
        of_register = entries.c.register == register
        steps = select(func.min(entries.c.who).label("who")).where(of_register).cte("steps", recursive=True)
        after = select(func.min(entries.c.who)).where(of_register, entries.c.who > steps.c.who).scalar_subquery()
        steps = steps.union_all(select(after).where(steps.c.who.is_not(None)))
        found.update(db.scalars(select(steps.c.who).where(steps.c.who.is_not(None))))
    return sorted(found)


def _about(register: str, private: bool) -> NamedRowQuery:
    query = select(entries).where(entries.c.register == register).order_by(entries.c.position)
    return query if private else query.where(entries.c.public, entries.c.removed.is_(False))


def _entry(row: NamedRow) -> TimelineEntry:
    return TimelineEntry(
        position=row.position,
        recommendation=row.recommendation,
        topic=row.topic,
        recorded_at=from_microseconds(row.recorded_at),
        happened_at=from_microseconds(row.happened_at),
        event=read_event(row.data),
        state=row.data,
    )
