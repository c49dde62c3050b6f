"""Limits to guessing a password, counted in the database, so that they hold across processes and restarts."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.services.accounts.models import LoginAttempt

WINDOW = timedelta(minutes=15)
MAX_FAILURES = {"account": 10, "address": 60, "token": 60}
"""Failures within the window, of one account and from one network address, after which nobody is let in. Tokens of
the API are counted apart, so that a script that goes on with an old one keeps nobody from signing in."""


def attempt_keys(**of: str) -> dict[str, str]:
    """What a try counts against, by kind; neither an account nor an address is kept as it is."""
    return {kind: sha256(f"{kind}:{value.strip().lower()}".encode()).hexdigest() for kind, value in of.items()}


def is_blocked(session: Session, counted: dict[str, str], now: datetime) -> bool:
    since = now.replace(tzinfo=None) - WINDOW
    return any(
        (
            session.scalar(
                select(func.count()).select_from(LoginAttempt).where(LoginAttempt.key == key, LoginAttempt.at > since)
            )
            or 0
        )
        >= MAX_FAILURES[kind]
        for kind, key in counted.items()
    )


def record_failure(session: Session, counted: dict[str, str], now: datetime) -> None:
    at = now.replace(tzinfo=None)
    session.execute(delete(LoginAttempt).where(LoginAttempt.at <= at - WINDOW))
    session.add_all(LoginAttempt(key=key, at=at) for key in counted.values())


def clear_failures(session: Session, counted: dict[str, str]) -> None:
    """Somebody who signed in begins anew."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.key == counted["account"]))
