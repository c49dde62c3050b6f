"""Recommendations given to a colleague to look at, until that person proposes something or it is taken back."""

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import Struct
from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session

from app.services.accounts.models import Assignment, User
from app.services.accounts.people import person_of
from projections.assessments.proposals import has_proposed_since


class OpenAssignment(Struct, frozen=True):
    """Who was asked (`person`, called `name`), by whom, and when; persons are ids as events hold them."""

    recommendation: str
    person: str
    name: str
    by: str
    at: datetime


def assign(db: Session, register: str, recommendations: Iterable[str], person: str, *, by: str, now: datetime) -> None:
    """Give them to one person, whoever had them before."""
    user = db.scalars(select(User).where(User.person == person)).one()
    for ident in recommendations:
        db.merge(
            Assignment(register=register, recommendation=ident, user_id=user.id, by=by, at=now.replace(tzinfo=None))
        )


def unassign(db: Session, register: str, recommendations: Iterable[str]) -> None:
    matches = Assignment.recommendation.in_(list(recommendations))
    db.execute(delete(Assignment).where(Assignment.register == register, matches))


def open_assignments(db: Session, views: Connection, register: str) -> list[OpenAssignment]:
    """What is still with somebody, oldest first. That a person proposed is read from the record itself, so that it
    ends by every road on which proposals are made."""
    query = select(Assignment, User).join(User, User.id == Assignment.user_id).where(Assignment.register == register)
    assignments = [
        OpenAssignment(row.recommendation, user.person, user.name or user.person, row.by, row.at.replace(tzinfo=UTC))
        for row, user in db.execute(query.order_by(Assignment.at, Assignment.recommendation))
    ]
    return [a for a in assignments if not _has_proposed(views, register, a)]


def colleagues(db: Session, register: str) -> list[tuple[str, str]]:
    """The ids and names of those who may propose here, by name."""
    people = [person_of(user) for user in db.scalars(select(User).where(User.active))]
    return sorted(((p.id, p.name) for p in people if p.may("propose", register)), key=lambda p: p[1].casefold())


def _has_proposed(views: Connection, register: str, assignment: OpenAssignment) -> bool:
    return has_proposed_since(views, register, assignment.recommendation, assignment.person, assignment.at)
