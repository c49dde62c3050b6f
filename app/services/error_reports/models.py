"""The tables of reported errors, in the accounts database. The addresses of readers are apart, to be deleted alone."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.services.accounts.models import Base

CONTACT_TTL = timedelta(days=30)
"""How long the address of a reader is kept after the report was closed."""
MAX_CONTACT_AGE = timedelta(days=365)
"""How long it is kept at most."""


class ErrorReport(Base):
    """What a reader reports about a page. `page` is its address on this site, with the dates that it showed.

    `recommendation` is empty on pages that are not about one; `closed_by` is a person's id.
    """

    __tablename__ = "error_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    register: Mapped[str] = mapped_column(String(80))
    recommendation: Mapped[str] = mapped_column(String(80), default="")
    page: Mapped[str] = mapped_column(String(500))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(String(80), default="")

    __table_args__ = (Index("error_reports_by_register", "register", "closed_at", "at"),)

    @property
    def sent_at(self) -> datetime:
        return self.at.replace(tzinfo=UTC)


class ReaderContact(Base):
    """The e-mail address that a reader left for an answer."""

    __tablename__ = "error_report_contacts"

    report_id: Mapped[int] = mapped_column(ForeignKey("error_reports.id", ondelete="CASCADE"), primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
