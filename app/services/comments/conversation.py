"""Adds, reads and removes comments, and marks mentions as seen."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from app.services.accounts.models import User
from app.services.accounts.people import Person
from app.services.comments.mentions import handles_in, mentioned_users
from app.services.comments.models import Comment, Mention
from domain.errors import NotFound, Refused, refusal

MAX_LENGTH = 5000


def add_comment(db: Session, author: User, about: Comment, now: datetime) -> None:
    """Store a comment. `about` has the place and the text. A repeated comment is stored once. Raises `Refused`."""
    about.text, about.author, about.at = _clean(about.text), author.person, _naive(now)
    mentioned = mentioned_users(about.text, handles_in(db, about.register))
    last = db.scalars(_about(about.register, about.recommendation).order_by(Comment.id.desc())).first()
    if last and (last.author, last.assessment, last.text) == (about.author, about.assessment, about.text):
        return
    about.mentions = [Mention(user_id=user.id) for user in mentioned if user.id != author.id]
    db.add(about)


def comments_on(db: Session, register: str, recommendation: str, assessment: str | None = None) -> list[Comment]:
    """The comments on a recommendation and its proposals, or on one proposal; oldest first."""
    query = _about(register, recommendation).order_by(Comment.id)
    return list(db.scalars(query if assessment is None else query.where(Comment.assessment == assessment)))


def count_comments(db: Session, register: str) -> dict[str, int]:
    """The number of comments by recommendation."""
    query = select(Comment.recommendation, func.count()).where(Comment.register == register)
    return dict(db.execute(query.group_by(Comment.recommendation)).all())


def delete_comment(db: Session, number: int, register: str, person: Person) -> Comment:
    """Delete a comment, as its author or an administrator. Raises `NotFound` or `Refused`."""
    comment = db.get(Comment, number)
    if comment is None or comment.register != register:
        raise NotFound(refusal("This comment no longer exists."))
    if comment.author != person.id and not person.may("people", register):
        raise Refused(refusal("Only the author of a comment or an administrator can remove it."))
    db.delete(comment)
    return comment


def unseen_mentions(db: Session, person: str, register: str) -> list[Comment]:
    """The comments that mention a person and that the person has not seen; oldest first."""
    query = select(Comment).join(Mention, Mention.comment_id == Comment.id).join(User, User.id == Mention.user_id)
    query = query.where(User.person == person, Mention.seen_at.is_(None), Comment.register == register)
    return list(db.scalars(query.order_by(Comment.id)))


def mark_seen(db: Session, person: str, comments: Iterable[Comment], now: datetime) -> None:
    """Mark the mentions of a person in these comments as seen."""
    me = select(User.id).where(User.person == person).scalar_subquery()
    ids = [c.id for c in comments]
    statement = update(Mention).where(Mention.user_id == me, Mention.comment_id.in_(ids), Mention.seen_at.is_(None))
    db.execute(statement.values(seen_at=_naive(now)))


def _about(register: str, recommendation: str) -> Select[Comment]:
    return select(Comment).where(Comment.register == register, Comment.recommendation == recommendation)


def _clean(text: str) -> str:
    text = unicodedata.normalize("NFC", text.strip())
    if not text:
        raise Refused(refusal("Enter a comment.", field="text"))
    if len(text) > MAX_LENGTH:
        raise Refused(
            refusal(
                "Comments must be {most} characters or fewer. This one has {n}.",
                most=MAX_LENGTH,
                n=len(text),
                field="text",
            )
        )
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text):
        raise Refused(refusal("The text contains a control character. Retype it.", field="text"))
    return text


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)
