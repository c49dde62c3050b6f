"""The tables of comments, beside the accounts. They are no history: a comment can be removed without a trace."""

from datetime import UTC, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.services.accounts.models import Base


class Comment(Base):
    """What somebody said about a recommendation; `assessment` names the proposal it is about, else it is empty.

    `author` is a person's id, as events hold it, so that a conversation stays whole when somebody leaves.
    """

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    register: Mapped[str] = mapped_column(String(80))
    recommendation: Mapped[str] = mapped_column(String(80))
    assessment: Mapped[str] = mapped_column(String(80), default="")
    author: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    mentions: Mapped[list["Mention"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def written_at(self) -> datetime:
        return self.at.replace(tzinfo=UTC)

    __table_args__ = (Index("comments_by_recommendation", "register", "recommendation"),)


class Mention(Base):
    """Somebody who is named in a comment, and when they saw it."""

    __tablename__ = "mentions"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    seen_at: Mapped[datetime | None]

    __table_args__ = (Index("mentions_by_person", "user_id", "seen_at"),)
