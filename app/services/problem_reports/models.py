"""The table of kept problem reports, in the accounts database."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.services.accounts.models import Base


class ProblemReport(Base):
    """All problems of what a person uploaded or pasted last. Each person has one report at most."""

    __tablename__ = "problem_reports"

    user_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(16))
    """A digest of the content: the link on an older page leads to no other report."""
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """A CSV file, compressed with zlib."""
    at: Mapped[datetime]
