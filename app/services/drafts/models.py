"""The table of drafts, in the accounts database. Only their author sees them."""

from datetime import UTC, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.services.accounts.models import Base

FILE_FIELD = "_file"
"""The field that records that a file was chosen; the file itself is not saved."""


class Draft(Base):
    """The content of the form at `path`, as JSON: a list of texts for each field."""

    __tablename__ = "drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    path: Mapped[str] = mapped_column(String(400))
    register: Mapped[str] = mapped_column(String(80))
    about: Mapped[str] = mapped_column(String(80))
    fields: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("user_id", "path"),)

    @property
    def lacks_file(self) -> bool:
        """Whether a file was chosen, which is not saved."""
        return f'"{FILE_FIELD}"' in self.fields

    @property
    def saved_at(self) -> datetime:
        return self.at.replace(tzinfo=UTC)


class KeptForm(Base):
    """A form that was sent after its login session had ended.

    It becomes a draft when the same person signs in again in the same browser. Other people never see it.
    """

    __tablename__ = "kept_forms"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("seats.id", ondelete="CASCADE"))
    path: Mapped[str] = mapped_column(String(400))
    register: Mapped[str] = mapped_column(String(80))
    about: Mapped[str] = mapped_column(String(80))
    fields: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("session_id", "path"),)


class SentForm(Base):
    """A form that was sent; `key` is made of its stamp and its content. `answer` says where it led."""

    __tablename__ = "sent_forms"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("sent_forms_by_time", "at"),)

    @property
    def sent_at(self) -> datetime:
        return self.at.replace(tzinfo=UTC)
