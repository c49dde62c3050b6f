"""Webhooks set up, stopped and begun again by an administrator."""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.settings import Settings
from app.services.webhooks.models import Attempt, Hook
from app.services.webhooks.target import PRIVATE, UNKNOWN, Undeliverable, check
from domain.errors import NotFound, Refusal, Refused, refusal
from domain.times import shown

MOST = 20
"""Webhooks of one register that run at a time."""


def set_up(db: Session, settings: Settings, register: str, url: str, *, by: str, after: int, now: datetime) -> Hook:
    """A new webhook for what is recorded after a position in the log. Raises `Refused`."""
    running = [h for h in of_register(db, register) if not h.stopped_at]
    if any(h.url == url for h in running):
        raise Refused(refusal("There is already a webhook to this address.", field="url"))
    if len(running) >= MOST:
        raise Refused(refusal("A register can have at most {most} active webhooks. Stop one first.", most=MOST))
    try:
        check(settings, url)
    except Undeliverable as e:
        raise Refused(_objection(e.kind, url)) from None
    at = now.replace(tzinfo=None)
    seed = secrets.token_hex(16)
    hook = Hook(register=register, url=url, seed=seed, made_by=by, made_at=at, after=after, tries=0, next_at=at)
    db.add(hook)
    return hook


def of_register(db: Session, register: str) -> list[Hook]:
    """Newest first."""
    return list(db.scalars(select(Hook).where(Hook.register == register).order_by(Hook.id.desc())))


def find(db: Session, register: str, number: int) -> Hook:
    """Raises `NotFound`."""
    hook = db.get(Hook, number)
    if hook is None or hook.register != register:
        raise NotFound(refusal("There is no webhook {number} in this register.", number=number))
    return hook


def stop(hook: Hook, now: datetime) -> None:
    hook.stopped_at = hook.stopped_at or now.replace(tzinfo=None)


def begin_again(hook: Hook, now: datetime) -> None:
    """Go on at once where it was stopped: what was recorded meanwhile is sent too."""
    hook.stopped_at, hook.tries, hook.next_at = None, 0, now.replace(tzinfo=None)


def attempts(db: Session, hook: Hook, limit: int) -> list[Attempt]:
    """Newest first."""
    query = select(Attempt).where(Attempt.hook_id == hook.id).order_by(Attempt.id.desc())
    return list(db.scalars(query.limit(limit)))


def _objection(kind: str, url: str) -> Refusal:
    if kind == UNKNOWN:
        return refusal("The host name in “{url}” does not exist.", url=shown(url), field="url")
    if kind == PRIVATE:
        return refusal(
            "“{url}” is in a private network. Your administrator can allow this with UPTAKE_PRIVATE_WEBHOOKS.",
            url=shown(url),
            field="url",
        )
    return refusal(
        "“{url}” cannot be used: an address begins with https:// and has no spaces, no password and no #.",
        url=shown(url),
        field="url",
    )
