"""Keeps the list of what waits: a proposal leaves it when it is published or declined, a card when it is approved."""

from typing import Any

import msgspec
from sqlalchemy import Connection, Table, and_, delete, insert, update

from domain.recommendation.events import (
    AssessmentDeclined,
    AssessmentProposed,
    AssessmentPublished,
    AssessmentReturned,
    AssessmentRevised,
    CardApproved,
    CardDrafted,
    RecommendationWithdrawn,
)
from projections.base import Batch, Recorded, by_type
from projections.worklist.tables import cards, metadata, proposals

_encode = msgspec.json.Encoder().encode


class Worklist:
    name = "worklist"
    version = 1
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the tables."""

    def project(self, batch: Batch, db: Connection) -> None:
        # A rebuild sees thousands of proposals that were dealt with in the same batch: those are never written.
        last = {_key(r.event): r for r in batch.events if type(r.event) in ENDS}
        by_type(HANDLERS, (r for r in batch.events if _still_open(r, last)), db)


def _key(event: Any) -> tuple[str, str]:
    of = getattr(event, "assessment", None)
    return event.register, of if isinstance(of, str) else of.id if of is not None else ""


def _still_open(recorded: Recorded, last: dict[tuple[str, str], Recorded]) -> bool:
    """Whether the event still says something after the batch; what ends a proposal always does."""
    if type(recorded.event) not in BEGINS:
        return True
    ended = last.get(_key(recorded.event))
    return ended is None or ended.position < recorded.position


def propose(recorded: Recorded, db: Connection) -> None:
    event: Any = recorded.event
    _drop(db, event.register, event.assessment.id)
    db.execute(
        insert(proposals).values(
            register=event.register,
            assessment=event.assessment.id,
            recommendation=event.recommendation,
            element=event.assessment.element,
            proposed_by=event.assessment.proposed_by,
            at=recorded.stamp,
            note="",
            returned_by="",
            data=_encode(event.assessment),
        )
    )


def hand_back(recorded: Recorded, db: Connection) -> None:
    event: Any = recorded.event
    where = and_(proposals.c.register == event.register, proposals.c.assessment == event.assessment)
    db.execute(update(proposals).where(where).values(note=event.note, returned_by=event.recorded_by))


def end(recorded: Recorded, db: Connection) -> None:
    event: Any = recorded.event
    _drop(db, *_key(event))


def draft(recorded: Recorded, db: Connection) -> None:
    event: Any = recorded.event
    approve(recorded, db)
    db.execute(
        insert(cards).values(
            register=event.register,
            recommendation=event.recommendation,
            element=event.card.element,
            author=event.card.author,
            at=recorded.stamp,
            data=_encode(event.card),
        )
    )


def approve(recorded: Recorded, db: Connection) -> None:
    event: Any = recorded.event
    db.execute(
        delete(cards).where(
            cards.c.register == event.register,
            cards.c.recommendation == event.recommendation,
            cards.c.element == event.card.element,
        )
    )


def retire(recorded: Recorded, db: Connection) -> None:
    """Nothing waits any more about a recommendation that was entered by mistake."""
    event: Any = recorded.event
    tables: tuple[Table, ...] = (proposals, cards)
    for table in tables:
        db.execute(
            delete(table).where(table.c.register == event.register, table.c.recommendation == event.recommendation)
        )


def _drop(db: Connection, register: str, assessment: str) -> None:
    db.execute(delete(proposals).where(proposals.c.register == register, proposals.c.assessment == assessment))


BEGINS = (AssessmentProposed, AssessmentRevised, AssessmentReturned)
ENDS = (AssessmentPublished, AssessmentDeclined)
HANDLERS: dict[Any, Any] = {
    AssessmentProposed: propose,
    AssessmentRevised: propose,
    AssessmentReturned: hand_back,
    AssessmentPublished: end,
    AssessmentDeclined: end,
    CardDrafted: draft,
    CardApproved: approve,
    RecommendationWithdrawn: retire,
}
