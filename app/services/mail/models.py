"""Which letters somebody wants; whoever never said gets the usual ones."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.services.accounts.models import Base, User

IMMEDIATE_KINDS = ("mention", "review", "returned")
"""What is told at once, unless it is not wanted."""
DIGEST = "digest"
DIGEST_INTERVALS = ("daily", "weekly")


class MailPreferences(Base):
    """`at_once` holds the kinds that are wanted, with spaces between; `digest` is empty where none is."""

    __tablename__ = "mail_wishes"

    user_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    at_once: Mapped[str] = mapped_column(String(80), default=" ".join(IMMEDIATE_KINDS))
    digest: Mapped[str] = mapped_column(String(20), default="")

    def wants(self, kind: str) -> bool:
        return bool(self.digest) if kind == DIGEST else kind in self.at_once.split()

    def stop(self, kind: str) -> None:
        """From now on no more letters of a kind."""
        if kind == DIGEST:
            self.digest = ""
        self.at_once = " ".join(k for k in self.at_once.split() if k != kind)


def mail_preferences_of(db: Session, user: User) -> MailPreferences:
    """What somebody wants; to be added to the session where it is changed."""
    return db.get(MailPreferences, user.id) or MailPreferences(
        user_id=user.id, at_once=" ".join(IMMEDIATE_KINDS), digest=""
    )
