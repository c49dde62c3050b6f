"""Checks whether the links of sources still show the same content: one at a time, each about once a week.

Only public sources are checked, so that no site learns from us what is in preparation.
"""

import re
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from html.parser import HTMLParser
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.adapters.fetcher import AddressNotAllowed, FetchResult, NoAnswer
from app.services.container import Services
from app.services.locker.copies import naive_utc
from app.services.locker.file_types import HTML, detect_file_type
from app.services.locker.models import LinkCheck
from domain.errors import Refused
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import EvidenceEntry
from projections.engine.position import last_applied_at

CHECK_INTERVAL, RETRY_INTERVAL = timedelta(days=7), timedelta(days=1)
DEAD_AFTER = timedelta(days=2)
"""How long a link has no answer, checked every day, before it counts as dead."""
GONE_STATUSES = (404, 410)


class LinkResult(StrEnum):
    OK = "ok"
    MOVED = "moved"
    DEAD = "dead"
    DIFFERS = "differs"


def check_next_link(services: Services) -> str:
    """Check the link that has waited longest, if one is due; returns its evidence id, or an empty text."""
    now = naive_utc(services.clock())
    with services.accounts.work() as db:
        due_times = {(row.register, row.evidence): row.due_at for row in db.scalars(select(LinkCheck))}
    waiting = [
        (due_times.get((register, e.id)) or now - CHECK_INTERVAL, register, e)
        for register, e in _links(services)
        if (due_times.get((register, e.id)) or now) <= now
    ]
    if not waiting:
        return ""
    _, register, entry = min(waiting, key=lambda w: w[0])
    check_link(services, register, entry)
    return entry.id


def check_link(services: Services, register: str, entry: EvidenceEntry) -> None:
    """Fetch one address and store the result."""
    result: FetchResult | Refused
    try:
        result = services.fetcher.get(entry.url, services.settings.largest_file_mb * 2**20)
    except (AddressNotAllowed, NoAnswer) as refused:
        result = refused
    now = naive_utc(services.clock())
    with services.accounts.work() as db:
        row = db.get(LinkCheck, (register, entry.id)) or LinkCheck(register=register, evidence=entry.id)
        row.checked_at, row.due_at, row.reason = now, now + CHECK_INTERVAL, ""
        if isinstance(result, FetchResult) and result.status < 500:
            row.answered_at, row.silent_since = now, None
            _record_answer(row, entry.url, result)
        elif isinstance(result, AddressNotAllowed):
            row.reason = str(result)
        else:
            row.reason = str(result) if isinstance(result, Refused) else _status(result)
            row.due_at, row.silent_since = now + RETRY_INTERVAL, row.silent_since or now
            if now - row.silent_since >= DEAD_AFTER and _has_any_answer(db, row.silent_since):
                row.result = LinkResult.DEAD
        db.add(row)


def checks_of(db: Session, register: str, evidence: Collection[str]) -> dict[str, LinkCheck]:
    """The link checks of some items, by id; only links that were checked."""
    query = select(LinkCheck).where(LinkCheck.register == register, LinkCheck.evidence.in_(evidence))
    return {row.evidence: row for row in db.scalars(query) if row.checked_at}


def problems_of(db: Session, register: str, limit: int) -> list[str]:
    """The ids of items whose link no longer works, has moved, or whose page has changed."""
    results = (LinkResult.DEAD, LinkResult.MOVED, LinkResult.DIFFERS)
    query = select(LinkCheck.evidence).where(LinkCheck.register == register, LinkCheck.result.in_(results))
    return list(db.scalars(query.order_by(LinkCheck.checked_at.desc()).limit(limit)))


def expect_content(services: Services, db: Session, register: str, evidence: str, digest: str) -> None:
    """Set the digest that later checks compare with: of a capture, or of content that a person confirmed."""
    now = naive_utc(services.clock())
    row = db.get(LinkCheck, (register, evidence))
    row = row or LinkCheck(register=register, evidence=evidence, due_at=now)
    row.expected = digest
    if row.result == LinkResult.DIFFERS and row.digest == digest:
        row.result = LinkResult.OK
    db.add(row)


def digest_of(answer: FetchResult) -> str:
    """A digest of what a reader sees: the words of an HTML page without its frame, else the bytes."""
    try:
        is_page = detect_file_type(answer.content) is HTML
    except Refused:
        is_page = False
    content = answer.content
    if is_page:
        page = _PageText()
        try:
            page.feed(content.decode(answer.charset or "utf-8", "replace"))
        except LookupError:  # an unknown encoding
            page.feed(content.decode("utf-8", "replace"))
        content = " ".join(page.words).encode()
    return sha256(content).hexdigest()


def _record_answer(row: LinkCheck, url: str, answer: FetchResult) -> None:
    if answer.status in GONE_STATUSES:
        row.result, row.reason = LinkResult.DEAD, _status(answer)
    elif answer.status >= 400:
        row.reason = _status(answer)  # it refuses us, and may still serve readers
    else:
        digest = digest_of(answer) if answer.whole else ""
        row.digest, row.expected = digest, row.expected or digest
        row.moved_to = answer.moved_to if _is_elsewhere(url, answer.moved_to) else ""
        if row.moved_to:
            row.result = LinkResult.MOVED
        else:
            row.result = LinkResult.DIFFERS if digest and digest != row.expected else LinkResult.OK


def _status(answer: FetchResult) -> str:
    return f"HTTP {answer.status}"


def _is_elsewhere(old: str, new: str) -> bool:
    """Whether a permanent redirect is worth reporting: not from http to https, nor for a trailing slash."""

    def place(url: str) -> tuple[str, str, str]:
        parts = urlsplit(url)
        return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/"), parts.query

    return bool(new) and place(old) != place(new)


def _has_any_answer(db: Session, since: datetime) -> bool:
    """Whether any site answered since then. If none did, our own connection is down."""
    return bool(db.scalar(select(func.count()).where(LinkCheck.answered_at > since)))


def _links(services: Services) -> Iterator[tuple[str, EvidenceEntry]]:
    """All public sources with a web address, with their registers."""
    with services.views.connect() as db:
        known_at = last_applied_at(db)
        for register in catalogue.registers(db):
            if register.is_open:
                entries = catalogue.evidence(db, register.id, known_at).values()
                yield from ((register.id, e) for e in entries if re.match(r"https?://", e.url))


class _PageText(HTMLParser):
    """The words of a page, without those of its frame."""

    SKIPPED_TAGS = frozenset(
        ("script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "svg")
    )

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.skip_depth = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.skip_depth += tag in self.SKIPPED_TAGS

    def handle_endtag(self, tag: str) -> None:
        self.skip_depth = max(0, self.skip_depth - (tag in self.SKIPPED_TAGS))

    def handle_data(self, data: str) -> None:
        if not self.skip_depth:
            self.words += data.split()
