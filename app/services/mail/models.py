"""Which messages a person wants, where the defaults apply until they choose; and messages about accounts."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.services.accounts.models import Base, User

IMMEDIATE_KINDS = ("mention", "review", "returned", "published", "declined", "assigned", "opinion", "role")
"""The kinds of immediate notifications; all are on by default."""
DIGEST = "digest"
DIGEST_INTERVALS = ("daily", "weekly")


class MailPreferences(Base):
    """`at_once` is a space-separated list of kinds; `digest` is an interval, or empty for no digest."""

    __tablename__ = "mail_wishes"

    user_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    at_once: Mapped[str] = mapped_column(String(80), default=" ".join(IMMEDIATE_KINDS))
    digest: Mapped[str] = mapped_column(String(20), default="")

    def wants(self, kind: str) -> bool:
        return bool(self.digest) if kind == DIGEST else kind in self.at_once.split()

    def stop(self, kind: str) -> None:
        """Turn off messages of a kind."""
        if kind == DIGEST:
            self.digest = ""
        self.at_once = " ".join(k for k in self.at_once.split() if k != kind)


class AccountMessage(Base):
    """A message about an account to send to its owner.

    `by` is the id of who caused it, if that is another person. `register` is that of an invitation.
    """

    __tablename__ = "account_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(80), default="")
    register: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[datetime]


def mail_preferences_of(db: Session, user: User) -> MailPreferences:
    """The preferences of a person. Add the result to the session to store changes."""
    return db.get(MailPreferences, user.id) or MailPreferences(
        user_id=user.id, at_once=" ".join(IMMEDIATE_KINDS), digest=""
    )
