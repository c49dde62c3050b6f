"""Adds, stops and resumes webhooks, for administrators."""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.outgoing_post import PRIVATE, UNKNOWN, Undeliverable, check_url
from app.adapters.settings import Settings
from app.services.webhooks.models import DeliveryAttempt, Webhook
from domain.errors import NotFound, Refusal, Refused, refusal
from domain.times import shown

MAX_RUNNING = 20
"""Running webhooks of one register."""


def add_webhook(
    db: Session, settings: Settings, register: str, url: str, *, by: str, after: int, now: datetime
) -> Webhook:
    """Add a webhook for events after a position in the log. Raises `Refused`."""
    running = [h for h in webhooks_of(db, register) if not h.stopped_at]
    if any(h.url == url for h in running):
        raise Refused(refusal("There is already a webhook to this address.", field="url"))
    if len(running) >= MAX_RUNNING:
        raise Refused(refusal("A register can have at most {most} active webhooks. Stop one first.", most=MAX_RUNNING))
    try:
        check_url(url, private=settings.private_webhooks)
    except Undeliverable as e:
        raise Refused(_refusal_for(e.kind, url)) from None
    at = now.replace(tzinfo=None)
    seed = secrets.token_hex(16)
    hook = Webhook(register=register, url=url, seed=seed, made_by=by, made_at=at, after=after, tries=0, next_at=at)
    db.add(hook)
    return hook


def webhooks_of(db: Session, register: str) -> list[Webhook]:
    """Newest first."""
    return list(db.scalars(select(Webhook).where(Webhook.register == register).order_by(Webhook.id.desc())))


def find_webhook(db: Session, register: str, number: int) -> Webhook:
    """Raises `NotFound`."""
    hook = db.get(Webhook, number)
    if hook is None or hook.register != register:
        raise NotFound(refusal("There is no webhook {number} in this register.", number=number))
    return hook


def stop_webhook(hook: Webhook, now: datetime) -> None:
    hook.stopped_at = hook.stopped_at or now.replace(tzinfo=None)


def resume_webhook(hook: Webhook, now: datetime) -> None:
    """Resume where it was stopped; also sends the events recorded in the meantime."""
    hook.stopped_at, hook.tries, hook.next_at = None, 0, now.replace(tzinfo=None)


def attempts(db: Session, hook: Webhook, limit: int) -> list[DeliveryAttempt]:
    """Newest first."""
    query = select(DeliveryAttempt).where(DeliveryAttempt.hook_id == hook.id).order_by(DeliveryAttempt.id.desc())
    return list(db.scalars(query.limit(limit)))


def _refusal_for(kind: str, url: str) -> Refusal:
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
