"""Sessions: each a row that can be listed and ended, whatever the browser still holds."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.services.accounts import secret as secrets
from app.services.accounts.models import Seat, User

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
_SEEN_EVERY = timedelta(minutes=1)


def take(session: Session, user: User, device: str, now: datetime) -> str:
    """A new session; returns the secret that the browser keeps in its signed cookie."""
    secret, digest = secrets.new()
    at = now.replace(tzinfo=None)
    session.add(Seat(secret=digest, user_id=user.id, began_at=at, seen_at=at, device=device[:300]))
    return secret


def is_held(session: Session, secret: str, user: User, now: datetime) -> bool:
    """Whether the session still counts; it is seen at most once a minute, so that reading stays cheap."""
    seat = session.scalars(select(Seat).where(Seat.secret == secrets.digest(secret))).one_or_none()
    at = now.replace(tzinfo=None)
    if seat is None or seat.user_id != user.id or seat.ended_at:
        return False
    if at - seat.seen_at > IDLE or at - seat.began_at > LONGEST:
        seat.ended_at = at
        return False
    if at - seat.seen_at > _SEEN_EVERY:
        seat.seen_at = at
    return True


def ran_out(session: Session, secret: str, user: User) -> bool:
    """Whether a session that counts no more ended by its age, and not because somebody ended it."""
    seat = session.scalars(select(Seat).where(Seat.secret == secrets.digest(secret))).one_or_none()
    if seat is None or seat.user_id != user.id or seat.ended_at is None:
        return False
    return seat.ended_at - seat.seen_at > IDLE or seat.ended_at - seat.began_at > LONGEST


def held_by(session: Session, user: User) -> list[Seat]:
    """Those that still count, newest first."""
    query = select(Seat).where(Seat.user_id == user.id, Seat.ended_at.is_(None)).order_by(Seat.seen_at.desc())
    return list(session.scalars(query))


def end(session: Session, user: User, now: datetime, *, seat: int | None = None, secret: str = "") -> None:
    """End one session of a person, by its number or its secret; or all of them."""
    for held in held_by(session, user):
        mine = secret and held.secret == secrets.digest(secret)
        if mine or held.id == seat or (seat is None and not secret):
            held.ended_at = now.replace(tzinfo=None)
