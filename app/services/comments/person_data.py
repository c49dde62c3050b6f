"""What comments store about a person."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.services.accounts.database import affected_rows
from app.services.accounts.person_data import PersonData
from app.services.comments.models import Comment


def _erase_comments(session: Session, person: str) -> int:
    statement = delete(Comment).where(Comment.author == person)
    return affected_rows(session.execute(statement))


COMMENTS = PersonData(leave=lambda _session, _person: None, erase=_erase_comments)
