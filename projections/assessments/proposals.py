"""Proposals and drafts, open or closed. For staff only."""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, func, select

from domain.development.events import DevelopmentRecorded
from domain.events import read_event
from domain.recommendation.events import AssessmentProposed, AssessmentPublished, AssessmentRevised, CriteriaDrafted
from domain.times import from_microseconds
from domain.values import Assessment, DevelopmentFacts, SuccessCriteria
from projections.assessments.queries import PUBLISHED
from projections.engine.rows import NamedRow, NamedRowQuery
from projections.timeline.tables import entries

PROPOSED = ("recommendation.assessment_proposed", "recommendation.assessment_revised")
DRAFTED = "recommendation.card_drafted"
DEVELOPMENT = "development.recorded"
NAMES_PER_QUERY = 500


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


def last_version(db: Connection, register: str, assessment: str) -> Assessment | None:
    """A proposal as it was last sent, or the published assessment, also if it was removed; None if there is none."""
    # No order, or the index of positions is walked instead of that of assessments.
    query = select(entries.c.position, entries.c.data).where(
        entries.c.register == register, entries.c.assessment == assessment, entries.c.topic.in_((*PROPOSED, PUBLISHED))
    )
    last = max(db.execute(query), key=lambda row: row.position, default=None)
    event = read_event(last.data) if last else None
    return event.assessment if isinstance(event, AssessmentProposed | AssessmentRevised | AssessmentPublished) else None


def last_proposed(db: Connection, register: str, recommendations: Collection[str]) -> dict[tuple[str, str], datetime]:
    """When each person last proposed or revised an assessment of some recommendations."""
    result: dict[tuple[str, str], datetime] = {}
    names = sorted(recommendations)
    for start in range(0, len(names), NAMES_PER_QUERY):
        query = select(entries.c.recommendation, entries.c.who, func.max(entries.c.recorded_at).label("at")).where(
            *(entries.c.register == register, entries.c.topic.in_(PROPOSED), entries.c.removed.is_(False)),
            entries.c.recommendation.in_(names[start : start + NAMES_PER_QUERY]),
        )
        for row in db.execute(query.group_by(entries.c.recommendation, entries.c.who)):
            result[row.recommendation, row.who] = from_microseconds(row.at)
    return result


def citing(db: Connection, register: str, positions: Collection[int]) -> list[CitingAssessment | DevelopmentFacts]:
    """What stands at some positions of the log: versions of proposals, published assessments and developments.

    Newest first, without what was removed.
    """
    query = _events(register, (*PROPOSED, PUBLISHED, DEVELOPMENT)).where(
        entries.c.position.in_(positions), entries.c.first.is_(True)
    )
    return [_citing(row) for row in reversed(list(db.execute(query)))]


def _citing(row: NamedRow) -> CitingAssessment | DevelopmentFacts:
    event = read_event(row.data)
    if isinstance(event, DevelopmentRecorded):
        return event.facts
    assert isinstance(event, AssessmentProposed | AssessmentRevised | AssessmentPublished)
    return CitingAssessment(row.recommendation, event.assessment, row.topic == PUBLISHED, event.recorded_by)


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
