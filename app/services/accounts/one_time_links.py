"""Links that are used once: invitations, and the set-up of the first administrator."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.services.accounts import secret as secrets
from app.services.accounts.models import Link, User
from domain.errors import NotFound, refusal

LASTS = timedelta(days=7)


def make(session: Session, user: User | None, now: datetime) -> str:
    """A link's secret for an account to set its password with; without an account it makes the first administrator."""
    secret, digest = secrets.new()
    session.add(Link(secret=digest, user_id=user.id if user else None, expires_at=_naive(now + LASTS)))
    return secret


def look(session: Session, secret: str, now: datetime) -> Link:
    """The link, if it can still be used. Raises `NotFound` without saying whether it ever was one."""
    link = session.scalars(select(Link).where(Link.secret == secrets.digest(secret))).one_or_none()
    if link is None or link.used_at or link.expires_at < _naive(now) or (link.user_id is None and has_people(session)):
        raise NotFound(refusal("This link has been used, has expired or is not valid. Ask for another."))
    return link


def use(session: Session, link: Link, now: datetime) -> None:
    """Use it up. Raises `NotFound` where somebody else was faster."""
    used = session.execute(update(Link).where(Link.id == link.id, Link.used_at.is_(None)).values(used_at=_naive(now)))
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound(refusal("This link has been used, has expired or is not valid. Ask for another."))


def use_up(session: Session, user: User, now: datetime) -> None:
    """Use up all of somebody who got in by another way."""
    session.execute(update(Link).where(Link.user_id == user.id, Link.used_at.is_(None)).values(used_at=_naive(now)))


def has_people(session: Session) -> bool:
    return bool(session.scalar(select(func.count()).select_from(User)))


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)
