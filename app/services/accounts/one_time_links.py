"""Links for one use: invitations, and the set-up of the first administrator."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.services.accounts import secret as secrets
from app.services.accounts.database import affected_rows
from app.services.accounts.models import OneTimeLink, User
from domain.errors import NotFound, refusal

LINK_TTL = timedelta(days=7)


def create_link(session: Session, user: User | None, now: datetime) -> str:
    """Create a link to set an account's password, or without `user` to set up the first administrator.

    Returns the link's secret.
    """
    secret, digest = secrets.new()
    session.add(OneTimeLink(secret=digest, user_id=user.id if user else None, expires_at=_naive(now + LINK_TTL)))
    return secret


def find_link(session: Session, secret: str, now: datetime) -> OneTimeLink:
    """Find a usable link. Raises `NotFound`, with the same text for used, expired and unknown links."""
    link = session.scalars(select(OneTimeLink).where(OneTimeLink.secret == secrets.digest(secret))).one_or_none()
    if link is None or link.used_at or link.expires_at < _naive(now) or (link.user_id is None and has_people(session)):
        raise NotFound(refusal("This link has been used, has expired or is not valid. Ask for another."))
    return link


def use_link(session: Session, link: OneTimeLink, now: datetime) -> None:
    """Mark a link as used. Raises `NotFound` if it was used in the meantime."""
    used = session.execute(
        update(OneTimeLink).where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None)).values(used_at=_naive(now))
    )
    if affected_rows(used) != 1:
        raise NotFound(refusal("This link has been used, has expired or is not valid. Ask for another."))


def use_all_links(session: Session, user: User, now: datetime) -> None:
    """Mark all links of a person as used."""
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None))
        .values(used_at=_naive(now))
    )


def has_people(session: Session) -> bool:
    return bool(session.scalar(select(func.count()).select_from(User)))


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)
