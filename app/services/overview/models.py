"""The table of saved views, in the accounts database. Only their owner sees them."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.services.accounts.models import Base


class SavedView(Base):
    """A filter of the overview of a register under a name; `query` is that of its address."""

    __tablename__ = "saved_views"

    user_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    register: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    query: Mapped[str] = mapped_column(String(600))
