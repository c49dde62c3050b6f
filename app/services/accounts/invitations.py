"""Invitations that are not accepted yet: what became of their links, and how they end."""

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.services.accounts.models import OneTimeLink, User
from app.services.accounts.one_time_links import LinkEnd, LinkKind, why_unusable
from app.services.accounts.people import give_role, remove_user
from domain.errors import Conflict, Refusal, refusal


class Invitation(Struct, frozen=True):
    """The newest link of an invited account. `made_by` is the id of a person; empty for the operator."""

    made_by: str
    until: datetime
    why_not: Refusal | None
    """Why the link does not work."""


def invitations_of(db: Session, users: Sequence[User], now: datetime) -> dict[int, Invitation]:
    """The open or expired invitations of accounts, by account."""
    query = select(OneTimeLink).where(OneTimeLink.user_id.in_([user.id for user in users]))
    query = query.where(OneTimeLink.kind == LinkKind.WELCOME.value, OneTimeLink.used_at.is_(None))
    return {
        link.user_id: Invitation(link.made_by, link.expires_at.replace(tzinfo=UTC), why_unusable(db, link, now))
        for link in db.scalars(query.order_by(OneTimeLink.id))
        if link.user_id
    }


def require_open(user: User) -> None:
    """Raises `Conflict` if the person has accepted the invitation."""
    if not user.is_invited:
        raise Conflict(
            refusal(
                "{name} has accepted the invitation. You can change or remove the role.", name=user.name or user.email
            )
        )


def withdraw(db: Session, user: User, register: str, now: datetime) -> None:
    """Remove the role of an invited person in a register, and the account if that was its only role.

    Raises `Conflict` if the invitation was accepted.
    """
    require_open(user)
    give_role(db, user, register, None)
    if user.memberships:
        return
    ended = {"used_at": now.replace(tzinfo=None), "end_reason": LinkEnd.WITHDRAWN.value, "user_id": None}
    db.execute(update(OneTimeLink).where(OneTimeLink.user_id == user.id).values(**ended))
    remove_user(db, user, erase=True)
