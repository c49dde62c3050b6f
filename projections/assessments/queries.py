"""Published assessments and withdrawals, as known at an instant."""

from collections.abc import Collection, Iterator
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, func, select

from domain.deadline.events import DeadlineStated
from domain.development.events import DevelopmentRecorded
from domain.events import read_event
from domain.recommendation.events import AssessmentPublished, AssessmentWithdrawn, RecommendationWithdrawn
from domain.response.events import ResponsePublished
from domain.times import from_microseconds, to_microseconds
from domain.values import Assessment
from projections.engine.batches import END_OF_TIME
from projections.engine.rows import NamedRow, NamedRowQuery
from projections.timeline.tables import entries

PUBLISHED = "recommendation.assessment_published"
WITHDRAWN = "recommendation.assessment_withdrawn"
RECOMMENDATION_WITHDRAWN = "recommendation.withdrawn"
DEVELOPMENT, DEADLINE, RESPONSE = "development.recorded", "deadline.stated", "response.published"
MAX_PARAMETERS = 10_000
"""Ids in one statement; each database limits its parameters."""


class PublicWithdrawal(Struct, frozen=True):
    """The withdrawal of an assessment, or of a whole recommendation: `assessment` is empty then."""

    position: int
    recommendation: str
    assessment: str
    reason: str
    at: datetime
    by: str
    replaced_by: str = ""


class PublicAssessment(Struct, frozen=True):
    """A published assessment. `card` is the number of the success criteria it was judged by, 0 if there were none."""

    position: int
    recommendation: str
    assessment: Assessment
    at: datetime
    by: str
    legacy: bool
    card: int
    withdrawal: PublicWithdrawal | None = None


def citing_recommendations(db: Connection, register: str, positions: Collection[int]) -> list[str]:
    """The recommendations that the public events at some positions are about, in the order of the events."""
    c = entries.c
    query = select(c.recommendation).where(c.register == register, c.position.in_(positions), c.recommendation != "")
    return list(db.scalars(query.where(c.public, c.removed.is_(False)).order_by(c.position)))


def by_id(db: Connection, register: str, ids: Collection[str]) -> dict[str, Assessment]:
    """The texts of published assessments, withdrawn or not."""
    result: dict[str, Assessment] = {}
    all_ids = list(ids)
    for start in range(0, len(all_ids), MAX_PARAMETERS):
        some = all_ids[start : start + MAX_PARAMETERS]
        # No order, or the index of positions is walked instead of that of assessments.
        query = select(entries.c.data).where(
            entries.c.register == register,
            entries.c.assessment.in_(some),
            entries.c.topic == PUBLISHED,
            entries.c.removed.is_(False),
        )
        for data in db.scalars(query):
            event = read_event(data)
            assert isinstance(event, AssessmentPublished)
            result[event.assessment.id] = event.assessment
    return result


def cited_in_public(db: Connection, register: str, recommendation: str) -> list[str]:
    """The ids of the evidence that anything public about a recommendation cites, each once, the last cited first."""
    query = _events(register, (PUBLISHED, DEVELOPMENT, DEADLINE, RESPONSE), END_OF_TIME)
    cited: list[str] = []
    for row in db.execute(query.where(entries.c.recommendation == recommendation)):
        event = read_event(row.data)
        if isinstance(event, AssessmentPublished):
            cited += event.assessment.evidence
        elif isinstance(event, DeadlineStated):
            cited += event.deadline.evidence
        else:
            assert isinstance(event, DevelopmentRecorded | ResponsePublished)
            cited += event.facts.evidence
    return list(dict.fromkeys(reversed(cited)))


def publication(db: Connection, register: str, assessment: str) -> PublicAssessment | None:
    """One published assessment with its withdrawal; None if it was never published."""
    # No order, or the index of positions is walked instead of that of assessments.
    query = _events(register, (PUBLISHED, WITHDRAWN), END_OF_TIME).where(entries.c.assessment == assessment)
    rows = sorted(db.execute(query.order_by(None)), key=lambda row: row.position)
    return next(_with_withdrawals(rows), None)


def of_recommendation(
    db: Connection, register: str, recommendation: str, known_at: datetime = END_OF_TIME
) -> list[PublicAssessment]:
    """The published assessments of a recommendation in log order, each with its withdrawal if that was known."""
    query = _events(register, (PUBLISHED, WITHDRAWN), known_at).where(entries.c.recommendation == recommendation)
    return list(_with_withdrawals(db.execute(query).all()))


def each_published(db: Connection, register: str, known_at: datetime = END_OF_TIME) -> Iterator[PublicAssessment]:
    """All published assessments of a register in log order, each with its withdrawal if that was known.

    Streams: only the withdrawals are in memory.
    """
    withdrawn = {w.assessment: w for w in withdrawals(db, register, known_at) if w.assessment}
    for row in db.execute(_events(register, (PUBLISHED,), known_at)):
        yield _publication(row, withdrawn)


def published_after(
    db: Connection, register: str, known_at: datetime, position: int, limit: int
) -> list[PublicAssessment]:
    """The next published assessments after a position, in log order, without their withdrawals."""
    query = _events(register, (PUBLISHED,), known_at).where(entries.c.position > position).limit(limit)
    return [_publication(row, {}) for row in db.execute(query)]


def count_published(db: Connection, register: str, most: int) -> int:
    """How many assessments a register has published; no more than `most` are counted."""
    query = _events(register, (PUBLISHED,), END_OF_TIME).with_only_columns(entries.c.position).limit(most)
    return db.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def published_among(db: Connection, register: str, known_at: datetime, ids: Collection[str]) -> list[PublicAssessment]:
    """Those of some assessments that were published by then, without their withdrawals."""
    # No order, or the index of positions is walked instead of that of assessments.
    query = _events(register, (PUBLISHED,), known_at).where(entries.c.assessment.in_(ids))
    return [_publication(row, {}) for row in db.execute(query.order_by(None))]


def withdrawals(
    db: Connection, register: str, known_at: datetime = END_OF_TIME, *, after: int = 0, limit: int | None = None
) -> list[PublicWithdrawal]:
    """Withdrawals of assessments and recommendations after a position, in log order."""
    topics = (WITHDRAWN, RECOMMENDATION_WITHDRAWN)
    query = _events(register, topics, known_at).where(entries.c.position > after)
    return [_withdrawal(row) for row in db.execute(query.limit(limit))]


def _events(register: str, topics: Collection[str], known_at: datetime) -> NamedRowQuery:
    return (
        select(entries)
        .where(
            entries.c.register == register,
            entries.c.topic.in_(topics),
            entries.c.removed.is_(False),
            entries.c.happened_at <= to_microseconds(known_at),
        )
        .order_by(entries.c.position)
    )


def _with_withdrawals(rows: Collection[NamedRow]) -> Iterator[PublicAssessment]:
    withdrawn = {row.assessment: _withdrawal(row) for row in rows if row.topic == WITHDRAWN}
    return (_publication(row, withdrawn) for row in rows if row.topic == PUBLISHED)


def _publication(row: NamedRow, withdrawn: dict[str, PublicWithdrawal]) -> PublicAssessment:
    event = read_event(row.data)
    assert isinstance(event, AssessmentPublished)
    return PublicAssessment(
        position=row.position,
        recommendation=row.recommendation,
        assessment=event.assessment,
        at=from_microseconds(row.happened_at),
        by=event.published_by,
        legacy=event.legacy,
        card=event.card,
        withdrawal=withdrawn.get(row.assessment),
    )


def _withdrawal(row: NamedRow) -> PublicWithdrawal:
    event = read_event(row.data)
    assert isinstance(event, AssessmentWithdrawn | RecommendationWithdrawn)
    return PublicWithdrawal(
        position=row.position,
        recommendation=row.recommendation,
        assessment=row.assessment,
        reason=event.reason,
        at=from_microseconds(row.happened_at),
        by=event.withdrawn_by,
        replaced_by=event.replaced_by if isinstance(event, AssessmentWithdrawn) else "",
    )
