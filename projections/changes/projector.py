"""Turns public events into changes, and says which of them correct what was said before."""

from typing import Any

from sqlalchemy import Connection

from domain.recommendation.events import (
    AssessmentPublished,
    AssessmentWithdrawn,
    RecommendationRegistered,
    RecommendationWithdrawn,
)
from domain.register.events import RegisterOpened
from domain.times import to_microseconds
from projections.changes.tables import COLUMNS, changes, metadata
from projections.engine.batches import Batch, RecordedEvent, dispatch
from projections.engine.bulk_write import write_rows

Rows = list[tuple[Any, ...]]


class Changes:
    name = "changes"
    version = 1
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the table."""

    def project(self, batch: Batch, db: Connection) -> None:
        rows: Rows = []
        dispatch(HANDLERS, batch.events, rows)
        write_rows(db, changes, COLUMNS, rows)


def tell_of_the_opening(recorded: RecordedEvent, rows: Rows) -> None:
    rows.append(_row(recorded, "opened"))


def tell_of_a_recommendation(recorded: RecordedEvent, rows: Rows) -> None:
    event: Any = recorded.event
    rows.append(
        _row(recorded, "registered", event.recommendation, at=event.registered_at, on=event.facts.recommended_on)
    )


def tell_of_an_assessment(recorded: RecordedEvent, rows: Rows) -> None:
    event: Any = recorded.event
    a = event.assessment
    rows.append(
        _row(
            recorded,
            "assessment",
            event.recommendation,
            a.element,
            a.id,
            status=a.status.value,
            on=a.effective_on,
            reason=a.reason.value,
            why=a.rationale,
            why_ko=a.rationale_ko,
            by=event.published_by,
            legacy=event.legacy,
            at=event.published_at,
            correction=a.reason.is_correction,
        )
    )


def tell_of_a_withdrawal(recorded: RecordedEvent, rows: Rows) -> None:
    event: Any = recorded.event
    rows.append(
        _row(
            recorded,
            "withdrawal",
            event.recommendation,
            event.element,
            event.assessment,
            why=event.reason,
            by=event.withdrawn_by,
            replaced_by=event.replaced_by,
            at=event.withdrawn_at,
            correction=True,
        )
    )


def tell_of_a_recommendation_taken_back(recorded: RecordedEvent, rows: Rows) -> None:
    event: Any = recorded.event
    rows.append(
        _row(
            recorded,
            "recommendation_withdrawal",
            event.recommendation,
            why=event.reason,
            by=event.withdrawn_by,
            at=event.withdrawn_at,
            correction=True,
        )
    )


def _row(
    recorded: RecordedEvent,
    kind: str,
    recommendation: str = "",
    element: str = "",
    assessment: str = "",
    *,
    status: str | None = None,
    on: str = "",
    reason: str = "",
    why: str = "",
    why_ko: str = "",
    by: str = "",
    replaced_by: str = "",
    legacy: bool = False,
    at: Any = None,
    correction: bool = False,
) -> tuple[Any, ...]:
    event: Any = recorded.event
    instant = to_microseconds(at) if at else recorded.stamp
    return (
        recorded.position,
        event.register,
        kind,
        recommendation,
        element,
        assessment,
        status,
        on,
        reason,
        why,
        why_ko,
        by,
        replaced_by,
        legacy,
        recorded.stamp,
        instant,
        correction,
    )


HANDLERS: dict[Any, Any] = {
    RegisterOpened: tell_of_the_opening,
    RecommendationRegistered: tell_of_a_recommendation,
    AssessmentPublished: tell_of_an_assessment,
    AssessmentWithdrawn: tell_of_a_withdrawal,
    RecommendationWithdrawn: tell_of_a_recommendation_taken_back,
}
