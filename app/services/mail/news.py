"""News for staff: mentions in comments, proposals to review, and proposals returned to their author."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.presentation.i18n.languages import SOURCE
from app.services.accounts.models import User
from app.services.accounts.people import person_of
from app.services.comments.models import Comment, Mention
from app.services.container import Services
from app.services.opinions.visibility import ProposalVisibility
from domain.values import RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.worklist.queries import open_criteria_drafts, open_proposals

NEWS_TTL = timedelta(days=1)
"""Older events are not sent, so that a mail server set up later does not send a flood of old news."""


class NewsItem(Struct, frozen=True):
    """`to` is the only receiver; if empty, the receivers are all who may publish except `by`.

    `text` is a note for the receiver; the content of a proposal is only on its page. `about` is the id of an open
    proposal.
    """

    kind: str
    slot: str
    register: str
    recommendation: str
    path: str
    at: datetime
    by: str
    to: str = ""
    text: str = ""
    about: str = ""


def recent_news(services: Services) -> list[NewsItem]:
    """News of the last day that is still open, oldest first."""
    since = services.clock() - NEWS_TTL
    with services.views.connect() as db:
        items = [n for entry in catalogue.registers(db) for n in _to_decide(db, entry.id)]
    with services.accounts.work() as accounts:
        items += _mentions(accounts, since)
    return sorted((n for n in items if n.at > since), key=lambda n: n.at)


def is_for(item: NewsItem, user: User) -> bool:
    """Whether a person is a receiver and may read the content now."""
    person = person_of(user)
    if not user.active or not person.may("read", item.register):
        return False
    return person.id == item.to if item.to else person.id != item.by and person.may("publish", item.register)


def is_hidden(services: Services, item: NewsItem, user: User) -> bool:
    """Whether it is about a proposal that is hidden from a person who has been asked for an independent opinion."""
    if not item.about:
        return False
    with services.accounts.work() as accounts, services.views.connect() as db:
        return item.about in ProposalVisibility(accounts, item.register, user.person).hidden(
            open_proposals(db, item.register)
        )


def facts_of(services: Services, item: NewsItem) -> RecommendationFacts | None:
    """The recommendation that it is about, or None if it has been withdrawn."""
    with services.views.connect() as db:
        entry = catalogue.recommendation(db, item.register, item.recommendation, last_applied_at(db))
    return entry.facts if entry else None


def original_language(services: Services, item: NewsItem) -> str:
    """The language of the originals of its register."""
    with services.views.connect() as db:
        entry = catalogue.register(db, item.register)
    return entry.settings.languages[0] if entry else SOURCE


def _to_decide(db: Connection, register: str) -> Iterator[NewsItem]:
    for p in open_proposals(db, register):
        slot = f"{register}/{p.assessment.id}/{p.at.isoformat()}"
        path = f"/staff/{register}/proposals/{p.assessment.id}/"
        if p.is_returned:
            at, details = p.returned_at or p.at, {"by": p.returned_by, "to": p.proposed_by, "text": p.note}
            yield NewsItem("returned", f"{slot}/returned", register, p.recommendation, path, at, **details)
        elif not p.publish_at:
            yield NewsItem(
                "review", slot, register, p.recommendation, path, p.at, by=p.proposed_by, about=p.assessment.id
            )
    for c in open_criteria_drafts(db, register):
        slot = f"{register}/{c.recommendation}/{c.card.element}/card/{c.at.isoformat()}"
        path = f"/staff/{register}/recommendations/{c.recommendation}/card/?element={c.card.element}"
        yield NewsItem("review", slot, register, c.recommendation, path, c.at, by=c.author)


def _mentions(db: Session, since: datetime) -> Iterator[NewsItem]:
    query = select(Comment, User.person).join(Mention, Mention.comment_id == Comment.id)
    query = query.join(User, User.id == Mention.user_id)
    query = query.where(Mention.seen_at.is_(None), Comment.at > since.replace(tzinfo=None))
    for c, person in db.execute(query):
        slot = f"comment/{c.id}/{c.at.isoformat()}"  # SQLite can reuse the id of a deleted comment
        path = f"/staff/{c.register}/recommendations/{c.recommendation}/comments/#comment-{c.id}"
        details = {"by": c.author, "to": person, "text": c.text, "about": c.assessment}
        yield NewsItem("mention", slot, c.register, c.recommendation, path, c.written_at, **details)
