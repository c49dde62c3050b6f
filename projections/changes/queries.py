"""Recent changes and corrections."""

import json
from collections.abc import Collection
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, select

from domain.base import Event
from domain.codes import Position, Reason, RelationKind, Status
from domain.events import read_event
from domain.times import from_microseconds, to_microseconds
from projections.changes.tables import StoredChange, changes
from projections.engine.rows import NamedRow


class PublicChange(Struct, frozen=True):
    """One change of what a register says; `at` is when the register published it.

    `stance` is the position of a body's response; `relation` and `related_to` are those of a relation. `amendment` is
    the event that amended something; `subject` is the id of the theme, publication, body, review or source amended.
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


def latest(
    db: Connection,
    register: str,
    *,
    before: int | None = None,
    limit: int | None = None,
    known_at: datetime | None = None,
    recommendations: Collection[str] | None = None,
    corrections_only: bool = False,
) -> list[PublicChange]:
    """Changes newest first, optionally only those before a position or of some recommendations."""
    query = select(changes).where(changes.c.register == register).order_by(changes.c.position.desc())
    if before is not None:
        query = query.where(changes.c.position < before)
    if known_at is not None:
        query = query.where(changes.c.at <= to_microseconds(known_at))
    if recommendations is not None:
        query = query.where(changes.c.recommendation.in_(recommendations))
    if corrections_only:
        query = query.where(changes.c.correction)
    return [public_change(row) for row in db.execute(query.limit(limit))]


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
    )
