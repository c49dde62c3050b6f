"""What second opinions store about a person."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.services.accounts.database import affected_rows
from app.services.accounts.person_data import PersonData
from app.services.opinions.models import Opinion, Question


def _cancel_open_questions(session: Session, person: str) -> None:
    unanswered = select(Opinion.question_id).where(Opinion.person == person, Opinion.status == "")
    for question in session.scalars(select(Question).where(Question.id.in_(unanswered))):
        session.delete(question)


def _erase_rationales(session: Session, person: str) -> int:
    """The status stays: without it the other opinion of the pair means nothing."""
    statement = update(Opinion).where(Opinion.person == person, Opinion.rationale != "").values(rationale="")
    return affected_rows(session.execute(statement))


OPINIONS = PersonData(leave=_cancel_open_questions, erase=_erase_rationales)
