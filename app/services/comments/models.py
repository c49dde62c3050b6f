"""The tables of comments, in the accounts database. A deleted comment leaves no trace."""

from datetime import UTC, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.services.accounts.models import Base


class Comment(Base):
    """A comment on a recommendation; `assessment` is the id of a proposal, or empty.

    `field` names a field of the proposal, and `suggestion` is a text for it; both are empty in other comments.

    `author` is a person's id, as in events, so that a conversation stays complete when a person leaves.
    """

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    register: Mapped[str] = mapped_column(String(80))
    recommendation: Mapped[str] = mapped_column(String(80))
    assessment: Mapped[str] = mapped_column(String(80), default="")
    author: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    field: Mapped[str] = mapped_column(String(40), default="")
    suggestion: Mapped[str] = mapped_column(Text, default="")
    mentions: Mapped[list["Mention"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def written_at(self) -> datetime:
        return self.at.replace(tzinfo=UTC)

    __table_args__ = (Index("comments_by_recommendation", "register", "recommendation"),)


class Mention(Base):
    """A person who is mentioned in a comment, and when they saw it."""

    __tablename__ = "mentions"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    seen_at: Mapped[datetime | None]

    __table_args__ = (Index("mentions_by_person", "user_id", "seen_at"),)
