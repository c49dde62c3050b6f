"""What is kept of an item of evidence beside the record: it can be taken away, and is public only where it says so."""

from datetime import UTC, datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.services.accounts.models import Base


class EvidenceColumns:
    """An item of evidence is named by its register and its id."""

    register: Mapped[str] = mapped_column(String(80))
    evidence: Mapped[str] = mapped_column(String(80))


class StoredFile(EvidenceColumns, Base):
    """A copy of a source. `sha256` is of the bytes that are kept, `original` of those that were brought; they differ
    for pictures. `url` is where the server fetched it, empty where somebody uploaded it. Instants are in UTC."""

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
    """What became of the address of an item. `digest` is of what it showed last, `expected` of what it is held against.

    `silent_since` is when nobody answered first, None while somebody does; `result` is empty until there is one.
    """

    __tablename__ = "link_checks"

    register: Mapped[str] = mapped_column(String(80), primary_key=True)
    evidence: Mapped[str] = mapped_column(String(80), primary_key=True)
    result: Mapped[str] = mapped_column(String(8), default="")
    said: Mapped[str] = mapped_column(Text, default="")
    moved_to: Mapped[str] = mapped_column(Text, default="")
    digest: Mapped[str] = mapped_column(String(64), default="")
    expected: Mapped[str] = mapped_column(String(64), default="")
    checked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    silent_since: Mapped[datetime | None]
    due_at: Mapped[datetime]
