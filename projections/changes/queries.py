"""Recent changes and corrections."""

import json
from collections.abc import Collection
from datetime import datetime

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select

from domain.base import Event
from domain.codes import Position, Reason, RelationKind, Status
from domain.events import read_event
from domain.times import from_microseconds, to_microseconds
from projections.changes.tables import StoredChange, changes
from projections.engine.name_lists import NameScope, among
from projections.engine.reading import read_once
from projections.engine.rows import NamedRow


class PublicChange(Struct, frozen=True):
    """One change of what a register says; `at` is when the register published it.

    `stance` is the position of a body's response; `relation` and `related_to` are those of a relation. `amendment` is
    the event that amended something; `subject` is the id of the theme, publication, body, review or source amended.
    `recommendations` and `assessments` count what a register was opened with.
    """

    position: int
    kind: str
    recommendation: str
    element: str
    assessment: str
    deadline: str
    due_on: str
    status: Status | None
    effective_on: str
    reason: Reason | None
    statement: str
    why: str
    translations: dict[str, dict[str, str]]
    by: str
    replaced_by: str
    legacy: bool
    response: str
    body: str
    stance: Position | None
    relation: RelationKind | None
    related_to: str
    subject: str
    amendment: Event | None
    recorded_at: datetime
    at: datetime
    correction: bool
    recommendations: int
    assessments: int


def latest(
    db: Connection,
    register: str,
    *,
    before: int | None = None,
    limit: int | None = None,
    known_at: datetime | None = None,
    recommendations: Collection[str] | NameScope | None = None,
    corrections_only: bool = False,
    with_opening: bool = False,
    since: int = 0,
    between: tuple[datetime | None, datetime | None] = (None, None),
    by_instant: bool = False,
) -> list[PublicChange]:
    """Changes newest first, optionally only those before a position, from one on, or of some recommendations.

    They follow the log; `by_instant` orders them by when the register published them, which an import may bring later.

    Corrections may come `with_opening`, the entry of the register's opening.
    `between` holds the first instant and the one after the last, None where there is no limit.
    """
    order = (changes.c.at.desc(), changes.c.position.desc()) if by_instant else (changes.c.position.desc(),)
    query = select(changes).where(changes.c.register == register).order_by(*order)
    if before is not None:
        query = query.where(_published_before(db, register, before) if by_instant else changes.c.position < before)
    if known_at is not None:
        query = query.where(changes.c.at <= to_microseconds(known_at))
    if recommendations is not None:
        query = query.where(among(db, changes.c.recommendation, recommendations))
    start, end = between
    if start is not None:
        query = query.where(changes.c.at >= to_microseconds(start))
    if end is not None:
        query = query.where(changes.c.at < to_microseconds(end))
    if since:
        query = query.where(changes.c.position >= since)
    if corrections_only:
        query = query.where(or_(changes.c.correction, changes.c.kind == ("opened" if with_opening else "")))
    return [public_change(row) for row in db.execute(query.limit(limit))]


def _published_before(db: Connection, register: str, position: int) -> ColumnElement[bool]:
    """What comes after the change at a position, newest first; without one there, the last one before it, and so on."""
    query = select(changes.c.at, changes.c.position).where(
        changes.c.register == register, changes.c.position <= position
    )
    place = db.execute(query.order_by(changes.c.position.desc()).limit(1)).one_or_none()
    if place is None:
        return false()
    is_earlier = or_(changes.c.at < place.at, and_(changes.c.at == place.at, changes.c.position < place.position))
    return is_earlier if place.position == position else or_(is_earlier, changes.c.position == place.position)


def change_at(db: Connection, register: str, position: int) -> PublicChange | None:
    """The change of an event, by its position in the log."""
    row = db.execute(
        select(changes).where(changes.c.register == register, changes.c.position == position)
    ).one_or_none()
    return public_change(row) if row else None


def last_change_at(db: Connection, register: str) -> datetime | None:
    """When a register last published something."""
    at = db.scalar(select(func.max(changes.c.at)).where(changes.c.register == register))
    return None if at is None else from_microseconds(at)


def last_changes_at(db: Connection, register: str, first: str, last: str) -> dict[str, datetime]:
    """When something about each recommendation was last published, for those from one id to another."""
    query = select(changes.c.recommendation, func.max(changes.c.at).label("at")).where(
        *(changes.c.register == register, changes.c.recommendation >= first, changes.c.recommendation <= last)
    )
    rows = db.execute(query.group_by(changes.c.recommendation))
    return {row.recommendation: from_microseconds(row.at) for row in rows}


def first_imported_instant(db: Connection, register: str) -> datetime | None:
    """The first instant that an imported record has of its own, before it was recorded here."""
    query = select(changes.c.at).where(changes.c.register == register, changes.c.at < changes.c.recorded_at)
    first = query.order_by(changes.c.at).limit(1)
    at = read_once(db, ("first imported instant", register), lambda: db.scalar(first))
    return None if at is None else from_microseconds(at)


def public_change(row: StoredChange | NamedRow) -> PublicChange:
    """A row of the table, read or about to be written, as pages and feeds show it."""
    return PublicChange(
        position=row.position,
        kind=row.kind,
        recommendation=row.recommendation,
        element=row.element,
        assessment=row.assessment,
        deadline=row.deadline,
        due_on=row.due_on,
        status=Status(row.status) if row.status else None,
        effective_on=row.effective_on,
        reason=Reason(row.reason) if row.reason else None,
        statement=row.statement,
        why=row.why,
        translations=json.loads(row.translations),
        by=row.said_by,
        replaced_by=row.replaced_by,
        legacy=bool(row.legacy),
        response=row.response,
        body=row.body,
        stance=Position(row.stance) if row.stance else None,
        relation=RelationKind(row.relation) if row.relation else None,
        related_to=row.related_to,
        subject=row.subject,
        amendment=read_event(row.amendment) if row.amendment else None,
        recorded_at=from_microseconds(row.recorded_at),
        at=from_microseconds(row.at),
        correction=bool(row.correction),
        recommendations=row.recommendations,
        assessments=row.assessments,
    )
