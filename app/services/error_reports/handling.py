"""What staff do with reports: read, close, reopen and delete them, and delete the address of a reader."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from app.services.container import Services
from app.services.error_reports.models import CONTACT_TTL, MAX_CONTACT_AGE, ErrorReport, ReaderContact
from domain.errors import NotFound, refusal

REPORTS_PER_PAGE = 50


def list_reports(
    db: Session, register: str, *, is_closed: bool, skip: int = 0, limit: int = REPORTS_PER_PAGE
) -> tuple[list[ErrorReport], int]:
    """Some reports of a register, the oldest open or the latest closed first, and how many there are."""
    closed = ErrorReport.closed_at.is_not(None)
    where = ErrorReport.register == register, closed if is_closed else ~closed
    order = ErrorReport.closed_at.desc() if is_closed else ErrorReport.at
    rows = db.scalars(select(ErrorReport).where(*where).order_by(order, ErrorReport.id).offset(skip).limit(limit))
    return list(rows), db.scalar(select(func.count()).select_from(ErrorReport).where(*where)) or 0


def contacts_of(db: Session, reports: Collection[ErrorReport]) -> dict[int, str]:
    """The addresses that readers left, by the number of the report."""
    query = select(ReaderContact).where(ReaderContact.report_id.in_([report.id for report in reports]))
    return {contact.report_id: contact.email for contact in db.scalars(query)}


def close_report(db: Session, register: str, number: int, person: str, now: datetime) -> None:
    report = _find(db, register, number)
    report.closed_at, report.closed_by = now.replace(tzinfo=None), person


def reopen_report(db: Session, register: str, number: int) -> None:
    report = _find(db, register, number)
    report.closed_at, report.closed_by = None, ""


def delete_report(db: Session, register: str, number: int) -> None:
    """Delete a report with the address of the reader."""
    db.delete(_find(db, register, number))


def delete_contact(db: Session, register: str, number: int) -> None:
    db.execute(delete(ReaderContact).where(ReaderContact.report_id == _find(db, register, number).id))


def delete_old_contacts(services: Services) -> None:
    """Delete the addresses of readers whose reports are closed for a while, or very old."""
    now = services.clock().replace(tzinfo=None)
    old = or_(ErrorReport.closed_at < now - CONTACT_TTL, ErrorReport.at < now - MAX_CONTACT_AGE)
    with services.accounts.work() as db:
        db.execute(delete(ReaderContact).where(ReaderContact.report_id.in_(select(ErrorReport.id).where(old))))


def _find(db: Session, register: str, number: int) -> ErrorReport:
    query = select(ErrorReport).where(ErrorReport.register == register, ErrorReport.id == number)
    report = db.scalars(query).one_or_none()
    if report is None:
        raise NotFound(refusal("This report is not here any more. Someone may have deleted it."))
    return report
