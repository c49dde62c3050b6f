"""Login sessions: each is a row that can be listed and ended from the server."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.services.accounts import secret as secrets
from app.services.accounts.models import LoginSession, User

IDLE_TIMEOUT = timedelta(hours=12)
MAX_AGE = timedelta(days=7)
_SEEN_INTERVAL = timedelta(minutes=1)


class EndReason(StrEnum):
    """Why a login session ended."""

    EXPIRED = "expired"
    ENDED = "ended"
    """The person ended it on the account page."""
    SIGNED_OUT = "signed_out"
    CHANGED = "changed"
    """The password was changed."""
    ACCOUNT = "account"
    """The account was disabled or removed."""


def start_session(session: Session, user: User, device: str, now: datetime) -> str:
    """Start a session; returns the secret for the browser's signed cookie."""
    secret, digest = secrets.new()
    at = now.replace(tzinfo=None)
    session.add(LoginSession(secret=digest, user_id=user.id, began_at=at, seen_at=at, device=device[:300]))
    return secret


def find_session(session: Session, secret: str) -> LoginSession | None:
    return session.scalars(select(LoginSession).where(LoginSession.secret == secrets.digest(secret))).one_or_none()


def is_valid(session: Session, secret: str, user: User, now: datetime) -> bool:
    """Whether the session is valid. Records the last use at most once a minute, so that most requests only read."""
    login = find_session(session, secret)
    at = now.replace(tzinfo=None)
    if login is None or login.user_id != user.id or login.ended_at:
        return False
    if _is_expired(login, at):
        _end(login, at, EndReason.EXPIRED)
        return False
    if at - login.seen_at > _SEEN_INTERVAL:
        login.seen_at = at
    return True


def end_reason(session: Session, secret: str, now: datetime) -> EndReason | None:
    """Why the session of a browser that is no longer signed in ended; None if there is no such session.

    Ends a session whose account was disabled or got another password, which ended it at once.
    """
    login = find_session(session, secret)
    if login is None:
        return None
    at = now.replace(tzinfo=None)
    if login.ended_at is None:
        user = session.get(User, login.user_id)
        is_active = user is not None and user.active
        reason = EndReason.CHANGED if is_active else EndReason.ACCOUNT
        _end(login, at, EndReason.EXPIRED if _is_expired(login, at) else reason)
    elif not login.end_reason:  # ended before the reason was recorded
        return EndReason.EXPIRED if _is_expired(login, login.ended_at) else EndReason.ENDED
    return EndReason(login.end_reason)


def active_sessions(session: Session, user: User) -> list[LoginSession]:
    """The active sessions of a person, newest first."""
    query = (
        select(LoginSession)
        .where(LoginSession.user_id == user.id, LoginSession.ended_at.is_(None))
        .order_by(LoginSession.seen_at.desc())
    )
    return list(session.scalars(query))


def end_sessions(
    session: Session,
    user: User,
    now: datetime,
    *,
    number: int | None = None,
    secret: str = "",
    except_secret: str = "",
    reason: EndReason = EndReason.ENDED,
) -> int:
    """End one session of a person, by its number or secret, or all of them; returns how many."""
    ended = 0
    for login in active_sessions(session, user):
        mine = secret and login.secret == secrets.digest(secret)
        is_exempt = except_secret and login.secret == secrets.digest(except_secret)
        if (mine or login.id == number or (number is None and not secret)) and not is_exempt:
            _end(login, now.replace(tzinfo=None), reason)
            ended += 1
    return ended


def _is_expired(login: LoginSession, at: datetime) -> bool:
    return at - login.seen_at > IDLE_TIMEOUT or at - login.began_at > MAX_AGE


def _end(login: LoginSession, at: datetime, reason: EndReason) -> None:
    login.ended_at, login.end_reason = at, reason.value
