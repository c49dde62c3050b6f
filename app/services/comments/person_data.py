"""What comments store about a person."""

import re

from sqlalchemy import delete, select, union
from sqlalchemy.orm import Session

from app.services.accounts.database import affected_rows
from app.services.accounts.models import FormerName, User
from app.services.accounts.person_data import PersonData
from app.services.comments.models import Comment


def _erase_comments(session: Session, person: str) -> int:
    """Those of the person; comments of others that mention the name have the id in its place."""
    statement = delete(Comment).where(Comment.author == person)
    return affected_rows(session.execute(statement)) + _erase_mentions(session, person)


def _erase_mentions(session: Session, person: str) -> int:
    current = select(User.name).where(User.person == person, User.name != "")
    former = select(FormerName.name).where(FormerName.person == person)
    names = [re.escape(name) for name in session.scalars(union(current, former))]
    if not names:
        return 0
    mention, count = re.compile(f"@({'|'.join(names)})", re.IGNORECASE), 0
    for comment in session.scalars(select(Comment).where(Comment.text.contains("@"))):
        comment.text, replaced = mention.subn(f"@{person}", comment.text)
        count += bool(replaced)
    return count


COMMENTS = PersonData(leave=lambda _session, _person: None, erase=_erase_comments)
