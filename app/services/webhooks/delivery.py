"""Sends each public event of an open register to its webhooks, in log order, until the receiver accepts it.

The worker that increments a webhook's number of tries sends, so that of two workers only one does. If it does not
finish, the event is sent again after the delay, with the same id.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import delete, select, update

from app.adapters.outgoing_post import Undeliverable, post
from app.presentation.answers.api_models import WebhookShape
from app.presentation.answers.serializers import serialize_event
from app.presentation.answers.status_effects import read_effect
from app.services.accounts.database import affected_rows
from app.services.container import Services
from app.services.webhooks.models import DeliveryAttempt, Webhook
from app.services.webhooks.signatures import headers
from projections.catalogue import queries as catalogue
from projections.timeline import queries as timeline
from projections.timeline.queries import TimelineEntry

log = logging.getLogger("uptake.webhooks")
RETRY_DELAYS_SECONDS = (60, 300, 1800, 7200, 18_000, 36_000, 36_000)
"""Delays after each failed try, longer than a request can last. After the last one the webhook is stopped."""
GONE_STATUS = 410
BATCH_SIZE = 100
ATTEMPT_TTL = timedelta(days=90)
"""How long attempts are stored."""


def deliver_due(services: Services) -> int:
    """Send what is due; returns how many events were accepted. A slow receiver does not block the others."""
    now = services.clock().replace(tzinfo=None)
    with services.accounts.work() as db:
        due = list(db.scalars(select(Webhook).where(Webhook.stopped_at.is_(None), Webhook.next_at <= now)))
    if not due:
        return 0
    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(lambda hook: _deliver(services, hook), due))


def _deliver(services: Services, hook: Webhook) -> int:
    delivered = 0
    for entry in _next_events(services, hook):
        if not _claim_turn(services, hook):
            break
        attempt = _attempt(services, hook, entry)
        _record_attempt(services, hook, attempt)
        if not attempt.is_delivered:
            break
        hook.after, hook.tries = entry.position, 0
        delivered += 1
    return delivered


def _next_events(services: Services, hook: Webhook) -> list[TimelineEntry]:
    """The next public events since the register was opened; none while it is closed."""
    with services.views.connect() as db:
        entry = catalogue.register(db, hook.register)
        if entry is None or not entry.is_open:
            return []
        opening = catalogue.opening(db, hook.register)
        after = max(hook.after, opening.position - 1) if opening else hook.after
        return timeline.of_register(db, hook.register, after=after, limit=BATCH_SIZE)


def _claim_turn(services: Services, hook: Webhook) -> bool:
    pause = timedelta(seconds=RETRY_DELAYS_SECONDS[min(hook.tries, len(RETRY_DELAYS_SECONDS) - 1)])
    unchanged = (
        Webhook.id == hook.id,
        Webhook.after == hook.after,
        Webhook.tries == hook.tries,
        Webhook.stopped_at.is_(None),
    )
    with services.accounts.work() as db:
        result = db.execute(
            update(Webhook).where(*unchanged).values(tries=hook.tries + 1, next_at=_naive(services.clock()) + pause)
        )
    hook.tries += 1
    return affected_rows(result) == 1


def _attempt(services: Services, hook: Webhook, entry: TimelineEntry) -> DeliveryAttempt:
    shape = serialize_event(entry)
    with services.views.connect() as db:
        effect = read_effect(db, hook.register, entry.position)
    body = msgspec.json.encode(WebhookShape(entry.topic, shape.recorded_at, hook.register, shape, effect))
    ident, now = f"msg_{hook.seed[:12]}_{entry.position}", services.clock()
    request_headers = headers(services.settings, hook.seed, ident, now, body) | {
        "Content-Type": "application/json",
        "User-Agent": "Uptake",
    }
    attempt = DeliveryAttempt(
        hook_id=hook.id, position=entry.position, topic=entry.topic, at=_naive(now), status=None, why=""
    )
    try:
        private = services.settings.private_webhooks
        attempt.status = post(hook.url, body, request_headers, private=private).status
    except Undeliverable as e:
        attempt.why = e.kind
    return attempt


def _record_attempt(services: Services, hook: Webhook, attempt: DeliveryAttempt) -> None:
    now = _naive(services.clock())
    changes: dict[str, object] = {}
    if attempt.is_delivered:
        changes = {"after": attempt.position, "tries": 0, "next_at": now}
    elif attempt.status == GONE_STATUS or hook.tries > len(RETRY_DELAYS_SECONDS):
        changes = {"stopped_at": now}
        log.warning("webhook %s of %s is stopped: its receiver does not accept events", hook.id, hook.register)
    with services.accounts.work() as db:
        db.add(attempt)
        db.execute(
            delete(DeliveryAttempt).where(DeliveryAttempt.hook_id == hook.id, DeliveryAttempt.at < now - ATTEMPT_TTL)
        )
        if changes:
            db.execute(update(Webhook).where(Webhook.id == hook.id, Webhook.tries == hook.tries).values(**changes))


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)
