"""Sends each public event of an open register to its webhooks, in the order of the log, until it is taken.

Whoever moves a webhook's number of tries has the turn, so that of two workers one sends. A turn that was never finished
ends when the pause is over, and the event is sent again under the same id.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import delete, select, update

from app.presentation.answers.api_models import WebhookShape
from app.presentation.answers.serializers import serialize_event
from app.services.container import Services
from app.services.webhooks.models import DeliveryAttempt, Webhook
from app.services.webhooks.signatures import headers
from app.services.webhooks.target import Undeliverable, post
from projections.catalogue import queries as catalogue
from projections.timeline import queries as timeline
from projections.timeline.queries import TimelineEntry

log = logging.getLogger("uptake.webhooks")
RETRY_DELAYS_SECONDS = (60, 300, 1800, 7200, 18_000, 36_000, 36_000)
"""Seconds before the next try after each that failed; more than a request can last. After the last, it is stopped."""
GONE_STATUS = 410
BATCH_SIZE = 100
ATTEMPT_TTL = timedelta(days=90)
"""For how long attempts are remembered."""


def deliver_due(services: Services) -> int:
    """How many events were taken by receivers. A receiver that is slow holds up no other."""
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
    """The next public events; of a register that is closed none, and of one that was opened those from that on."""
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
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]


def _attempt(services: Services, hook: Webhook, entry: TimelineEntry) -> DeliveryAttempt:
    shape = serialize_event(entry)
    body = msgspec.json.encode(WebhookShape(entry.topic, shape.recorded_at, hook.register, shape))
    ident, now = f"msg_{hook.seed[:12]}_{entry.position}", services.clock()
    request_headers = headers(services.settings, hook.seed, ident, now, body) | {
        "Content-Type": "application/json",
        "User-Agent": "Uptake",
    }
    attempt = DeliveryAttempt(
        hook_id=hook.id, position=entry.position, topic=entry.topic, at=_naive(now), status=None, why=""
    )
    try:
        attempt.status = post(services.settings, hook.url, body, request_headers)
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
        log.warning("webhook %s of %s is stopped: its receiver does not take it", hook.id, hook.register)
    with services.accounts.work() as db:
        db.add(attempt)
        db.execute(
            delete(DeliveryAttempt).where(DeliveryAttempt.hook_id == hook.id, DeliveryAttempt.at < now - ATTEMPT_TTL)
        )
        if changes:
            db.execute(update(Webhook).where(Webhook.id == hook.id, Webhook.tries == hook.tries).values(**changes))


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)
