"""Limits failed sign-ins. Counts them in the database, so that limits hold across processes and restarts."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.services.accounts.models import LoginAttempt

WINDOW = timedelta(minutes=15)
MAX_FAILURES = {
    "account": 10,
    "device": 10,
    "confirmation": 10,
    "address": 60,
    "token": 60,
    "recovery": 3,
    "recovery_address": 30,
    "report": 60,
    "report_first": 600,
    "report_address": 10,
    "invitation": 3,
    "follow": 5,
    "follow_address": 30,
    "follow_site": 300,
}
"""Failures within the window after which sign-in is blocked: per account, account in a browser where it signed in
before, confirmation of a person who is signed in, network address and API token. Tokens are counted separately, so
that a script with an old token does not block people at the same address. The others are requests for a link to
choose another password, per e-mail address and network address; reports of errors, per register after the first of
each network address, of those first ones, and per network address; invitations per e-mail address and register; and
requests to follow by e-mail, per e-mail address, network address and altogether."""


def attempt_keys(**values: str) -> dict[str, str]:
    """The keys under which an attempt is counted, by kind: digests, so that no account or address is stored."""
    return {kind: sha256(f"{kind}:{value.strip().lower()}".encode()).hexdigest() for kind, value in values.items()}


def was_counted(session: Session, kind: str, key: str, now: datetime) -> bool:
    """Whether there is an attempt of a kind within the window."""
    return _count(session, attempt_keys(**{kind: key})[kind], now.replace(tzinfo=None) - WINDOW) > 0


def is_blocked(session: Session, counted: dict[str, str], now: datetime) -> bool:
    since = now.replace(tzinfo=None) - WINDOW
    return any(_count(session, key, since) >= MAX_FAILURES[kind] for kind, key in counted.items())


def record_failure(session: Session, counted: dict[str, str], now: datetime) -> None:
    at = now.replace(tzinfo=None)
    session.execute(delete(LoginAttempt).where(LoginAttempt.at <= at - WINDOW))
    session.add_all(LoginAttempt(key=key, at=at) for key in counted.values())


def clear_failures(session: Session, counted: dict[str, str]) -> None:
    """Forget the failures of an account after a success; those of a network address stay."""
    keys = [counted[kind] for kind in ("account", "device", "confirmation") if kind in counted]
    session.execute(delete(LoginAttempt).where(LoginAttempt.key.in_(keys)))


def _count(session: Session, key: str, since: datetime) -> int:
    query = select(func.count()).where(LoginAttempt.key == key, LoginAttempt.at > since)
    return session.scalar(query) or 0
