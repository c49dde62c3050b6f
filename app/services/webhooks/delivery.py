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
from app.presentation.answers.serializers import event_shape
from app.services.container import Services
from app.services.webhooks.models import Attempt, Hook
from app.services.webhooks.signatures import headers
from app.services.webhooks.target import Undeliverable, post
from projections.catalogue import queries as catalogue
from projections.timeline import queries as timeline
from projections.timeline.queries import TimelineEntry

log = logging.getLogger("uptake.webhooks")
PAUSES = (60, 300, 1800, 7200, 18_000, 36_000, 36_000)
"""Seconds before the next try after each that failed; more than a request can last. After the last, it is stopped."""
GONE = 410
AT_A_TIME = 100
KEPT = timedelta(days=90)
"""For how long attempts are remembered."""


def deliver_due(of: Services) -> int:
    """How many events were taken by receivers. A receiver that is slow holds up no other."""
    now = of.clock().replace(tzinfo=None)
    with of.accounts.work() as db:
        due = list(db.scalars(select(Hook).where(Hook.stopped_at.is_(None), Hook.next_at <= now)))
    if not due:
        return 0
    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(lambda hook: _deliver(of, hook), due))


def _deliver(of: Services, hook: Hook) -> int:
    taken = 0
    for entry in _ahead(of, hook):
        if not _take_turn(of, hook):
            break
        attempt = _attempt(of, hook, entry)
        _note(of, hook, attempt)
        if not attempt.taken:
            break
        hook.after, hook.tries = entry.position, 0
        taken += 1
    return taken


def _ahead(of: Services, hook: Hook) -> list[TimelineEntry]:
    """The next public events; of a register that is closed none, and of one that was opened those from that on."""
    with of.views.connect() as db:
        entry = catalogue.register(db, hook.register)
        if entry is None or not entry.is_open:
            return []
        opening = catalogue.opening(db, hook.register)
        after = max(hook.after, opening.position - 1) if opening else hook.after
        return timeline.of_register(db, hook.register, after=after, limit=AT_A_TIME)


def _take_turn(of: Services, hook: Hook) -> bool:
    pause = timedelta(seconds=PAUSES[min(hook.tries, len(PAUSES) - 1)])
    unchanged = (Hook.id == hook.id, Hook.after == hook.after, Hook.tries == hook.tries, Hook.stopped_at.is_(None))
    with of.accounts.work() as db:
        moved = db.execute(
            update(Hook).where(*unchanged).values(tries=hook.tries + 1, next_at=_naive(of.clock()) + pause)
        )
    hook.tries += 1
    return bool(moved.rowcount == 1)  # type: ignore[attr-defined]


def _attempt(of: Services, hook: Hook, entry: TimelineEntry) -> Attempt:
    shape = event_shape(entry)
    body = msgspec.json.encode(WebhookShape(entry.topic, shape.recorded_at, hook.register, shape))
    ident, now = f"msg_{hook.seed[:12]}_{entry.position}", of.clock()
    sent_under = headers(of.settings, hook.seed, ident, now, body) | {
        "Content-Type": "application/json",
        "User-Agent": "Uptake",
    }
    attempt = Attempt(hook_id=hook.id, position=entry.position, topic=entry.topic, at=_naive(now), status=None, why="")
    try:
        attempt.status = post(of.settings, hook.url, body, sent_under)
    except Undeliverable as e:
        attempt.why = e.kind
    return attempt


def _note(of: Services, hook: Hook, attempt: Attempt) -> None:
    now = _naive(of.clock())
    changed: dict[str, object] = {}
    if attempt.taken:
        changed = {"after": attempt.position, "tries": 0, "next_at": now}
    elif attempt.status == GONE or hook.tries > len(PAUSES):
        changed = {"stopped_at": now}
        log.warning("webhook %s of %s is stopped: its receiver does not take it", hook.id, hook.register)
    with of.accounts.work() as db:
        db.add(attempt)
        db.execute(delete(Attempt).where(Attempt.hook_id == hook.id, Attempt.at < now - KEPT))
        if changed:
            db.execute(update(Hook).where(Hook.id == hook.id, Hook.tries == hook.tries).values(**changed))


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)
