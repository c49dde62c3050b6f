"""Recommendations assigned to a colleague, until that person proposes something or the assignment is removed."""

from collections.abc import Collection
from datetime import UTC, datetime

from msgspec import Struct
from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session

from app.services.accounts.models import Assignment, Membership, User
from app.services.accounts.people import person_of
from app.services.accounts.permissions import ALL_REGISTERS
from projections.assessments.proposals import last_proposed


class OpenAssignment(Struct, frozen=True):
    """`person` and `by` are person ids, as in events; `name` is the name of `person`."""

    recommendation: str
    person: str
    name: str
    by: str
    at: datetime


def assign(
    db: Session, register: str, recommendations: Collection[str], person: str, *, by: str, now: datetime
) -> dict[str, str]:
    """Assign recommendations to one person. Returns the person of each assignment that this replaces."""
    before = _assigned_to(db, register, recommendations)
    user = db.scalars(select(User).where(User.person == person)).one()
    for ident in recommendations:
        db.merge(
            Assignment(register=register, recommendation=ident, user_id=user.id, by=by, at=now.replace(tzinfo=None))
        )
    return before


def unassign(db: Session, register: str, recommendations: Collection[str]) -> dict[str, str]:
    """End the assignments of recommendations. Returns the person of each."""
    before = _assigned_to(db, register, recommendations)
    matches = Assignment.recommendation.in_(recommendations)
    db.execute(delete(Assignment).where(Assignment.register == register, matches))
    return before


def unassign_made_at(db: Session, register: str, at: datetime, *, by: str) -> None:
    """End the assignments that a person made at an instant."""
    made_then = Assignment.by == by, Assignment.at == at.replace(tzinfo=None)
    db.execute(delete(Assignment).where(Assignment.register == register, *made_then))


def _assigned_to(db: Session, register: str, recommendations: Collection[str]) -> dict[str, str]:
    query = select(Assignment.recommendation, User.person).join(User, User.id == Assignment.user_id)
    query = query.where(Assignment.register == register, Assignment.recommendation.in_(recommendations))
    return {row.recommendation: row.person for row in db.execute(query)}


def open_assignments(
    db: Session,
    views: Connection,
    register: str,
    *,
    person: str | None = None,
    recommendations: Collection[str] | None = None,
) -> list[OpenAssignment]:
    """The open assignments, oldest first, of all or some of them. A proposal by the person ends one, however the
    proposal was made."""
    query = select(Assignment, User).join(User, User.id == Assignment.user_id).where(Assignment.register == register)
    if person is not None:
        query = query.where(User.person == person)
    if recommendations is not None:
        query = query.where(Assignment.recommendation.in_(recommendations))
    assignments = [
        OpenAssignment(row.recommendation, user.person, user.name or user.person, row.by, row.at.replace(tzinfo=UTC))
        for row, user in db.execute(query.order_by(Assignment.at, Assignment.recommendation))
    ]
    proposed = last_proposed(views, register, {a.recommendation for a in assignments})
    return [a for a in assignments if (at := proposed.get((a.recommendation, a.person))) is None or at <= a.at]


def assignment_of(db: Session, views: Connection, register: str, recommendation: str) -> OpenAssignment | None:
    """The open assignment of one recommendation."""
    return next(iter(open_assignments(db, views, register, recommendations=[recommendation])), None)


def colleagues(db: Session, register: str) -> list[tuple[str, str]]:
    """The ids and names of the people who may propose in a register, by name."""
    role = select(Membership.user_id).where(Membership.register.in_([register, ALL_REGISTERS]))
    people = [person_of(user) for user in db.scalars(select(User).where(User.active, User.id.in_(role)))]
    return sorted(((p.id, p.name) for p in people if p.may("propose", register)), key=lambda p: p[1].casefold())
