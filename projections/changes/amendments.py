"""Amendments as changes, with their reasons, of a register that is open."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_

from domain.base import Event
from domain.evidence.events import EvidenceAmended
from domain.recommendation.events import AddresseesAmended, ElementAmended, RecommendationAmended
from domain.register.events import (
    BodyAmended,
    BodyMerged,
    PublicationAmended,
    RegisterAmended,
    RegisterOpened,
    ThemeAmended,
)
from domain.review.events import ReviewAmended
from projections.changes.tables import StoredChange, changes
from projections.engine.batches import RecordedEvent


class AmendmentRow(NamedTuple):
    """How an event that amends something becomes a change: its kind, and where the event has what the row needs."""

    kind: str
    subject: Callable[[Any], str] = lambda _event: ""
    element: Callable[[Any], str] = lambda _event: ""
    why: Callable[[Any], str] = lambda event: event.why
    own_instant: Callable[[Any], datetime | None] = lambda _event: None


AMENDMENTS: dict[type[Event], AmendmentRow] = {
    RegisterAmended: AmendmentRow("register_amended"),
    ThemeAmended: AmendmentRow("theme_amended", lambda e: e.theme.id),
    PublicationAmended: AmendmentRow("publication_amended", lambda e: e.publication.id),
    BodyAmended: AmendmentRow("body_amended", lambda e: e.body.id),
    BodyMerged: AmendmentRow(
        "body_merged", lambda e: e.merge.body, why=lambda e: e.merge.why, own_instant=lambda e: e.merged_at
    ),
    ReviewAmended: AmendmentRow("review_amended", lambda e: e.schedule.id),
    EvidenceAmended: AmendmentRow("evidence_amended", lambda e: e.facts.id),
    RecommendationAmended: AmendmentRow("recommendation_amended"),
    ElementAmended: AmendmentRow("element_amended", element=lambda e: e.element.id),
    AddresseesAmended: AmendmentRow("addressees_amended", own_instant=lambda e: e.amended_at),
}


def add_amendment(recorded: RecordedEvent[Any], rows: list[StoredChange]) -> None:
    """Without a reason only a translation changed, or the register is still prepared."""
    event, amendment = recorded.event, AMENDMENTS[type(recorded.event)]
    if not (why := amendment.why(event)):
        return
    rows.append(
        StoredChange(
            position=recorded.position,
            register=event.register,
            kind=amendment.kind,
            recommendation=getattr(event, "recommendation", ""),
            element=amendment.element(event),
            why=why,
            subject=amendment.subject(event),
            amendment=recorded.state,
            recorded_at=recorded.recorded_at,
            at=recorded.known_from(amendment.own_instant(event)),
            correction=True,
        )
    )


def made_before_opening(opening: RecordedEvent[RegisterOpened]) -> tuple[ColumnElement[bool], ...]:
    """The amendments of a register that was still prepared. An imported one counts at its own instant."""
    own_is_earlier = changes.c.at < opening.known_from(opening.event.opened_at)
    return (
        changes.c.register == opening.event.register,
        changes.c.amendment.is_not(None),
        or_(changes.c.at == changes.c.recorded_at, own_is_earlier),
    )
