"""The tables of the locker: copies, notes and link checks. They can be deleted, and are private by default."""

from datetime import UTC, datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.services.accounts.models import Base


class EvidenceColumns:
    """The columns that identify an item of evidence."""

    register: Mapped[str] = mapped_column(String(80))
    evidence: Mapped[str] = mapped_column(String(80))


class StoredFile(EvidenceColumns, Base):
    """A copy of a source. `sha256` is of the stored bytes, `original` of the uploaded ones; they differ for pictures.

    `url` is the address from which the server fetched it, empty for an upload. Instants are in UTC.
    """

    __tablename__ = "kept_files"
    __table_args__ = (UniqueConstraint("register", "evidence", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    original: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(8))
    size: Mapped[int]
    captured_at: Mapped[datetime]
    captured_by: Mapped[str] = mapped_column(String(80))
    url: Mapped[str] = mapped_column(Text, default="")
    rights: Mapped[str] = mapped_column(Text, default="")
    is_public: Mapped[bool] = mapped_column(default=False)

    @property
    def at(self) -> datetime:
        return self.captured_at.replace(tzinfo=UTC)


class EvidenceNote(EvidenceColumns, Base):
    """A remark on an item of evidence, in its own language."""

    __tablename__ = "evidence_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    written_at: Mapped[datetime]
    written_by: Mapped[str] = mapped_column(String(80))
    is_public: Mapped[bool] = mapped_column(default=False)

    @property
    def at(self) -> datetime:
        return self.written_at.replace(tzinfo=UTC)


class LinkCheck(EvidenceColumns, Base):
    """The latest check of an item's address. `digest` is of the latest content, `expected` of the content to compare.

    `silent_since` is the first check without an answer, None after an answer; `result` is empty until the first result.
    """

    __tablename__ = "link_checks"

    register: Mapped[str] = mapped_column(String(80), primary_key=True)
    evidence: Mapped[str] = mapped_column(String(80), primary_key=True)
    result: Mapped[str] = mapped_column(String(8), default="")
    reason: Mapped[str] = mapped_column("said", Text, default="")
    moved_to: Mapped[str] = mapped_column(Text, default="")
    digest: Mapped[str] = mapped_column(String(64), default="")
    expected: Mapped[str] = mapped_column(String(64), default="")
    checked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    silent_since: Mapped[datetime | None]
    due_at: Mapped[datetime]
