"""What waits for one person in a register: a few of each kind, and how many there are. For staff only."""

from collections.abc import Collection

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, func, or_, select, tuple_

from domain.times import to_microseconds
from projections.worklist.queries import (
    CriteriaDraft,
    OpenResponse,
    Proposal,
    read_drafts,
    read_proposals,
    read_responses,
)
from projections.worklist.tables import criteria_drafts, open_responses, proposals

MAX_RESPONSES_READ = 200
"""The author of a response is part of its facts, so that many others are counted without looking at them."""
Items = Collection[tuple[str, str]]
"""Recommendations with an element each, or an empty text for the whole."""
Conditions = tuple[ColumnElement[bool], ...]


class ProposalGroup(Struct, frozen=True):
    """Proposals that a person sent together, and the first of them."""

    first: Proposal
    number: int

    @property
    def stamp(self) -> int:
        """The instant in microseconds, for addresses."""
        return to_microseconds(self.first.at)


def count_to_review(db: Connection, register: str, person: str, hidden: Items) -> int:
    """How many proposals wait for a decision, without those of a person and those about `hidden` items."""
    return _count(db, _to_review(register, person, hidden))


def groups_to_review(db: Connection, register: str, person: str, hidden: Items, limit: int) -> list[ProposalGroup]:
    """Oldest first."""
    p = proposals.c
    first = func.min(p.assessment)
    query = select(first.label("first"), func.count().label("n")).where(*_to_review(register, person, hidden))
    query = query.group_by(p.proposed_by, p.at).order_by(p.at, first).limit(limit)
    numbers = {row.first: row.n for row in db.execute(query)}
    of_these = select(proposals).where(p.register == register, p.assessment.in_(numbers))
    found = read_proposals(db, of_these.order_by(p.at, p.assessment))
    return [ProposalGroup(one, numbers[one.assessment.id]) for one in found]


def scheduled(db: Connection, register: str, person: str, hidden: Items, limit: int) -> tuple[list[Proposal], int]:
    """Proposals that go out at a later hour, the earliest first."""
    p = proposals.c
    conditions: Conditions = (p.register == register, p.publish_at.is_not(None))
    if hidden:
        conditions += (or_(p.proposed_by == person, *_outside(hidden)),)
    return read_proposals(db, select(proposals).where(*conditions).order_by(p.publish_at).limit(limit)), _count(
        db, conditions
    )


def all_open(
    db: Connection, register: str, hidden: Collection[str], *, skip: int, limit: int
) -> tuple[list[Proposal], int]:
    """A page of the open proposals, without `hidden` ones, the oldest first, and how many there are."""
    p = proposals.c
    conditions: Conditions = (p.register == register, *([p.assessment.not_in(sorted(hidden))] if hidden else []))
    query = select(proposals).where(*conditions).order_by(p.at, p.assessment).offset(skip).limit(limit)
    return read_proposals(db, query), _count(db, conditions)


def proposals_about(db: Connection, register: str, recommendations: Collection[str]) -> list[Proposal]:
    """The open proposals about some recommendations."""
    p = proposals.c
    return read_proposals(db, select(proposals).where(p.register == register, p.recommendation.in_(recommendations)))


def returned_to(db: Connection, register: str, person: str, limit: int) -> tuple[list[Proposal], int]:
    return _of_author(db, register, person, limit, proposals.c.returned_by != "")


def sent_by(db: Connection, register: str, person: str, limit: int) -> tuple[list[Proposal], int]:
    """Proposals of a person that no one has decided on."""
    p = proposals.c
    return _of_author(db, register, person, limit, p.returned_by == "", p.publish_at.is_(None))


def criteria_to_approve(db: Connection, register: str, person: str, limit: int) -> tuple[list[CriteriaDraft], int]:
    d = criteria_drafts.c
    conditions = d.register == register, d.author != person
    total = db.scalar(select(func.count()).select_from(criteria_drafts).where(*conditions)) or 0
    return read_drafts(db, select(criteria_drafts).where(*conditions).order_by(d.at).limit(limit)), total


def count_drafts(db: Connection, register: str) -> int:
    """How many success criteria are not approved."""
    query = select(func.count()).select_from(criteria_drafts).where(criteria_drafts.c.register == register)
    return db.scalar(query) or 0


def responses_to_decide(db: Connection, register: str, person: str, limit: int) -> tuple[list[OpenResponse], int]:
    """Oldest first. Beyond those that are read, the responses of the person count too."""
    r = open_responses.c
    query = select(open_responses).where(r.register == register).order_by(r.at).limit(MAX_RESPONSES_READ)
    oldest = read_responses(db, query)
    others = [response for response in oldest if response.facts.proposed_by != person]
    if len(oldest) < MAX_RESPONSES_READ:
        return others[:limit], len(others)
    total = db.scalar(select(func.count()).select_from(open_responses).where(r.register == register)) or 0
    return others[:limit], total - len(oldest) + len(others)


def _of_author(
    db: Connection, register: str, person: str, limit: int, *states: ColumnElement[bool]
) -> tuple[list[Proposal], int]:
    p = proposals.c
    conditions = (p.register == register, p.proposed_by == person, *states)
    return read_proposals(db, select(proposals).where(*conditions).order_by(p.at).limit(limit)), _count(db, conditions)


def _to_review(register: str, person: str, hidden: Items) -> Conditions:
    p = proposals.c
    return (
        p.register == register,
        p.returned_by == "",
        p.publish_at.is_(None),
        p.proposed_by != person,
        *_outside(hidden),
    )


def _outside(hidden: Items) -> Conditions:
    return (tuple_(proposals.c.recommendation, proposals.c.element).not_in(sorted(hidden)),) if hidden else ()


def _count(db: Connection, conditions: Conditions) -> int:
    return db.scalar(select(func.count()).select_from(proposals).where(*conditions)) or 0
