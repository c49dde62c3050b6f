"""Checks and stores what a reader reports. Programs are stopped without asking another site."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.services.accounts.login_attempts import attempt_keys, is_blocked, record_failure, was_counted
from app.services.accounts.people import is_email
from app.services.container import Services
from app.services.error_reports.models import ErrorReport, ReaderContact
from app.services.form_stamps import network_of, program_problems
from domain.errors import Refusal, Refused, refusal, refuse
from domain.text import normalize_text

MAX_TEXT, MAX_EMAIL, MAX_PAGE = 5_000, 254, 500
SAME_REPORT = timedelta(hours=1)
"""A text that comes again within this time, about the same page, is the same report sent twice."""
_RECOMMENDATION = re.compile(r"/recommendations/([a-z0-9-]{1,80})/")


class SentReport(Struct, frozen=True):
    """What a reader sent. `trap` is a field that people do not see; `sender` is a network address."""

    register: str
    page: str
    text: str
    language: str
    email: str = ""
    trap: str = ""
    stamp: str = ""
    sender: str = ""


class TooManyReports(Refused):
    """Too many reports came from one network address, or from all together."""


def send_report(services: Services, report: SentReport) -> None:
    """Store a report for the staff of its register. Raises `Refused` with all that is wrong, or `TooManyReports`."""
    now, (text, unreadable) = services.clock(), normalize_text(report.text, "text")
    refuse([*([unreadable] if unreadable else []), *_problems(services, report, text, now)])
    with services.accounts.work() as db:
        if _was_sent(db, report, text, now):
            return
        counted = _counted(db, report, now)
        if is_blocked(db, counted, now):
            raise TooManyReports(
                refusal(
                    "Many reports came in the last quarter of an hour, so no more are accepted now. Keep this page "
                    "open and send your report again in 15 minutes."
                )
            )
        record_failure(db, counted, now)
        _store(db, report, text, now)


def form_name(register: str) -> str:
    """What the stamp of the form of a register is about."""
    return f"error-report/{register}"


def about_page(register: str, page: str) -> str:
    """The address of a page of a register as it is stored; empty if it is none."""
    pattern = rf"(?:/[a-z]{{2,3}}(?:-[A-Za-z]+)?)?/{re.escape(register)}/[!-~]*"
    climbs = re.search(r"(?:/|%2f)(?:\.|%2e){1,2}(?:/|%2f|$)", page.partition("?")[0], re.IGNORECASE)
    return page if len(page) <= MAX_PAGE and re.fullmatch(pattern, page) and not climbs else ""


def _problems(services: Services, report: SentReport, text: str, now: datetime) -> Iterator[Refusal]:
    if not text:
        yield refusal("Say what is wrong.", field="text")
    if len(text) > MAX_TEXT:
        length, limit = f"{len(text):,}", f"{MAX_TEXT:,}"
        yield refusal(
            "Your text has {length} characters; shorten it to {limit}.", length=length, limit=limit, field="text"
        )
    if report.email and not (is_email(report.email) and len(report.email) <= MAX_EMAIL):
        yield refusal("Write the e-mail address like name@example.org, or leave the field empty.", field="email")
    yield from program_problems(services.settings, form_name(report.register), report.stamp, report.trap, now)


def _counted(db: Session, report: SentReport, now: datetime) -> dict[str, str]:
    """The keys that a report counts for.

    The first report of a network is counted apart, so that others who send many do not block it.
    """
    network = network_of(report.sender)
    is_first = not was_counted(db, "report_address", network, now)
    return attempt_keys(**{"report_first" if is_first else "report": report.register}, report_address=network)


def _was_sent(db: Session, report: SentReport, text: str, now: datetime) -> bool:
    since = now.replace(tzinfo=None) - SAME_REPORT
    query = select(ErrorReport.id).where(
        *(ErrorReport.register == report.register, ErrorReport.at > since),
        *(ErrorReport.page == about_page(report.register, report.page), ErrorReport.text == text),
    )
    return db.scalar(query.limit(1)) is not None


def _store(db: Session, report: SentReport, text: str, now: datetime) -> None:
    page = about_page(report.register, report.page)
    found = _RECOMMENDATION.search(page)
    row = ErrorReport(
        register=report.register,
        recommendation=found[1] if found else "",
        page=page,
        text=text,
        language=report.language,
        at=now.replace(tzinfo=None),
    )
    db.add(row)
    db.flush()
    if report.email:
        db.add(ReaderContact(report_id=row.id, email=report.email))
