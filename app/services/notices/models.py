"""The table of notices, in the accounts database. A notice holds no text of a proposal, a comment or a note."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.services.accounts.models import Base

NOTICE_TTL = timedelta(days=90)


class Notice(Base):
    """What is new for a person. `slot` names the event, so that each person gets one notice of it.

    `element` is the part of the recommendation, `by` the id of a person, `about` that of a proposal.
    """

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    slot: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(20))
    register: Mapped[str] = mapped_column(String(80))
    recommendation: Mapped[str] = mapped_column(String(80), default="")
    element: Mapped[str] = mapped_column(String(80), default="", server_default="")
    path: Mapped[str] = mapped_column(String(400))
    by: Mapped[str] = mapped_column(String(80))
    about: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("user_id", "slot"), Index("notices_by_person", "user_id", "read_at"))

    @property
    def noticed_at(self) -> datetime:
        return self.at.replace(tzinfo=UTC)

    @property
    def is_unread(self) -> bool:
        return self.read_at is None
