"""Keeps the list of what waits: a proposal leaves it when it is published or declined, a card when it is approved."""

from typing import Any

import msgspec
from sqlalchemy import Connection, Table, and_, delete, insert, select, update

from domain.evidence.events import EvidenceDisclosed, EvidenceNoted
from domain.recommendation.events import (
    AssessmentDeclined,
    AssessmentProposed,
    AssessmentPublished,
    AssessmentReturned,
    AssessmentRevised,
    AssessmentScheduled,
    CriteriaApproved,
    CriteriaDrafted,
    RecommendationWithdrawn,
)
from domain.times import to_microseconds
from projections.engine.batches import Batch, RecordedEvent, dispatch
from projections.worklist.tables import cards, metadata, proposals, sources

_encode = msgspec.json.Encoder().encode


class Worklist:
    name = "worklist"
    version = 2
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the tables."""

    def project(self, batch: Batch, db: Connection) -> None:
        dispatch(HANDLERS, _that_matter(batch, db), db)


def _that_matter(batch: Batch, db: Connection) -> list[RecordedEvent]:
    """What opens something that stays open, and what ends something that is open.

    A finished record of thousands of published assessments ends nothing that ever waited here.
    """
    opened = {(r.register, r.assessment) for r in db.execute(select(proposals.c.register, proposals.c.assessment))}
    opened |= {(r.register, r.recommendation) for r in db.execute(select(cards.c.register, cards.c.recommendation))}
    noted = db.execute(select(sources.c.register, sources.c.evidence))
    opened |= {(r.register, _source_key(r.evidence)) for r in noted}
    ended = {_key(r.event): r.position for r in batch.events if type(r.event) in ENDS}
    found = []
    for recorded in batch.events:
        kind, key = type(recorded.event), _key(recorded.event)
        if kind in OPENS:
            if ended.get(key, 0) < recorded.position:
                found.append(recorded)
                opened.add(key)
        elif kind in HANDLERS and (key in opened or kind is RecommendationWithdrawn):
            found.append(recorded)
    return found


def _key(event: Any) -> tuple[str, str]:
    """What an event is about: an assessment, or the recommendation of a card."""
    if isinstance(event, CriteriaDrafted | CriteriaApproved):
        return event.register, event.recommendation
    if isinstance(event, EvidenceNoted | EvidenceDisclosed):
        return event.register, _source_key(event.facts.id)
    of = getattr(event, "assessment", None)
    return getattr(event, "register", ""), of if isinstance(of, str) else of.id if of is not None else ""


def _source_key(evidence: str) -> str:
    """Differs from the id of every assessment and recommendation."""
    return f"evidence/{evidence}"


def propose(recorded: RecordedEvent, db: Connection) -> None:
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
            returned_at=None,
            publish_at=None,
            approved_by="",
            data=_encode(event.assessment),
        )
    )


def return_proposal(recorded: RecordedEvent, db: Connection) -> None:
    event: Any = recorded.event
    where = and_(proposals.c.register == event.register, proposals.c.assessment == event.assessment)
    db.execute(
        update(proposals)
        .where(where)
        .values(
            note=event.note,
            returned_by=event.recorded_by,
            returned_at=recorded.stamp,
            publish_at=None,
            approved_by="",
        )
    )


def schedule(recorded: RecordedEvent, db: Connection) -> None:
    event: Any = recorded.event
    where = and_(proposals.c.register == event.register, proposals.c.assessment == event.assessment)
    at = to_microseconds(event.publish_at)
    db.execute(update(proposals).where(where).values(publish_at=at, approved_by=event.recorded_by))


def note_source(recorded: RecordedEvent, db: Connection) -> None:
    event: Any = recorded.event
    db.execute(
        insert(sources).values(
            register=event.register,
            evidence=event.facts.id,
            position=recorded.position,
            record=event.record,
            data=_encode(event.facts),
        )
    )


def disclose_source(recorded: RecordedEvent, db: Connection) -> None:
    event: Any = recorded.event
    db.execute(delete(sources).where(sources.c.register == event.register, sources.c.evidence == event.facts.id))


def end(recorded: RecordedEvent, db: Connection) -> None:
    event: Any = recorded.event
    _drop(db, *_key(event))


def draft(recorded: RecordedEvent, db: Connection) -> None:
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


def approve(recorded: RecordedEvent, db: Connection) -> None:
    event: Any = recorded.event
    db.execute(
        delete(cards).where(
            cards.c.register == event.register,
            cards.c.recommendation == event.recommendation,
            cards.c.element == event.card.element,
        )
    )


def retire(recorded: RecordedEvent, db: Connection) -> None:
    """Nothing waits any more about a recommendation that was entered by mistake."""
    event: Any = recorded.event
    tables: tuple[Table, ...] = (proposals, cards)
    for table in tables:
        db.execute(
            delete(table).where(table.c.register == event.register, table.c.recommendation == event.recommendation)
        )


def _drop(db: Connection, register: str, assessment: str) -> None:
    db.execute(delete(proposals).where(proposals.c.register == register, proposals.c.assessment == assessment))


OPENS = (AssessmentProposed, AssessmentRevised, AssessmentScheduled, AssessmentReturned, CriteriaDrafted, EvidenceNoted)
ENDS = (AssessmentPublished, AssessmentDeclined, EvidenceDisclosed)
HANDLERS: dict[Any, Any] = {
    AssessmentProposed: propose,
    AssessmentRevised: propose,
    AssessmentScheduled: schedule,
    AssessmentReturned: return_proposal,
    AssessmentPublished: end,
    AssessmentDeclined: end,
    CriteriaDrafted: draft,
    CriteriaApproved: approve,
    RecommendationWithdrawn: retire,
    EvidenceNoted: note_source,
    EvidenceDisclosed: disclose_source,
}
