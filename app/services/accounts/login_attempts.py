"""Limits to guessing a password, counted in the database, so that they hold across processes and restarts."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.services.accounts.models import Try

WINDOW = timedelta(minutes=15)
MOST = {"account": 10, "address": 60, "token": 60}
"""Failures within the window, of one account and from one network address, after which nobody is let in. Tokens of
the API are counted apart, so that a script that goes on with an old one keeps nobody from signing in."""


def keys(**of: str) -> dict[str, str]:
    """What a try counts against, by kind; neither an account nor an address is kept as it is."""
    return {kind: sha256(f"{kind}:{value.strip().lower()}".encode()).hexdigest() for kind, value in of.items()}


def is_too_many(session: Session, counted: dict[str, str], now: datetime) -> bool:
    since = now.replace(tzinfo=None) - WINDOW
    return any(
        (session.scalar(select(func.count()).select_from(Try).where(Try.key == key, Try.at > since)) or 0) >= MOST[kind]
        for kind, key in counted.items()
    )


def failed(session: Session, counted: dict[str, str], now: datetime) -> None:
    at = now.replace(tzinfo=None)
    session.execute(delete(Try).where(Try.at <= at - WINDOW))
    session.add_all(Try(key=key, at=at) for key in counted.values())


def forget(session: Session, counted: dict[str, str]) -> None:
    """Somebody who signed in begins anew."""
    session.execute(delete(Try).where(Try.key == counted["account"]))
