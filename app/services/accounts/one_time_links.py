"""Links that are used once: invitations, and the set-up of the first administrator."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.services.accounts import secret as secrets
from app.services.accounts.models import OneTimeLink, User
from domain.errors import NotFound, refusal

LINK_TTL = timedelta(days=7)


def create_link(session: Session, user: User | None, now: datetime) -> str:
    """A link's secret for an account to set its password with; without an account it makes the first administrator."""
    secret, digest = secrets.new()
    session.add(OneTimeLink(secret=digest, user_id=user.id if user else None, expires_at=_naive(now + LINK_TTL)))
    return secret


def find_link(session: Session, secret: str, now: datetime) -> OneTimeLink:
    """The link, if it can still be used. Raises `NotFound` without saying whether it ever was one."""
    link = session.scalars(select(OneTimeLink).where(OneTimeLink.secret == secrets.digest(secret))).one_or_none()
    if link is None or link.used_at or link.expires_at < _naive(now) or (link.user_id is None and has_people(session)):
        raise NotFound(refusal("This link has been used, has expired or is not valid. Ask for another."))
    return link


def use_link(session: Session, link: OneTimeLink, now: datetime) -> None:
    """Use it up. Raises `NotFound` where somebody else was faster."""
    used = session.execute(
        update(OneTimeLink).where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None)).values(used_at=_naive(now))
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound(refusal("This link has been used, has expired or is not valid. Ask for another."))


def use_all_links(session: Session, user: User, now: datetime) -> None:
    """Use up all of somebody who got in by another way."""
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None))
        .values(used_at=_naive(now))
    )


def has_people(session: Session) -> bool:
    return bool(session.scalar(select(func.count()).select_from(User)))


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)
