"""Recommendations assigned to a colleague, until that person proposes something or the assignment is removed."""

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import Struct
from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session

from app.services.accounts.models import Assignment, User
from app.services.accounts.people import person_of
from projections.assessments.proposals import has_proposed_since


class OpenAssignment(Struct, frozen=True):
    """`person` and `by` are person ids, as in events; `name` is the name of `person`."""

    recommendation: str
    person: str
    name: str
    by: str
    at: datetime


def assign(db: Session, register: str, recommendations: Iterable[str], person: str, *, by: str, now: datetime) -> None:
    """Assign recommendations to one person, replacing earlier assignments."""
    user = db.scalars(select(User).where(User.person == person)).one()
    for ident in recommendations:
        db.merge(
            Assignment(register=register, recommendation=ident, user_id=user.id, by=by, at=now.replace(tzinfo=None))
        )


def unassign(db: Session, register: str, recommendations: Iterable[str]) -> None:
    matches = Assignment.recommendation.in_(list(recommendations))
    db.execute(delete(Assignment).where(Assignment.register == register, matches))


def open_assignments(db: Session, views: Connection, register: str) -> list[OpenAssignment]:
    """The open assignments, oldest first. A proposal by the person ends one, however the proposal was made."""
    query = select(Assignment, User).join(User, User.id == Assignment.user_id).where(Assignment.register == register)
    assignments = [
        OpenAssignment(row.recommendation, user.person, user.name or user.person, row.by, row.at.replace(tzinfo=UTC))
        for row, user in db.execute(query.order_by(Assignment.at, Assignment.recommendation))
    ]
    return [a for a in assignments if not _has_proposed(views, register, a)]


def colleagues(db: Session, register: str) -> list[tuple[str, str]]:
    """The ids and names of the people who may propose in a register, by name."""
    people = [person_of(user) for user in db.scalars(select(User).where(User.active))]
    return sorted(((p.id, p.name) for p in people if p.may("propose", register)), key=lambda p: p[1].casefold())


def _has_proposed(views: Connection, register: str, assignment: OpenAssignment) -> bool:
    return has_proposed_since(views, register, assignment.recommendation, assignment.person, assignment.at)
