"""Stores each event's bytes where they can be found by register, recommendation and assessment."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from domain.base import Event
from domain.deadline.events import DeadlineRemoved, DeadlineStated, DeadlineWithdrawn
from domain.development.events import DevelopmentRecorded, DevelopmentRemoved
from domain.event_codec import UnknownEvent
from domain.events import read_event, topic_of
from domain.evidence.events import EvidenceRemoved, TextRemoval
from domain.recommendation.events import (
    AssessmentDeclined,
    AssessmentProposed,
    AssessmentPublished,
    AssessmentRemoved,
    AssessmentReturned,
    AssessmentRevised,
    AssessmentScheduled,
    AssessmentUnscheduled,
    AssessmentWithdrawn,
    CriteriaApproved,
    CriteriaRemoved,
    ElementAdded,
    ElementRemoved,
    RecommendationRegistered,
    RecommendationRemoved,
    RecommendationWithdrawn,
    RelationRemoved,
    RelationStated,
    RelationWithdrawn,
)
from domain.register.events import BodyRemoved, PublicationRemoved, RegisterDiscarded, ThemeRemoved
from domain.response.events import ResponsePublished, ResponseRemoved, ResponseWithdrawn
from domain.review.events import ReviewRemoved
from projections.engine.batches import Batch, EventHandlers, RecordedEvent
from projections.engine.bulk_write import write_rows
from projections.engine.compression import compress
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

CARRIES_ASSESSMENT = (AssessmentProposed, AssessmentRevised, AssessmentPublished)
NAMES_ASSESSMENT = (
    AssessmentDeclined,
    AssessmentReturned,
    AssessmentScheduled,
    AssessmentUnscheduled,
    AssessmentWithdrawn,
    AssessmentRemoved,
)


class Timeline:
    name = "timeline"
    version = 10
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the table."""

    def project(self, batch: Batch, db: Connection) -> None:
        known = [recorded for recorded in batch.events if not isinstance(recorded.event, UnknownEvent)]
        write_rows(db, entries, [entry for recorded in known for entry in _entries(recorded)])
        for recorded in batch.events:
            if isinstance(recorded.event, RegisterDiscarded):
                _delete_before(db, recorded.event.register, recorded.position)
            elif removal := REMOVALS.handle(recorded, None):
                _mark_removed(db, recorded, removal)


class RemovedEntries(NamedTuple):
    """Which entries are about what was removed: those in some columns, of some topics whose events `is_about` it."""

    condition: ColumnElement[bool]
    is_about: Callable[[Any], bool] = lambda _event: True


def _with(topics: tuple[str, ...], ident: str, id_in: Callable[[Any], str]) -> RemovedEntries:
    return RemovedEntries(entries.c.topic.in_(topics), lambda event: id_in(event) == ident)


def _of_item(topics: tuple[str, ...], recommendation: str, element: str, id_in: Callable[[Any], str]) -> RemovedEntries:
    about = and_(entries.c.recommendation == recommendation, entries.c.topic.in_(topics))
    return RemovedEntries(about, lambda event: id_in(event) == element)


def _of_relation(event: RelationRemoved) -> RemovedEntries:
    def is_about(entry: RelationStated | RelationWithdrawn) -> bool:
        if isinstance(entry, RelationWithdrawn):
            return (entry.relation, entry.to) == (event.relation, event.to)
        return (entry.relation.relation, entry.relation.to) == (event.relation, event.to)

    topics = ("recommendation.relation_stated", "recommendation.relation_withdrawn")
    return RemovedEntries(and_(entries.c.recommendation == event.recommendation, entries.c.topic.in_(topics)), is_about)


ELEMENT_TOPICS = ("recommendation.element_added", "recommendation.element_amended")
CRITERIA_TOPICS = ("recommendation.card_drafted", "recommendation.card_approved")
RESPONSE_TOPICS = ("response.proposed", "response.published", "response.declined", "response.withdrawn")
EVIDENCE_TOPICS = (
    "evidence.noted",
    "evidence.disclosed",
    "evidence.note_amended",
    "evidence.amended",
    "evidence.note_text_removed",
    "evidence.text_removed",
)


def _evidence_id(event: Any) -> str:
    ident: str = event.evidence if isinstance(event, TextRemoval) else event.facts.id
    return ident


REMOVALS = (
    EventHandlers[None, RemovedEntries]()
    .on(RecommendationRemoved, lambda r, _: RemovedEntries(entries.c.recommendation == r.event.recommendation))
    .on(AssessmentRemoved, lambda r, _: RemovedEntries(entries.c.assessment == r.event.assessment))
    .on(
        ElementRemoved,
        lambda r, _: _of_item(
            (*ELEMENT_TOPICS, *CRITERIA_TOPICS),
            r.event.recommendation,
            r.event.element,
            lambda e: e.element.id if hasattr(e, "element") else e.card.element,
        ),
    )
    .on(
        CriteriaRemoved,
        lambda r, _: _of_item(CRITERIA_TOPICS, r.event.recommendation, r.event.element, lambda e: e.card.element),
    )
    .on(
        ThemeRemoved,
        lambda r, _: _with(("register.theme_named", "register.theme_amended"), r.event.theme, lambda e: e.theme.id),
    )
    .on(
        PublicationRemoved,
        lambda r, _: _with(
            ("register.publication_added", "register.publication_amended"),
            r.event.publication,
            lambda e: e.publication.id,
        ),
    )
    .on(
        BodyRemoved,
        lambda r, _: _with(("register.body_named", "register.body_amended"), r.event.body, lambda e: e.body.id),
    )
    .on(
        ReviewRemoved,
        lambda r, _: _with(("review.scheduled", "review.amended"), r.event.review, lambda e: e.schedule.id),
    )
    .on(EvidenceRemoved, lambda r, _: _with(EVIDENCE_TOPICS, r.event.evidence, _evidence_id))
    .on(
        DeadlineRemoved,
        lambda r, _: _with(
            ("deadline.stated", "deadline.withdrawn"),
            r.event.deadline,
            lambda e: e.deadline if isinstance(e, DeadlineWithdrawn) else e.deadline.id,
        ),
    )
    .on(
        ResponseRemoved,
        lambda r, _: _with(
            RESPONSE_TOPICS, r.event.response, lambda e: e.facts.id if hasattr(e, "facts") else e.response
        ),
    )
    .on(RelationRemoved, lambda r, _: _of_relation(r.event))
    .on(DevelopmentRemoved, lambda r, _: _with(("development.recorded",), r.event.development, lambda e: e.facts.id))
)


def _delete_before(db: Connection, register: str, position: int) -> None:
    """Delete all entries of a register up to a position."""
    db.execute(delete(entries).where(entries.c.register == register, entries.c.position <= position))


def _mark_removed(db: Connection, recorded: RecordedEvent[Any], removal: RemovedEntries) -> None:
    """Mark the entries about what was removed. Reads one register that is still prepared."""
    about = (
        entries.c.register == recorded.event.register,
        entries.c.position < recorded.position,
        entries.c.removed.is_(False),
        removal.condition,
    )
    rows = db.execute(select(entries.c.position, entries.c.data).where(*about)).all()
    for position in {row.position for row in rows if removal.is_about(read_event(row.data))}:
        db.execute(update(entries).where(entries.c.position == position).values(removed=True))


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
    data = compress(recorded.state)
    return [
        StoredEntry(
            position=recorded.position,
            recommendation=recommendation,
            first=n == 0,
            register=event.register,
            topic=topic,
            public=kind.PUBLIC,
            removed=False,
            recorded_at=recorded.recorded_at,
            happened_at=happened_at,
            who=who,
            assessment=assessment,
            data=data,
        )
        for n, recommendation in enumerate(recommendations)
    ]


def _assessment_id(event: Event) -> str:
    if isinstance(event, CARRIES_ASSESSMENT):
        return event.assessment.id
    return event.assessment if isinstance(event, NAMES_ASSESSMENT) else ""
