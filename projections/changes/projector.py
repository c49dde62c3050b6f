"""Turns public events into changes, and says which of them correct what a register said before."""

import json

from sqlalchemy import ColumnElement, Connection, delete

from domain.deadline.events import DeadlineRemoved, DeadlineStated, DeadlineWithdrawn
from domain.recommendation.events import (
    AssessmentPublished,
    AssessmentRemoved,
    AssessmentWithdrawn,
    RecommendationRegistered,
    RecommendationRemoved,
    RecommendationWithdrawn,
    RelationRemoved,
    RelationStated,
    RelationWithdrawn,
)
from domain.register.events import (
    BodyRemoved,
    RegisterDiscarded,
    RegisterOpened,
)
from domain.response.events import ResponsePublished, ResponseRemoved, ResponseWithdrawn
from domain.values import TranslatedFact
from projections.changes.amendments import AMENDMENTS, add_amendment, made_before_opening
from projections.changes.opening import add_opening, count_opening
from projections.changes.tables import StoredChange, changes, metadata
from projections.engine.batches import Batch, EventHandlers, RecordedEvent
from projections.engine.bulk_write import write_rows


class PublicChanges:
    name = "changes"
    version = 11
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the table."""

    def project(self, batch: Batch, db: Connection) -> None:
        rows: list[StoredChange] = []
        for recorded in batch.events:
            HANDLERS.handle(recorded, rows)
            if removed := REMOVALS.handle(recorded, None):
                write_rows(db, changes, rows)
                rows = []
                db.execute(delete(changes).where(*removed))
            if isinstance(recorded.event, RegisterOpened):
                count_opening(db, recorded.event.register, recorded.position)
        write_rows(db, changes, rows)


def add_registration(recorded: RecordedEvent[RecommendationRegistered], rows: list[StoredChange]) -> None:
    event = recorded.event
    rows.append(
        StoredChange(
            position=recorded.position,
            register=event.register,
            kind="registered",
            recommendation=event.recommendation,
            effective_on=event.facts.recommended_on,
            recorded_at=recorded.recorded_at,
            at=recorded.known_from(event.registered_at),
        )
    )


def add_assessment(recorded: RecordedEvent[AssessmentPublished], rows: list[StoredChange]) -> None:
    rows.append(change_from(recorded))


def change_from(recorded: RecordedEvent[AssessmentPublished]) -> StoredChange:
    """The change that the publication of an assessment makes."""
    event, assessment = recorded.event, recorded.event.assessment
    return StoredChange(
        position=recorded.position,
        register=event.register,
        kind="assessment",
        recommendation=event.recommendation,
        element=assessment.element,
        assessment=assessment.id,
        status=assessment.status.value,
        effective_on=assessment.effective_on,
        reason=assessment.reason.value,
        statement=assessment.statement,
        why=assessment.rationale,
        translations=_translations(assessment, {"rationale": "why", "statement": "statement"}),
        said_by=event.published_by,
        legacy=event.legacy,
        recorded_at=recorded.recorded_at,
        at=recorded.known_from(event.published_at),
        correction=assessment.reason.is_correction,
    )


def _translations(fact: TranslatedFact, columns: dict[str, str]) -> str:
    """The translations of some fields, as JSON under the names of their columns."""
    if not fact.translations:
        return "{}"
    named = {
        code: {column: texts[field] for field, column in columns.items() if field in texts}
        for code, texts in fact.translations.items()
    }
    return json.dumps({code: texts for code, texts in named.items() if texts}, ensure_ascii=False)


def add_withdrawal(recorded: RecordedEvent[AssessmentWithdrawn], rows: list[StoredChange]) -> None:
    event = recorded.event
    rows.append(
        StoredChange(
            position=recorded.position,
            register=event.register,
            kind="withdrawal",
            recommendation=event.recommendation,
            element=event.element,
            assessment=event.assessment,
            why=event.reason,
            said_by=event.withdrawn_by,
            replaced_by=event.replaced_by,
            recorded_at=recorded.recorded_at,
            at=recorded.known_from(event.withdrawn_at),
            correction=True,
        )
    )


def add_recommendation_withdrawal(recorded: RecordedEvent[RecommendationWithdrawn], rows: list[StoredChange]) -> None:
    event = recorded.event
    rows.append(
        StoredChange(
            position=recorded.position,
            register=event.register,
            kind="recommendation_withdrawal",
            recommendation=event.recommendation,
            why=event.reason,
            said_by=event.withdrawn_by,
            recorded_at=recorded.recorded_at,
            at=recorded.known_from(event.withdrawn_at),
            correction=True,
        )
    )


def add_response(recorded: RecordedEvent[ResponsePublished], rows: list[StoredChange]) -> None:
    event, facts = recorded.event, recorded.event.facts
    rows.append(
        StoredChange(
            position=recorded.position,
            register=event.register,
            kind="response",
            recommendation=event.recommendation,
            element=facts.element,
            assessment=facts.assessment,
            effective_on=facts.given_on,
            why=facts.summary,
            translations=_translations(facts, {"summary": "why"}),
            said_by=event.published_by,
            response=facts.id,
            body=facts.body,
            stance=facts.position.value,
            recorded_at=recorded.recorded_at,
            at=recorded.known_from(event.published_at),
        )
    )


def add_response_withdrawal(recorded: RecordedEvent[ResponseWithdrawn], rows: list[StoredChange]) -> None:
    event = recorded.event
    rows.append(
        StoredChange(
            position=recorded.position,
            register=event.register,
            kind="response_withdrawal",
            recommendation=event.recommendation,
            element=event.element,
            why=event.reason,
            said_by=event.withdrawn_by,
            response=event.response,
            body=event.body,
            recorded_at=recorded.recorded_at,
            at=recorded.known_from(event.withdrawn_at),
            correction=True,
        )
    )


def add_deadline(recorded: RecordedEvent[DeadlineStated], rows: list[StoredChange]) -> None:
    event = recorded.event
    rows.append(
        StoredChange(
            position=recorded.position,
            register=event.register,
            kind="deadline",
            recommendation=event.recommendation,
            element=event.deadline.element,
            deadline=event.deadline.id,
            due_on=event.deadline.due_on,
            effective_on=event.deadline.stated_on,
            why=event.deadline.note,
            said_by=event.recorded_by,
            recorded_at=recorded.recorded_at,
            at=recorded.known_from(event.published_at),
        )
    )


def add_deadline_withdrawal(recorded: RecordedEvent[DeadlineWithdrawn], rows: list[StoredChange]) -> None:
    event = recorded.event
    rows.append(
        StoredChange(
            position=recorded.position,
            register=event.register,
            kind="deadline_withdrawal",
            recommendation=event.recommendation,
            element=event.element,
            deadline=event.deadline,
            why=event.reason,
            said_by=event.withdrawn_by,
            recorded_at=recorded.recorded_at,
            at=recorded.known_from(event.withdrawn_at),
            correction=True,
        )
    )


def add_relation(recorded: RecordedEvent[RelationStated], rows: list[StoredChange]) -> None:
    event, relation = recorded.event, recorded.event.relation
    rows.append(
        StoredChange(
            position=recorded.position,
            register=event.register,
            kind="relation",
            recommendation=event.recommendation,
            relation=relation.relation.value,
            related_to=relation.to,
            effective_on=relation.on,
            why=relation.note,
            translations=_translations(relation, {"note": "why"}),
            said_by=event.recorded_by,
            recorded_at=recorded.recorded_at,
            at=recorded.known_from(event.published_at),
        )
    )


def add_relation_withdrawal(recorded: RecordedEvent[RelationWithdrawn], rows: list[StoredChange]) -> None:
    event = recorded.event
    rows.append(
        StoredChange(
            position=recorded.position,
            register=event.register,
            kind="relation_withdrawal",
            recommendation=event.recommendation,
            relation=event.relation.value,
            related_to=event.to,
            why=event.reason,
            said_by=event.withdrawn_by,
            recorded_at=recorded.recorded_at,
            at=recorded.known_from(event.withdrawn_at),
            correction=True,
        )
    )


HANDLERS = (
    EventHandlers[list[StoredChange], None]()
    .on(RegisterOpened, add_opening)
    .on(RecommendationRegistered, add_registration)
    .on(AssessmentPublished, add_assessment)
    .on(AssessmentWithdrawn, add_withdrawal)
    .on(DeadlineStated, add_deadline)
    .on(DeadlineWithdrawn, add_deadline_withdrawal)
    .on(RecommendationWithdrawn, add_recommendation_withdrawal)
    .on(ResponsePublished, add_response)
    .on(ResponseWithdrawn, add_response_withdrawal)
    .on(RelationStated, add_relation)
    .on(RelationWithdrawn, add_relation_withdrawal)
)
for amending in AMENDMENTS:
    HANDLERS.on(amending, add_amendment)
Conditions = tuple[ColumnElement[bool], ...]


REMOVALS = (
    EventHandlers[None, Conditions]()
    .on(
        DeadlineRemoved,
        lambda r, _: (changes.c.register == r.event.register, changes.c.deadline == r.event.deadline),
    )
    .on(
        ResponseRemoved,
        lambda r, _: (changes.c.register == r.event.register, changes.c.response == r.event.response),
    )
    .on(
        RelationRemoved,
        lambda r, _: (
            changes.c.register == r.event.register,
            changes.c.recommendation == r.event.recommendation,
            changes.c.relation == r.event.relation.value,
            changes.c.related_to == r.event.to,
        ),
    )
    .on(RegisterOpened, lambda r, _: made_before_opening(r))
    .on(
        BodyRemoved,
        lambda r, _: (
            changes.c.register == r.event.register,
            changes.c.kind.in_(("body_amended", "body_merged")),
            changes.c.subject == r.event.body,
        ),
    )
    .on(RegisterDiscarded, lambda r, _: (changes.c.register == r.event.register,))
    .on(
        RecommendationRemoved,
        lambda r, _: (changes.c.register == r.event.register, changes.c.recommendation == r.event.recommendation),
    )
    .on(
        AssessmentRemoved,
        lambda r, _: (changes.c.register == r.event.register, changes.c.assessment == r.event.assessment),
    )
)
"""The changes that are no longer there, because what they were about was removed."""
