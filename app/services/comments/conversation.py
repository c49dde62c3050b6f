"""Adds, reads and removes comments, and marks mentions as seen."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from app.services.accounts.actors import Person
from app.services.accounts.models import User
from app.services.comments.mentions import Mentions, find_mentions, handles_in
from app.services.comments.models import Comment, Mention
from domain.errors import NotFound, Refused, refusal
from domain.text import normalize_text

MAX_LENGTH = 5000
MAX_SENT_TOGETHER = 10
"""How many of the last comments a suggestion is compared with, to store one that is sent twice once."""


def add_comment(db: Session, author: User, about: Comment, now: datetime) -> Mentions:
    """Store a comment. `about` has the place and the text. A repeated comment is stored once. Raises `Refused`.

    A comment that suggests a text needs no words of its own.
    """
    about.field, about.suggestion = about.field or "", about.suggestion or ""
    if about.suggestion:
        about.suggestion = _clean(about.suggestion, f"edit_{about.field}")
    about.text = _clean(about.text) if about.text or not about.suggestion else ""
    about.author, about.at = author.person, _naive(now)
    mentions = find_mentions(about.text, handles_in(db, about.register))
    newest = _about(about.register, about.recommendation).order_by(Comment.id.desc())
    sent_together = MAX_SENT_TOGETHER if about.suggestion else 1
    if _content(about) in map(_content, db.scalars(newest.limit(sent_together))):
        return mentions
    about.mentions = [Mention(user_id=r.user_id) for r in mentions.readers if r.user_id != author.id]
    db.add(about)
    return mentions


def comments_on(db: Session, register: str, recommendation: str, assessment: str | None = None) -> list[Comment]:
    """The comments on a recommendation and its proposals, or on one proposal; oldest first."""
    query = _about(register, recommendation).order_by(Comment.id)
    return list(db.scalars(query if assessment is None else query.where(Comment.assessment == assessment)))


def suggestions_on(db: Session, register: str, recommendation: str, assessment: str) -> list[Comment]:
    """The comments that suggest a text for a field of a proposal, oldest first."""
    query = _about(register, recommendation).where(Comment.assessment == assessment, Comment.suggestion != "")
    return list(db.scalars(query.order_by(Comment.id)))


def newest_comments(
    db: Session,
    register: str,
    recommendation: str,
    *,
    hidden: Collection[str] = (),
    before: int | None = None,
    limit: int,
) -> list[Comment]:
    """The latest comments on a recommendation and its proposals, oldest first; those on hidden proposals are left out.

    `before` is the number of a comment.
    """
    query = _about(register, recommendation).where(Comment.assessment.not_in(hidden))
    if before is not None:
        query = query.where(Comment.id < before)
    return list(db.scalars(query.order_by(Comment.id.desc()).limit(limit)))[::-1]


def count_comments_on(db: Session, register: str, recommendation: str, *, hidden: Collection[str] = ()) -> int:
    """How many comments a recommendation and its proposals have, without those on hidden proposals."""
    query = _about(register, recommendation).where(Comment.assessment.not_in(hidden))
    return db.scalar(select(func.count()).select_from(query.subquery())) or 0


def count_comments(db: Session, register: str, recommendations: Collection[str]) -> dict[str, int]:
    """The number of comments on each of some recommendations."""
    query = select(Comment.recommendation, func.count()).where(
        Comment.register == register, Comment.recommendation.in_(recommendations)
    )
    return dict(db.execute(query.group_by(Comment.recommendation)).all())


def find_removable_comment(db: Session, number: int, register: str, person: Person) -> Comment:
    """A comment that the person wrote or, as an administrator, may remove. Raises `NotFound` or `Refused`."""
    comment = db.get(Comment, number)
    if comment is None or comment.register != register:
        raise NotFound(refusal("This comment no longer exists."))
    if comment.author != person.id and not person.may("people", register):
        raise Refused(refusal("Only the author of a comment or an administrator can remove it."))
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


def _content(comment: Comment) -> tuple[str, ...]:
    return comment.author, comment.assessment, comment.field, comment.text, comment.suggestion


def _clean(text: str, field: str = "text") -> str:
    text, problem = normalize_text(text.strip(), "text")
    if problem:
        raise Refused(problem.about(field))
    if not text:
        raise Refused(refusal("Enter a comment.", field=field))
    if len(text) > MAX_LENGTH:
        raise Refused(
            refusal(
                "Comments must be {most} characters or fewer. This one has {n}.",
                most=MAX_LENGTH,
                n=len(text),
                field=field,
            )
        )
    return text


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)
