"""What was decided on proposals: published, declined or returned. For staff only."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from sqlalchemy import Connection, literal_column, select

from domain.events import read_event
from domain.recommendation.events import (
    AssessmentDeclined,
    AssessmentProposed,
    AssessmentPublished,
    AssessmentReturned,
)
from domain.times import from_microseconds, to_microseconds
from domain.values import Assessment
from projections.assessments.proposals import proposal_at_version
from projections.assessments.queries import PUBLISHED
from projections.engine.rows import NamedRow
from projections.timeline.tables import entries

DECLINED = "recommendation.assessment_declined"
PROPOSED = "recommendation.assessment_proposed"
DECISIONS = (PUBLISHED, DECLINED, "recommendation.assessment_returned")


class DecisionKind(StrEnum):
    PUBLISHED = "published"
    DECLINED = "declined"
    RETURNED = "returned"


class DecidedProposal(Struct, frozen=True):
    """A decision, with the proposal as it was at that time; `note` is empty for a publication."""

    register: str
    recommendation: str
    assessment: Assessment
    decision: DecisionKind
    note: str
    by: str
    at: datetime


class RecentDecision(Struct, frozen=True):
    """`kind` is “published” or “declined”, with a note; `proposed_by` is empty for an imported record, `element` for a
    whole recommendation."""

    recommendation: str
    element: str
    assessment: str
    kind: str
    note: str
    by: str
    proposed_by: str
    at: datetime


def decisions_on(db: Connection, register: str, assessment: str) -> list[DecidedProposal]:
    """What was decided on one proposal, oldest first."""
    e = entries.c
    query = select(entries).where(
        e.register == register, e.assessment == assessment, e.topic.in_(DECISIONS), e.removed.is_(False)
    )
    return [_decided(db, row) for row in db.execute(query.order_by(e.position))]


def decisions_on_proposals_of(
    db: Connection, register: str, person: str, since: datetime, limit: int
) -> list[DecidedProposal]:
    """What others decided on the proposals of a person, newest first."""
    e, p = entries.c, entries.alias().c
    mine = select(p.assessment).where(
        p.register == register, p.who == person, p.topic == literal_column("'recommendation.assessment_proposed'")
    )  # the literal lets the partial index be used
    query = select(entries).where(
        e.register == register,
        e.assessment.in_(mine),
        e.topic.in_(DECISIONS),
        e.who != person,
        e.removed.is_(False),
        e.recorded_at >= to_microseconds(since),
    )
    newest_first = query.order_by(e.recorded_at.desc(), e.position.desc())
    return [_decided(db, row) for row in db.execute(newest_first.limit(limit))]


def _decided(db: Connection, row: NamedRow) -> DecidedProposal:
    event = read_event(row.data)
    assert isinstance(event, AssessmentPublished | AssessmentDeclined | AssessmentReturned)
    if isinstance(event, AssessmentPublished):
        assessment, kind, note = event.assessment, DecisionKind.PUBLISHED, ""
    else:
        version = event.originator_version
        proposed = proposal_at_version(db, event.register, event.recommendation, event.assessment, version)
        assert proposed is not None  # only what was proposed is declined or returned
        assessment = proposed
        if isinstance(event, AssessmentDeclined):
            kind, note = DecisionKind.DECLINED, event.why
        else:
            kind, note = DecisionKind.RETURNED, event.note
    return DecidedProposal(
        register=event.register,
        recommendation=event.recommendation,
        assessment=assessment,
        decision=kind,
        note=note,
        by=row.who,
        at=from_microseconds(row.recorded_at),
    )


def decisions_since(db: Connection, register: str, since: datetime, *, limit: int) -> list[RecentDecision]:
    """Those among the last `limit` events of a register, oldest first."""
    e = entries.c
    latest = select(e.position, e.recommendation, e.topic, e.recorded_at, e.who, e.assessment, e.data, e.first)
    latest_rows = latest.where(e.register == register).order_by(e.position.desc()).limit(limit).subquery()
    c = latest_rows.c
    query = select(latest_rows).where(
        c.topic.in_((PUBLISHED, DECLINED)), c.first, c.recorded_at > to_microseconds(since)
    )
    rows = list(db.execute(query.order_by(c.position)))
    proposals = _proposals(db, register, [row.assessment for row in rows])
    decided = []
    for row in rows:
        event = read_event(row.data)
        assert isinstance(event, AssessmentPublished | AssessmentDeclined)
        is_published = isinstance(event, AssessmentPublished)
        author, element = proposals.get(row.assessment, ("", ""))
        decided.append(
            RecentDecision(
                recommendation=row.recommendation,
                element=element,
                assessment=row.assessment,
                kind="published" if is_published else "declined",
                note=event.why if isinstance(event, AssessmentDeclined) else "",
                by=row.who,
                proposed_by=author,
                at=from_microseconds(row.recorded_at),
            )
        )
    return decided


def _proposals(db: Connection, register: str, assessments: list[str]) -> dict[str, tuple[str, str]]:
    """The author of each proposal, and the element that it is about."""
    e = entries.c
    query = select(e.assessment, e.who, e.data).where(
        e.register == register, e.topic == PROPOSED, e.assessment.in_(assessments), e.removed.is_(False)
    )
    return {row.assessment: (row.who, _element(row)) for row in db.execute(query)}


def _element(row: NamedRow) -> str:
    event = read_event(row.data)
    assert isinstance(event, AssessmentProposed)
    return event.assessment.element
