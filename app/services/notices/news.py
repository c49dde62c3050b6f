"""News for staff, for notices and e-mail: mentions, work that waits, decisions, assignments and roles."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.presentation.i18n.languages import SOURCE
from app.services.accounts.models import Assignment, User
from app.services.accounts.people import person_of
from app.services.comments.models import Comment, Mention
from app.services.container import Services
from app.services.notices.models import Notice
from app.services.opinions.models import Question
from app.services.opinions.visibility import ProposalVisibility
from domain.values import Element, RecommendationFacts
from projections.assessments.decisions import decisions_since
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.scorecards.publication_effects import PublicationEffect, effects_of
from projections.worklist.queries import criteria_drafts_since, open_proposal, proposals_since

MAX_NEWS = 500
"""How many of the latest decisions, proposals and drafts of a register are read."""
NEWS_TTL = timedelta(days=1)
"""Older events are not sent, so that a mail server set up later does not send a flood of old news."""


class NewsItem(Struct, frozen=True):
    """`to` is the only receiver; if empty, the receivers are all who may publish except `by`.

    `text` is a note for the receiver; the content of a proposal is only on its page. `about` is the id of an open
    proposal. `recommendation` is empty for news about a whole register, `element` for a whole recommendation.
    `published` is the id of an assessment that was published.
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
    element: str = ""
    published: str = ""


def recent_news(services: Services) -> list[NewsItem]:
    """News of the last day, oldest first; of what waits, only what is still open."""
    since = services.clock() - NEWS_TTL
    with services.views.connect() as db:
        registers = [entry.id for entry in catalogue.registers(db)]
        items = [n for register in registers for n in _to_decide(db, register, since)]
        items += [n for register in registers for n in _decided(db, register, since)]
    with services.accounts.work() as accounts:
        items += [*_mentions(accounts, since), *_assigned(accounts, since), *_asked(accounts, since)]
        items += _roles(accounts, since)
    return sorted((n for n in items if n.at > since), key=lambda n: n.at)


def is_for(item: NewsItem, user: User) -> bool:
    """Whether a person is a receiver, has accepted the invitation, and may read the content now."""
    person = person_of(user)
    if not user.active or user.is_invited or not person.may("read", item.register):
        return False
    return person.id == item.to if item.to else person.id != item.by and person.may("publish", item.register)


def is_hidden(services: Services, item: NewsItem, user: User) -> bool:
    """Whether it is about a proposal that is hidden from a person who has been asked for an independent opinion."""
    if not item.about:
        return False
    with services.accounts.work() as accounts, services.views.connect() as db:
        proposal = open_proposal(db, item.register, item.about)
        return proposal is not None and ProposalVisibility(accounts, item.register, user.person).hides(proposal)


def facts_of(services: Services, item: NewsItem) -> RecommendationFacts | None:
    """The recommendation that it is about, or None if it has been withdrawn."""
    with services.views.connect() as db:
        entry = catalogue.recommendation(db, item.register, item.recommendation, last_applied_at(db))
    return entry.facts if entry else None


def part_of(services: Services, item: NewsItem) -> Element | None:
    """The part of the recommendation that it is about; None for a whole recommendation."""
    if not item.element:
        return None
    with services.views.connect() as db:
        ids = (item.recommendation, item.element)
        return catalogue.elements_by_id(db, item.register, last_applied_at(db), [ids]).get(ids)


def effect_of(services: Services, item: NewsItem) -> PublicationEffect | None:
    """What a publication changed."""
    if not item.published:
        return None
    with services.views.connect() as db:
        effects = effects_of(db, item.register, [item.published]).get(item.published)
    return effects.published if effects else None


def original_language(services: Services, item: NewsItem) -> str:
    """The language of the originals of its register."""
    with services.views.connect() as db:
        entry = catalogue.register(db, item.register)
    return entry.settings.languages[0] if entry else SOURCE


def register_title(services: Services, item: NewsItem) -> str:
    """The title of its register as it is written; the id of one that is not there."""
    with services.views.connect() as db:
        entry = catalogue.register(db, item.register)
    return entry.settings.title if entry else item.register


def _to_decide(db: Connection, register: str, since: datetime) -> Iterator[NewsItem]:
    for p in proposals_since(db, register, since, MAX_NEWS):
        slot = f"{register}/{p.assessment.id}/{p.at.isoformat()}"
        path = f"/staff/{register}/proposals/{p.assessment.id}/"
        if p.returned_by == p.proposed_by:
            continue  # its author took it back
        if p.is_returned:
            at, details = p.returned_at or p.at, {"by": p.returned_by, "to": p.proposed_by, "text": p.note}
            details["element"] = p.assessment.element
            yield NewsItem("returned", f"{slot}/returned", register, p.recommendation, path, at, **details)
        elif not p.publish_at:
            details = {"by": p.proposed_by, "about": p.assessment.id, "element": p.assessment.element}
            yield NewsItem("review", slot, register, p.recommendation, path, p.at, **details)
    for c in criteria_drafts_since(db, register, since, MAX_NEWS):
        slot = f"{register}/{c.recommendation}/{c.card.element}/card/{c.at.isoformat()}"
        path = f"/staff/{register}/recommendations/{c.recommendation}/card/?element={c.card.element}"
        yield NewsItem("review", slot, register, c.recommendation, path, c.at, by=c.author, element=c.card.element)


def _mentions(db: Session, since: datetime) -> Iterator[NewsItem]:
    query = select(Comment, User.person).join(Mention, Mention.comment_id == Comment.id)
    query = query.join(User, User.id == Mention.user_id)
    query = query.where(Mention.seen_at.is_(None), Comment.at > since.replace(tzinfo=None))
    for c, person in db.execute(query):
        slot = f"comment/{c.id}/{c.at.isoformat()}"  # SQLite can reuse the id of a deleted comment
        path = f"/staff/{c.register}/recommendations/{c.recommendation}/comments/#comment-{c.id}"
        details = {"by": c.author, "to": person, "text": c.text, "about": c.assessment}
        yield NewsItem("mention", slot, c.register, c.recommendation, path, c.written_at, **details)


def _decided(db: Connection, register: str, since: datetime) -> Iterator[NewsItem]:
    """What others published or declined, for the authors of the proposals."""
    for d in decisions_since(db, register, since, limit=MAX_NEWS):
        if d.proposed_by in ("", d.by):
            continue
        slot, path = (
            f"{register}/{d.assessment}/{d.kind}/{d.at.isoformat()}",
            f"/staff/{register}/proposals/{d.assessment}/",
        )
        details = {"by": d.by, "to": d.proposed_by, "text": d.note, "element": d.element}
        if d.kind == "published":
            details["published"] = d.assessment
        yield NewsItem(d.kind, slot, register, d.recommendation, path, d.at, **details)


def _assigned(db: Session, since: datetime) -> Iterator[NewsItem]:
    query = select(Assignment, User.person).join(User, User.id == Assignment.user_id)
    for a, person in db.execute(query.where(Assignment.at > since.replace(tzinfo=None), Assignment.by != User.person)):
        slot = f"assigned/{a.register}/{a.recommendation}/{a.at.isoformat()}"
        path = f"/staff/{a.register}/recommendations/{a.recommendation}/"
        at = a.at.replace(tzinfo=UTC)
        yield NewsItem("assigned", slot, a.register, a.recommendation, path, at, by=a.by, to=person)


def _asked(db: Session, since: datetime) -> Iterator[NewsItem]:
    """Questions for a second opinion that the person has not answered."""
    for q in db.scalars(select(Question).where(Question.asked_at > since.replace(tzinfo=None))):
        path, at = f"/staff/{q.register}/opinions/{q.id}/", q.asked_at.replace(tzinfo=UTC)
        for answer in q.answers:
            if not answer.status:
                slot = f"opinion/{q.register}/{q.id}/{q.asked_at.isoformat()}"
                yield NewsItem("opinion", slot, q.register, q.recommendation, path, at, by=q.asked_by, to=answer.person)


def _roles(db: Session, since: datetime) -> Iterator[NewsItem]:
    """Roles have no history of their own: the notice is stored with the change."""
    query = select(Notice, User.person).join(User, User.id == Notice.user_id).where(Notice.kind == "role")
    for n, person in db.execute(query.where(Notice.at > since.replace(tzinfo=None))):
        yield NewsItem("role", n.slot, n.register, "", n.path, n.noticed_at, by=n.by, to=person)
