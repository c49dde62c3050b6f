"""API tokens: scoped, expiring, revocable, stored as digests."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.services.accounts import secret as secrets
from app.services.accounts.actors import Person
from app.services.accounts.models import Token, User
from app.services.accounts.people import person_of
from app.services.accounts.permissions import PERMISSIONS
from domain.errors import NotFound, Refused, refusal
from domain.text import valid_name

PREFIX = "uptake_"
"""Every token starts with this, so that scanners recognise a leaked one."""


def create_token(session: Session, user: User, name: str, scopes: list[str], days: int, now: datetime) -> str:
    """Create a token and return it. It is shown once. Raises `Refused`."""
    name, problems = valid_name(name), []
    if unknown := [s for s in scopes if s not in PERMISSIONS]:
        problems.append(
            refusal("There is no scope “{scope}”. Use one of: {known}.", scope=unknown[0], known=", ".join(PERMISSIONS))
        )
    if not scopes:
        problems.append(refusal("Choose what the token may do.", field="scope"))
    if not name:
        problems.append(refusal("Give the token a name.", field="name"))
    if not 1 <= days <= 366:
        problems.append(refusal("A token must last from 1 to 366 days, not {days}.", days=days, field="days"))
    if session.scalars(select(Token).where(Token.user_id == user.id, Token.name == name)).first():
        problems.append(refusal("There is already a token “{name}”. Enter another name.", name=name, field="name"))
    if problems:
        raise Refused(*problems)
    secret, _ = secrets.new()
    token = PREFIX + secret
    expires = now.replace(tzinfo=None) + timedelta(days=days)
    session.add(
        Token(secret=secrets.digest(token), user_id=user.id, name=name, scopes=" ".join(scopes), expires_at=expires)
    )
    return token


def active_tokens(session: Session, user: User, now: datetime) -> list[Token]:
    """The valid tokens of a person, by name."""
    query = select(Token).where(Token.user_id == user.id, Token.revoked_at.is_(None))
    return list(session.scalars(query.where(Token.expires_at > now.replace(tzinfo=None)).order_by(Token.name)))


def find_token(session: Session, user: User, name: str) -> Token:
    """A token of a person. Raises `NotFound`."""
    query = select(Token).where(Token.user_id == user.id, Token.name == name)
    token: Token | None = session.scalars(query).one_or_none()
    if token is None:
        raise NotFound(refusal("There is no token “{name}”.", name=name))
    return token


def revoke_token(token: Token, now: datetime) -> None:
    token.revoked_at = now.replace(tzinfo=None)


def revoke_all_tokens(session: Session, user: User, now: datetime) -> None:
    is_active = Token.user_id == user.id, Token.revoked_at.is_(None)
    session.execute(update(Token).where(*is_active).values(revoked_at=now.replace(tzinfo=None)))


def find_holder(session: Session, token: str, now: datetime) -> tuple[Person, frozenset[str]] | None:
    """The person and the permissions of a token, or None if it is not valid."""
    row = session.scalars(select(Token).where(Token.secret == secrets.digest(token))).one_or_none()
    if row is None or row.revoked_at or row.expires_at <= now.replace(tzinfo=None):
        return None
    user = session.get(User, row.user_id)
    if user is None or not user.active:
        return None
    return person_of(user), frozenset(row.scopes.split())
