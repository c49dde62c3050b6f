"""Stores each event's bytes where they can be found by register, recommendation and assessment."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from domain.base import Event
from domain.deadline.events import DeadlineStated, DeadlineWithdrawn
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
    RelationStated,
    RelationWithdrawn,
)
from domain.response.events import ResponsePublished, ResponseWithdrawn
from projections.engine.batches import Batch, RecordedEvent
from projections.engine.bulk_write import write_rows
from projections.timeline.tables import StoredEntry, entries, metadata

OWN_INSTANT: dict[type[Event], str] = {
    RecommendationRegistered: "registered_at",
    ElementAdded: "registered_at",
    CriteriaApproved: "approved_at",
    AssessmentPublished: "published_at",
    AssessmentWithdrawn: "withdrawn_at",
    RecommendationWithdrawn: "withdrawn_at",
    RelationStated: "published_at",
    RelationWithdrawn: "withdrawn_at",
    ResponsePublished: "published_at",
    ResponseWithdrawn: "withdrawn_at",
    DeadlineStated: "published_at",
    DeadlineWithdrawn: "withdrawn_at",
}
"""The field with the instant that counts for an imported event."""

CARRIES_ASSESSMENT = (AssessmentProposed, AssessmentPublished)
NAMES_ASSESSMENT = (AssessmentDeclined, AssessmentWithdrawn)


class Timeline:
    name = "timeline"
    version = 3
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the table."""

    def project(self, batch: Batch, db: Connection) -> None:
        write_rows(db, entries, [entry for recorded in batch.events for entry in _entries(recorded)])


def _entries(recorded: RecordedEvent[Any]) -> list[StoredEntry]:
    """One entry, or one per recommendation for an event about several."""
    event, kind = recorded.event, type(recorded.event)
    if kind is DevelopmentRecorded:
        recommendations: tuple[str, ...] = event.facts.recommendations
    else:
        recommendations = (getattr(event, "recommendation", ""),)
    field = OWN_INSTANT.get(kind)
    own: datetime | None = getattr(event, field) if field else None
    happened_at = recorded.known_from(own)
    topic, assessment, who = topic_of(event), _assessment_id(event), event.who
    return [
        StoredEntry(
            position=recorded.position,
            recommendation=recommendation,
            first=n == 0,
            register=event.register,
            topic=topic,
            public=kind.PUBLIC,
            recorded_at=recorded.recorded_at,
            happened_at=happened_at,
            who=who,
            assessment=assessment,
            data=recorded.state,
        )
        for n, recommendation in enumerate(recommendations)
    ]


def _assessment_id(event: Event) -> str:
    if isinstance(event, CARRIES_ASSESSMENT):
        return event.assessment.id
    return event.assessment if isinstance(event, NAMES_ASSESSMENT) else ""
