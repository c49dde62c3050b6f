"""Asks a cache in front of the site to forget pages: one signed POST with their keys, repeated until it is accepted."""

import logging
import time
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec
from msgspec import Struct
from sqlalchemy import Engine, delete, insert, select

from app.adapters.jobs_db.tables import shared_values
from app.adapters.outgoing_post import Undeliverable, post
from app.services.container import Services
from app.services.site_state import SiteState
from app.services.webhooks.signatures import sign

log = logging.getLogger("uptake.purging")
ALL_PAGES_KEY, SITE_KEY = "uptake", "site"
"""The keys of every page, and of the pages that are not about one register."""
MAX_KEYS = 100
"""More are not named; then all pages are purged."""
PAUSE_SECONDS = 0.05
"""After a change, so that no web process shows the state before it any more; each trusts its own for 10 ms."""
RETRY_DELAYS_SECONDS = (1, 5, 15, 60, 300)
"""After each failed try; the last one repeats until the cache accepts."""
_NAME = "purge"


def register_key(register: str) -> str:
    """The key of all pages about a register."""
    return f"register:{register}"


class PurgeProgress(Struct, frozen=True):
    """What was purged at which address: up to a position of the log, and the state of what no event changes."""

    url: str = ""
    position: int = 0
    others: str = ""
    tries: int = 0
    next_at: datetime | None = None


def purge_due(services: Services, jobs: Engine) -> bool:
    """Purge what has changed since the last accepted purge; returns whether the cache accepted one."""
    url, now = services.settings.purge_url, services.clock()
    if not url:
        return False
    progress, state = _read(jobs), services.public_state()
    if progress.url == url and progress.next_at and now < progress.next_at:
        return False
    keys = keys_to_purge(progress, state, url)
    if not keys:
        return False
    time.sleep(PAUSE_SECONDS)
    if problem := _send(services, keys, state.position.count):
        _write(jobs, _failed(progress, url, keys, now))
        if not progress.tries:
            log.warning("the cache at UPTAKE_PURGE_URL did not accept a purge (%s); trying again", problem)
        return False
    if progress.tries:
        log.info("the cache at UPTAKE_PURGE_URL accepted a purge again")
    _write(jobs, PurgeProgress(url, state.position.count, _others(state)))
    return True


def _failed(progress: PurgeProgress, url: str, keys: list[str], now: datetime) -> PurgeProgress:
    """The progress after a failed try. If all pages had to be purged, they still have to."""
    delay = RETRY_DELAYS_SECONDS[min(progress.tries, len(RETRY_DELAYS_SECONDS) - 1)]
    others = "" if keys == [ALL_PAGES_KEY] else progress.others
    return PurgeProgress(url, progress.position, others, progress.tries + 1, now + timedelta(seconds=delay))


def keys_to_purge(progress: PurgeProgress, state: SiteState, url: str) -> list[str]:
    """The keys of the pages that have changed, sorted; that of all pages if it is not known which."""
    is_unknown = progress.url != url or progress.position > state.position.count or progress.others != _others(state)
    if is_unknown:
        return [ALL_PAGES_KEY]
    registers = state.states.changed_after(progress.position)
    is_site_changed = state.states.of_site.position > progress.position
    keys = [*map(register_key, sorted(registers)), *([SITE_KEY] if is_site_changed else [])]
    return keys if len(keys) <= MAX_KEYS else [ALL_PAGES_KEY]


def _others(state: SiteState) -> str:
    """A digest of what pages show and no event changes: the names that people chose, and copies of sources."""
    return sha256(msgspec.json.encode([sorted(state.names.items()), state.sources_mark])).hexdigest()


def _send(services: Services, keys: list[str], position: int) -> str:
    """Send the keys; returns why they were not accepted, or nothing."""
    body = msgspec.json.encode({"position": position, "keys": keys})
    ident, secret = f"purge_{position}", services.settings.purge_secret.encode()
    headers = sign(secret, ident, services.clock(), body) | {
        "Content-Type": "application/json",
        "User-Agent": "Uptake",
        "Surrogate-Key": " ".join(keys),
    }
    try:
        status = post(services.settings.purge_url, body, headers, private=True).status
    except Undeliverable as e:
        return e.kind
    return "" if 200 <= status < 300 else f"status {status}"


def _read(jobs: Engine) -> PurgeProgress:
    with jobs.begin() as db:
        stored = db.scalar(select(shared_values.c.value).where(shared_values.c.name == _NAME))
    return msgspec.json.decode(stored, type=PurgeProgress) if stored else PurgeProgress()


def _write(jobs: Engine, progress: PurgeProgress) -> None:
    with jobs.begin() as db:
        db.execute(delete(shared_values).where(shared_values.c.name == _NAME))
        db.execute(insert(shared_values).values(name=_NAME, value=msgspec.json.encode(progress).decode()))
