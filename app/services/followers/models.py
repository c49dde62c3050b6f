"""The tables of followers, in the accounts database. Addresses are in one of them, to be deleted alone."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.services.accounts.models import Base

CONFIRMATION_TTL = timedelta(days=7)
"""How long a follow that was not confirmed is stored."""


class Follower(Base):
    """An address that gets letters.

    A letter covers the log after one position up to another: `letter` is the slot of the last one, `after` and
    `reached` are its positions. The claim on its slot says whether it was sent. `next_at` is when the worker looks for
    news again.
    """

    __tablename__ = "followers"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    """Random; what signed links and slots of jobs contain instead of the address."""
    email: Mapped[str] = mapped_column(String(254), unique=True)
    language: Mapped[str] = mapped_column(String(20))
    after: Mapped[int] = mapped_column(BigInteger, default=0)
    reached: Mapped[int] = mapped_column(BigInteger, default=0)
    letter: Mapped[str] = mapped_column(String(80), default="")
    next_at: Mapped[datetime]

    __table_args__ = (Index("followers_by_next", "next_at"),)


class Follow(Base):
    """What an address follows, or is asked to confirm; `subject` is empty for a whole register.

    News begin after the position `after` of the log, where it was confirmed.
    """

    __tablename__ = "follows"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    follower_id: Mapped[int] = mapped_column(ForeignKey("followers.id", ondelete="CASCADE"))
    register: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(80), default="")
    language: Mapped[str] = mapped_column(String(20))
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    after: Mapped[int] = mapped_column(BigInteger, default=0)

    __table_args__ = (
        UniqueConstraint("follower_id", "register", "kind", "subject"),
        Index("follows_by_register", "register"),
        Index("follows_by_day", "asked_at"),
    )
