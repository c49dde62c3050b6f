"""The tables of imports from spreadsheets, in the accounts database."""

from datetime import UTC, datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.services.accounts.models import Base


class SheetImport(Base):
    """An import that its author has begun: the file, what was read, and the answers so far. Only its author sees it."""

    __tablename__ = "sheet_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    register: Mapped[str] = mapped_column(String(80), default="")
    """The id of the register; empty until it is chosen, for a register that does not exist yet."""
    file_name: Mapped[str] = mapped_column(String(255), default="")
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """The file itself: read again if its encoding or separator is changed."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the content: every step names it, so that no answer is given about another file."""
    workbook: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """A `Workbook` as MessagePack, compressed with zlib."""
    mapping: Mapped[str] = mapped_column(Text)
    """A `SheetMapping` as JSON."""
    corrections: Mapped[str] = mapped_column(Text, default="{}")
    """`RowCorrections` as JSON."""
    step: Mapped[str] = mapped_column(String(20))
    """The first step that is not answered: `file`, `sheet`, `columns`, `values` or `preview`; `rest` once imported."""
    at: Mapped[datetime]
    progress: Mapped[str] = mapped_column(Text, default="")
    """How far the check of a long file is, as JSON; empty if there was none."""
    preview: Mapped[bytes] = mapped_column(LargeBinary, default=b"", deferred=True)
    """What the check of a long file found, as MessagePack, compressed with zlib; empty before."""
    result: Mapped[str] = mapped_column(Text, default="")
    """What the last import stored, as JSON; empty before."""

    @property
    def saved_at(self) -> datetime:
        return self.at.replace(tzinfo=UTC)

    @property
    def is_open(self) -> bool:
        """Whether there is something left to do: a step, or rows that were left out."""
        return self.step != "rest" or '"left_out":[]' not in self.result


class SavedMapping(Base):
    """The mapping of a register's last file, and what that file said, so that next year's file can be compared."""

    __tablename__ = "saved_mappings"

    register: Mapped[str] = mapped_column(String(80), primary_key=True)
    mapping: Mapped[str] = mapped_column(Text)
    """A `SheetMapping` as JSON."""
    rows: Mapped[bytes] = mapped_column(LargeBinary)
    """What each recommendation's row said, by id: MessagePack, compressed with zlib."""
    file_name: Mapped[str] = mapped_column(String(255), default="")
    digest: Mapped[str] = mapped_column(String(64), default="")
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
