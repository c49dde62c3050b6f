"""Keeps each event's bytes where they can be found by register, recommendation and assessment."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from domain.development.events import DevelopmentRecorded
from domain.events import topic_of
from domain.recommendation.events import (
    AssessmentDeclined,
    AssessmentProposed,
    AssessmentPublished,
    AssessmentWithdrawn,
    CriteriaApproved,
    ElementAdded,
    RecommendationRegistered,
    RecommendationWithdrawn,
)
from domain.times import to_microseconds
from projections.engine.batches import Batch, RecordedEvent
from projections.engine.bulk_write import write_rows
from projections.timeline.tables import COLUMNS, entries, metadata

OWN_INSTANT: dict[Any, str] = {
    RecommendationRegistered: "registered_at",
    ElementAdded: "registered_at",
    CriteriaApproved: "approved_at",
    AssessmentPublished: "published_at",
    AssessmentWithdrawn: "withdrawn_at",
    RecommendationWithdrawn: "withdrawn_at",
}
_OF_A_WHOLE_ASSESSMENT = (AssessmentProposed, AssessmentPublished)
_OF_AN_ASSESSMENT = (AssessmentDeclined, AssessmentWithdrawn)


class Timeline:
    name = "timeline"
    version = 2
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the table."""

    def project(self, batch: Batch, db: Connection) -> None:
        write_rows(db, entries, COLUMNS, [row for recorded in batch.events for row in _rows(recorded)])


def _rows(recorded: RecordedEvent) -> list[tuple[Any, ...]]:
    event: Any = recorded.event
    kind = type(event)
    if kind is DevelopmentRecorded:
        about: tuple[str, ...] = event.facts.recommendations
    else:
        about = (getattr(event, "recommendation", ""),)
    at = recorded.stamp
    if name := OWN_INSTANT.get(kind):
        own: datetime | None = getattr(event, name)
        at = to_microseconds(own) if own else at
    assessment = ""
    if kind in _OF_A_WHOLE_ASSESSMENT:
        assessment = event.assessment.id
    elif kind in _OF_AN_ASSESSMENT:
        assessment = event.assessment
    shared = (
        event.register,
        topic_of(event),
        kind.PUBLIC,
        recorded.stamp,
        at,
        event.who,
        assessment,
        recorded.state,
    )
    return [(recorded.position, recommendation, n == 0, *shared) for n, recommendation in enumerate(about)]
