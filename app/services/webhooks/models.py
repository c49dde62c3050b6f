"""The tables of webhooks, in the accounts database: receivers, their progress, and every attempt."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.services.accounts.models import Base


class Webhook(Base):
    """A receiver of a register's public events. It accepted all up to position `after`; `tries` counts for the next.

    Its secret is derived from `seed` and the web secrets, so that no table contains it.
    """

    __tablename__ = "webhooks"

    id: Mapped[int] = mapped_column(primary_key=True)
    register: Mapped[str] = mapped_column(String(80))
    url: Mapped[str] = mapped_column(String(500))
    seed: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    after: Mapped[int] = mapped_column(BigInteger)
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]

    __table_args__ = (Index("webhooks_by_register", "register"),)


class DeliveryAttempt(Base):
    """One request: the event, and the status of the answer or the reason for none."""

    __tablename__ = "webhook_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    hook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(BigInteger)
    topic: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    status: Mapped[int | None]
    why: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (Index("webhook_attempts_by_hook", "hook_id", "at"),)

    @property
    def is_delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def tried_at(self) -> datetime:
        return self.at.replace(tzinfo=UTC)
