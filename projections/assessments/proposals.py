"""Proposals and drafts, open or closed. For staff only."""

from collections.abc import Collection
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select

from domain.development.events import DevelopmentRecorded
from domain.events import read_event
from domain.recommendation.events import AssessmentProposed, AssessmentPublished, AssessmentRevised, CriteriaDrafted
from domain.times import to_microseconds
from domain.values import Assessment, SuccessCriteria
from projections.assessments.queries import PUBLISHED
from projections.engine.rows import NamedRow, NamedRowQuery
from projections.timeline.tables import entries

PROPOSED = ("recommendation.assessment_proposed", "recommendation.assessment_revised")
DRAFTED = "recommendation.card_drafted"
DEVELOPMENT = "development.recorded"


class CitingAssessment(Struct, frozen=True):
    """A proposal, or a published assessment, that rests on a source; `by` recorded it."""

    recommendation: str
    assessment: Assessment
    is_published: bool
    by: str


def proposal_at_version(
    db: Connection, register: str, recommendation: str, assessment: str, version: int
) -> Assessment | None:
    """A proposal as it was at a version of its recommendation; None if it was proposed later."""
    result: Assessment | None = None
    for row in db.execute(_events(register, PROPOSED).where(entries.c.recommendation == recommendation)):
        event = _assessing(row)
        if event.assessment.id == assessment and event.originator_version <= version:
            result = event.assessment
    return result


def has_proposed_since(db: Connection, register: str, recommendation: str, person: str, since: datetime) -> bool:
    """Whether a person proposed or revised an assessment of a recommendation after an instant."""
    query = _events(register, PROPOSED).where(
        entries.c.recommendation == recommendation, entries.c.recorded_at > to_microseconds(since)
    )
    return any(_assessing(row).recorded_by == person for row in db.execute(query))


def citing(db: Connection, register: str, evidence: str) -> list[CitingAssessment]:
    """Every version of a proposal and every published assessment that cites a source, in log order."""
    return [
        CitingAssessment(row.recommendation, event.assessment, row.topic == PUBLISHED, event.recorded_by)
        for row in db.execute(_events(register, (*PROPOSED, PUBLISHED)))
        if _mentions(row.data, evidence) and evidence in (event := _assessing(row)).assessment.evidence
    ]


def evidence_for(db: Connection, register: str, recommendation: str) -> set[str]:
    """The ids of the evidence that any proposal, assessment or development of a recommendation cites."""
    topics = (*PROPOSED, PUBLISHED, DEVELOPMENT)
    result = set[str]()
    for row in db.execute(_events(register, topics).where(entries.c.recommendation == recommendation)):
        event = read_event(row.data)
        assert isinstance(event, AssessmentProposed | AssessmentRevised | AssessmentPublished | DevelopmentRecorded)
        result.update(event.facts.evidence if isinstance(event, DevelopmentRecorded) else event.assessment.evidence)
    return result


def latest_card_drafts(db: Connection, register: str) -> dict[tuple[str, str], SuccessCriteria]:
    """The latest draft of the success criteria of each item, by recommendation and element, approved or not."""
    result: dict[tuple[str, str], SuccessCriteria] = {}
    for row in db.execute(_events(register, (DRAFTED,))):
        event = read_event(row.data)
        assert isinstance(event, CriteriaDrafted)
        result[event.recommendation, event.card.element] = event.card
    return result


def _events(register: str, topics: Collection[str]) -> NamedRowQuery:
    query = select(entries).where(
        entries.c.register == register, entries.c.topic.in_(topics), entries.c.removed.is_(False)
    )
    return query.order_by(entries.c.position)


def _assessing(row: NamedRow) -> AssessmentProposed | AssessmentRevised | AssessmentPublished:
    event = read_event(row.data)
    assert isinstance(event, AssessmentProposed | AssessmentRevised | AssessmentPublished)
    return event


def _mentions(data: bytes, ident: str) -> bool:
    """A cheap test before the event is decoded."""
    return msgspec.json.encode(ident) in data
