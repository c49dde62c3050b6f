"""Open proposals and drafts of success criteria. For staff only."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, func, not_, or_, select

from domain.times import from_microseconds, to_microseconds
from domain.values import Assessment, EvidenceFacts, ResponseFacts, SuccessCriteria
from projections.engine.name_lists import among
from projections.engine.rows import NamedRow
from projections.worklist.tables import criteria_drafts, open_responses, proposals, sources

_assessment = msgspec.json.Decoder(Assessment).decode
_facts = msgspec.json.Decoder(EvidenceFacts).decode
_response = msgspec.json.Decoder(ResponseFacts).decode
_criteria = msgspec.json.Decoder(SuccessCriteria).decode


class Proposal(Struct, frozen=True):
    """An open proposal; `note` says what its author should correct, where it was returned."""

    recommendation: str
    assessment: Assessment
    proposed_by: str
    at: datetime
    note: str
    returned_by: str
    returned_at: datetime | None = None
    publish_at: datetime | None = None
    approved_by: str = ""

    @property
    def is_returned(self) -> bool:
        return bool(self.returned_by)


class CriteriaDraft(Struct, frozen=True):
    """Success criteria that have not been approved yet."""

    recommendation: str
    card: SuccessCriteria
    author: str
    at: datetime


class OpenResponse(Struct, frozen=True):
    """A proposed response that no one has decided on."""

    recommendation: str
    facts: ResponseFacts
    at: datetime


class NotedSource(Struct, frozen=True):
    """Evidence that is not public yet; `record` is the key of its text, which is stored outside the log."""

    facts: EvidenceFacts
    record: str


def open_proposals(db: Connection, register: str, recommendation: str | None = None) -> list[Proposal]:
    """Oldest first."""
    query = select(proposals).where(proposals.c.register == register).order_by(proposals.c.at)
    if recommendation is not None:
        query = query.where(proposals.c.recommendation == recommendation)
    return [_proposal(row) for row in db.execute(query)]


def batch_of(db: Connection, register: str, recommendation: str, by: str) -> int:
    """The instant, in microseconds, of what a person proposed last about a recommendation and is still open."""
    p = proposals.c
    about = p.register == register, p.recommendation == recommendation, p.proposed_by == by
    return db.scalar(select(func.max(p.at)).where(*about)) or 0


def waiting_proposals_of_batch(db: Connection, register: str, by: str, stamp: int, *, limit: int) -> list[Proposal]:
    """The proposals of a batch that no second person has decided on yet."""
    p = proposals.c
    query = select(proposals).where(*_waiting(register), p.proposed_by == by, p.at == stamp)
    return [_proposal(row) for row in db.execute(query.order_by(p.assessment).limit(limit))]


def waiting_proposals(
    db: Connection, register: str, *, skip: int, limit: int, about: Select[tuple[str]] | None = None
) -> list[Proposal]:
    """Some of the proposals that no second person has decided on yet, oldest first.

    `about` limits them to recommendations that a query finds.
    """
    query = select(proposals).where(*_waiting(register)).order_by(proposals.c.at, proposals.c.assessment)
    if about is not None:
        query = query.where(proposals.c.recommendation.in_(about))
    return [_proposal(row) for row in db.execute(query.offset(skip).limit(limit))]


def waiting_proposals_of(
    db: Connection, register: str, *, assessments: Collection[str] = (), recommendations: Collection[str] = ()
) -> list[Proposal]:
    """The same of some ids, or about some recommendations, oldest first."""
    p = proposals.c
    query = select(proposals).where(
        *_waiting(register), or_(p.assessment.in_(assessments), p.recommendation.in_(recommendations))
    )
    return [_proposal(row) for row in db.execute(query.order_by(p.at, p.assessment))]


def _waiting(register: str) -> tuple[ColumnElement[bool], ...]:
    p = proposals.c
    return p.register == register, p.returned_by == "", p.publish_at.is_(None)


def with_open_proposal(db: Connection, register: str, hidden: Collection[str] = ()) -> Select[tuple[str]]:
    """The recommendations with an open proposal, as part of a query. `hidden` proposals do not count."""
    p = proposals.c
    query = select(p.recommendation).where(p.register == register)
    return query.where(not_(among(db, p.assessment, hidden))) if hidden else query


def count_open_proposals(
    db: Connection, register: str, recommendations: Collection[str], hidden: Collection[str] = ()
) -> dict[str, int]:
    """The number of open proposals about each of some recommendations. `hidden` proposals do not count."""
    p = proposals.c
    query = select(p.recommendation, func.count().label("n")).where(
        p.register == register, p.recommendation.in_(recommendations), p.assessment.not_in(hidden)
    )
    return {row.recommendation: row.n for row in db.execute(query.group_by(p.recommendation))}


def count_waiting_proposals(db: Connection, registers: Sequence[str]) -> int:
    """How many proposals no second person has decided on yet."""
    p = proposals.c
    is_waiting = p.register.in_(registers), p.returned_by == "", p.publish_at.is_(None)
    return db.scalar(select(func.count()).select_from(proposals).where(*is_waiting)) or 0


def open_proposal(db: Connection, register: str, assessment: str) -> Proposal | None:
    query = select(proposals).where(proposals.c.register == register, proposals.c.assessment == assessment)
    row = db.execute(query).first()
    return _proposal(row) if row else None


def due_proposals(db: Connection, at: datetime) -> list[tuple[str, Proposal]]:
    """Scheduled proposals that are due, with their registers, earliest first."""
    query = select(proposals).where(proposals.c.publish_at <= to_microseconds(at)).order_by(proposals.c.publish_at)
    return [(row.register, _proposal(row)) for row in db.execute(query)]


def proposals_since(db: Connection, register: str, since: datetime, limit: int) -> list[Proposal]:
    """The open proposals that were sent or returned after an instant, newest first."""
    p, at = proposals.c, to_microseconds(since)
    query = select(proposals).where(p.register == register, or_(p.at > at, p.returned_at > at))
    return [_proposal(row) for row in db.execute(query.order_by(p.at.desc()).limit(limit))]


def criteria_drafts_since(db: Connection, register: str, since: datetime, limit: int) -> list[CriteriaDraft]:
    """The drafts that were written after an instant, newest first."""
    d = criteria_drafts.c
    query = select(criteria_drafts).where(d.register == register, d.at > to_microseconds(since))
    return [_draft(row) for row in db.execute(query.order_by(d.at.desc()).limit(limit))]


def criteria_drafts_of(db: Connection, register: str, ids: Collection[str]) -> list[CriteriaDraft]:
    """The drafts of some recommendations, oldest first."""
    d = criteria_drafts.c
    query = select(criteria_drafts).where(d.register == register, d.recommendation.in_(ids)).order_by(d.at)
    return [_draft(row) for row in db.execute(query)]


def criteria_drafts_page(
    db: Connection, register: str, *, skip: int, limit: int, about: Select[tuple[str]] | None = None
) -> list[CriteriaDraft]:
    """Some of the drafts of a register, in the order of their ids.

    `about` limits them to recommendations that a query finds.
    """
    d = criteria_drafts.c
    query = select(criteria_drafts).where(d.register == register).order_by(d.recommendation, d.element)
    if about is not None:
        query = query.where(d.recommendation.in_(about))
    return [_draft(row) for row in db.execute(query.offset(skip).limit(limit))]


def noted_sources(db: Connection, register: str, ids: Collection[str] | None = None) -> list[NotedSource]:
    """Evidence that is not public yet, all of it or some, oldest first."""
    query = select(sources).where(sources.c.register == register).order_by(sources.c.position)
    if ids is not None:
        query = query.where(sources.c.evidence.in_(ids))
    return [NotedSource(_facts(row.data), row.record) for row in db.execute(query)]


def proposed_responses(db: Connection, register: str, recommendation: str | None = None) -> list[OpenResponse]:
    """Responses that no one has decided on, oldest first."""
    r = open_responses.c
    query = select(open_responses).where(r.register == register).order_by(r.at)
    if recommendation is not None:
        query = query.where(r.recommendation == recommendation)
    return [_open_response(row) for row in db.execute(query)]


def proposed_response(db: Connection, register: str, response: str) -> OpenResponse | None:
    query = select(open_responses).where(open_responses.c.register == register, open_responses.c.response == response)
    row = db.execute(query).first()
    return _open_response(row) if row else None


def read_proposals(db: Connection, query: Select[Any]) -> list[Proposal]:
    """Those whose rows a query finds."""
    return [_proposal(row) for row in db.execute(query)]


def read_drafts(db: Connection, query: Select[Any]) -> list[CriteriaDraft]:
    """The same of success criteria."""
    return [_draft(row) for row in db.execute(query)]


def read_responses(db: Connection, query: Select[Any]) -> list[OpenResponse]:
    """The same of responses."""
    return [_open_response(row) for row in db.execute(query)]


def _draft(row: NamedRow) -> CriteriaDraft:
    return CriteriaDraft(row.recommendation, _criteria(row.data), row.author, from_microseconds(row.at))


def _open_response(row: NamedRow) -> OpenResponse:
    return OpenResponse(row.recommendation, _response(row.data), from_microseconds(row.at))


def _proposal(row: NamedRow) -> Proposal:
    return Proposal(
        recommendation=row.recommendation,
        assessment=_assessment(row.data),
        proposed_by=row.proposed_by,
        at=from_microseconds(row.at),
        note=row.note,
        returned_by=row.returned_by,
        returned_at=from_microseconds(row.returned_at) if row.returned_at is not None else None,
        publish_at=from_microseconds(row.publish_at) if row.publish_at is not None else None,
        approved_by=row.approved_by,
    )
