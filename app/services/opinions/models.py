"""The tables of second opinions, in the accounts database. Single opinions are never public and can be erased."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.services.accounts.models import Base


class Question(Base):
    """An item that two people are asked about; `element` is empty for the whole recommendation."""

    __tablename__ = "opinion_questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    register: Mapped[str] = mapped_column(String(80))
    recommendation: Mapped[str] = mapped_column(String(80))
    element: Mapped[str] = mapped_column(String(80))
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime]
    answers: Mapped[list["Opinion"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="Opinion.person"
    )

    @property
    def is_answered(self) -> bool:
        return len(self.answers) > 1 and all(a.status for a in self.answers)

    @property
    def disagree(self) -> bool:
        return self.is_answered and len({a.status for a in self.answers}) > 1

    def of(self, person: str) -> "Opinion | None":
        return next((a for a in self.answers if a.person == person), None)

    __table_args__ = (Index("opinion_questions_by_register", "register"),)


class Opinion(Base):
    """The opinion of one person; `status` is empty until it is given. `person` is an id, as in events."""

    __tablename__ = "opinion_answers"

    question_id: Mapped[int] = mapped_column(ForeignKey("opinion_questions.id", ondelete="CASCADE"), primary_key=True)
    person: Mapped[str] = mapped_column(String(80), primary_key=True)
    status: Mapped[str] = mapped_column(String(40))
    effective_on: Mapped[str] = mapped_column(String(10))
    rationale: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime | None]

    __table_args__ = (Index("opinion_answers_by_status", "status"),)
