"""Login sessions: each is a row that can be listed and ended from the server."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.services.accounts import secret as secrets
from app.services.accounts.models import LoginSession, User

IDLE_TIMEOUT = timedelta(hours=12)
MAX_AGE = timedelta(days=7)
_SEEN_INTERVAL = timedelta(minutes=1)


def start_session(session: Session, user: User, device: str, now: datetime) -> str:
    """Start a session; returns the secret for the browser's signed cookie."""
    secret, digest = secrets.new()
    at = now.replace(tzinfo=None)
    session.add(LoginSession(secret=digest, user_id=user.id, began_at=at, seen_at=at, device=device[:300]))
    return secret


def is_valid(session: Session, secret: str, user: User, now: datetime) -> bool:
    """Whether the session is valid. Records the last use at most once a minute, so that most requests only read."""
    login = session.scalars(select(LoginSession).where(LoginSession.secret == secrets.digest(secret))).one_or_none()
    at = now.replace(tzinfo=None)
    if login is None or login.user_id != user.id or login.ended_at:
        return False
    if at - login.seen_at > IDLE_TIMEOUT or at - login.began_at > MAX_AGE:
        login.ended_at = at
        return False
    if at - login.seen_at > _SEEN_INTERVAL:
        login.seen_at = at
    return True


def has_expired(session: Session, secret: str, user: User) -> bool:
    """Whether an ended session timed out, as opposed to being ended by a person."""
    login = session.scalars(select(LoginSession).where(LoginSession.secret == secrets.digest(secret))).one_or_none()
    if login is None or login.user_id != user.id or login.ended_at is None:
        return False
    return login.ended_at - login.seen_at > IDLE_TIMEOUT or login.ended_at - login.began_at > MAX_AGE


def active_sessions(session: Session, user: User) -> list[LoginSession]:
    """The active sessions of a person, newest first."""
    query = (
        select(LoginSession)
        .where(LoginSession.user_id == user.id, LoginSession.ended_at.is_(None))
        .order_by(LoginSession.seen_at.desc())
    )
    return list(session.scalars(query))


def end_sessions(session: Session, user: User, now: datetime, *, number: int | None = None, secret: str = "") -> None:
    """End one session of a person, by its number or secret, or all of them."""
    for login in active_sessions(session, user):
        mine = secret and login.secret == secrets.digest(secret)
        if mine or login.id == number or (number is None and not secret):
            login.ended_at = now.replace(tzinfo=None)
