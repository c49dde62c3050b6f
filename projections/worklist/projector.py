"""Keeps the list of open work: proposals until they are decided, criteria until approved, sources until public."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, Table, delete, insert, select, update

from domain.base import Event
from domain.evidence.events import EvidenceDisclosed, EvidenceNoteAmended, EvidenceNoted, EvidenceRemoved
from domain.recommendation.events import (
    AssessmentDeclined,
    AssessmentProposed,
    AssessmentPublished,
    AssessmentRemoved,
    AssessmentReturned,
    AssessmentRevised,
    AssessmentScheduled,
    AssessmentUnscheduled,
    CriteriaApproved,
    CriteriaDrafted,
    CriteriaRemoved,
    ElementRemoved,
    RecommendationRemoved,
    RecommendationWithdrawn,
)
from domain.register.events import RegisterDiscarded
from domain.response.events import ResponseDeclined, ResponseProposed, ResponsePublished, ResponseRemoved
from domain.times import to_microseconds
from projections.engine.batches import Batch, EventHandlers, RecordedEvent
from projections.engine.bulk_write import write_many
from projections.worklist.tables import criteria_drafts, metadata, open_responses, proposals, sources

_encode = msgspec.json.Encoder().encode

_PROPOSE = """INSERT INTO open_proposals
(register, assessment, recommendation, element, proposed_by, at, data, note, returned_by, approved_by)
VALUES (?, ?, ?, ?, ?, ?, ?, '', '', '') ON CONFLICT (register, assessment) DO UPDATE
SET recommendation = excluded.recommendation, element = excluded.element, proposed_by = excluded.proposed_by,
at = excluded.at, data = excluded.data, note = '', returned_by = '', returned_at = NULL, publish_at = NULL,
approved_by = ''"""
FEW_EVENTS = 10
"""It takes longer to read the list of open work than to write so few changes of it, needed or not."""

WorkKey = tuple[str, str]
"""A register, with an assessment, the recommendation of drafted criteria, or a source."""


class Worklist:
    name = "worklist"
    version = 6
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the tables."""

    def project(self, batch: Batch, db: Connection) -> None:
        events = [recorded for recorded in batch.events if type(recorded.event) in HANDLERS]
        HANDLERS.dispatch(events if len(events) <= FEW_EVENTS else _relevant(events, db), db)


def _relevant(events: Sequence[RecordedEvent[Event]], db: Connection) -> list[RecordedEvent[Event]]:
    """The events that open work which stays open, and those that end open work.

    Leaves out the thousands of published assessments of an imported record, which were never on the list.
    """
    p, c = proposals.c, criteria_drafts.c
    open_keys = {(r.register, r.assessment) for r in db.execute(select(p.register, p.assessment))}
    open_keys |= {(r.register, r.recommendation) for r in db.execute(select(c.register, c.recommendation))}
    s = sources.c
    open_keys |= {(r.register, _source_key(r.evidence)) for r in db.execute(select(s.register, s.evidence))}
    r = open_responses.c
    open_keys |= {(row.register, _response_key(row.response)) for row in db.execute(select(r.register, r.response))}
    ended_at = {_key(r.event): r.position for r in events if isinstance(r.event, ENDING)}
    relevant = []
    for recorded in events:
        event, key = recorded.event, _key(recorded.event)
        if isinstance(event, OPENING):
            if ended_at.get(key, 0) < recorded.position:
                relevant.append(recorded)
                open_keys.add(key)
        elif key in open_keys or isinstance(event, UNKEYED):
            relevant.append(recorded)
    return relevant


def _key(event: Event) -> WorkKey:
    """The work that an event is about."""
    if isinstance(event, AssessmentProposed | AssessmentRevised | AssessmentPublished):
        return event.register, event.assessment.id
    if isinstance(event, AssessmentReturned | AssessmentScheduled | AssessmentUnscheduled | AssessmentDeclined):
        return event.register, event.assessment
    if isinstance(event, CriteriaDrafted | CriteriaApproved):
        return event.register, event.recommendation
    if isinstance(event, EvidenceNoted | EvidenceNoteAmended | EvidenceDisclosed):
        return event.register, _source_key(event.facts.id)
    if isinstance(event, ResponseProposed | ResponsePublished):
        return event.register, _response_key(event.facts.id)
    if isinstance(event, ResponseDeclined):
        return event.register, _response_key(event.response)
    return "", ""


def _source_key(evidence: str) -> str:
    """Differs from the id of every assessment and recommendation."""
    return f"evidence/{evidence}"


def _response_key(response: str) -> str:
    """Differs from all other keys."""
    return f"response/{response}"


def add_proposal(recorded: RecordedEvent[AssessmentProposed | AssessmentRevised], db: Connection) -> None:
    event, assessment = recorded.event, recorded.event.assessment
    whose = event.register, assessment.id, event.recommendation, assessment.element, assessment.proposed_by
    write_many(db, _PROPOSE, [(*whose, recorded.recorded_at, _encode(assessment))])


def return_proposal(recorded: RecordedEvent[AssessmentReturned], db: Connection) -> None:
    event = recorded.event
    db.execute(
        update(proposals)
        .where(proposals.c.register == event.register, proposals.c.assessment == event.assessment)
        .values(
            note=event.note,
            returned_by=event.recorded_by,
            returned_at=recorded.recorded_at,
            publish_at=None,
            approved_by="",
        )
    )


def schedule_proposal(recorded: RecordedEvent[AssessmentScheduled], db: Connection) -> None:
    event = recorded.event
    db.execute(
        update(proposals)
        .where(proposals.c.register == event.register, proposals.c.assessment == event.assessment)
        .values(publish_at=to_microseconds(event.publish_at), approved_by=event.recorded_by)
    )


def unschedule_proposal(recorded: RecordedEvent[AssessmentUnscheduled], db: Connection) -> None:
    event = recorded.event
    db.execute(
        update(proposals)
        .where(proposals.c.register == event.register, proposals.c.assessment == event.assessment)
        .values(publish_at=None, approved_by="")
    )


def end_proposal(recorded: RecordedEvent[AssessmentPublished | AssessmentDeclined], db: Connection) -> None:
    _delete_proposal(db, *_key(recorded.event))


def add_criteria_draft(recorded: RecordedEvent[CriteriaDrafted], db: Connection) -> None:
    event = recorded.event
    _delete_criteria_draft(db, event)
    db.execute(
        insert(criteria_drafts).values(
            register=event.register,
            recommendation=event.recommendation,
            element=event.card.element,
            author=event.card.author,
            at=recorded.recorded_at,
            data=_encode(event.card),
        )
    )


def end_criteria_draft(recorded: RecordedEvent[CriteriaApproved], db: Connection) -> None:
    _delete_criteria_draft(db, recorded.event)


def add_source(recorded: RecordedEvent[EvidenceNoted], db: Connection) -> None:
    event = recorded.event
    db.execute(
        insert(sources).values(
            register=event.register,
            evidence=event.facts.id,
            position=recorded.position,
            record=event.record,
            data=_encode(event.facts),
        )
    )


def end_source(recorded: RecordedEvent[EvidenceDisclosed], db: Connection) -> None:
    event = recorded.event
    db.execute(delete(sources).where(sources.c.register == event.register, sources.c.evidence == event.facts.id))


def add_response(recorded: RecordedEvent[ResponseProposed], db: Connection) -> None:
    event = recorded.event
    db.execute(
        insert(open_responses).values(
            register=event.register,
            response=event.facts.id,
            recommendation=event.recommendation,
            at=recorded.recorded_at,
            data=_encode(event.facts),
        )
    )


def amend_source(recorded: RecordedEvent[EvidenceNoteAmended], db: Connection) -> None:
    event = recorded.event
    db.execute(
        update(sources)
        .where(sources.c.register == event.register, sources.c.evidence == event.facts.id)
        .values(record=event.record, data=_encode(event.facts))
    )


def remove_proposal(recorded: RecordedEvent[AssessmentRemoved], db: Connection) -> None:
    _delete_proposal(db, recorded.event.register, recorded.event.assessment)


def remove_criteria(recorded: RecordedEvent[CriteriaRemoved | ElementRemoved], db: Connection) -> None:
    event, c = recorded.event, criteria_drafts.c
    db.execute(
        delete(criteria_drafts).where(
            c.register == event.register, c.recommendation == event.recommendation, c.element == event.element
        )
    )


def end_response(recorded: RecordedEvent[ResponsePublished | ResponseDeclined], db: Connection) -> None:
    event = recorded.event
    response = event.response if isinstance(event, ResponseDeclined) else event.facts.id
    r = open_responses.c
    db.execute(delete(open_responses).where(r.register == event.register, r.response == response))


def remove_response(recorded: RecordedEvent[ResponseRemoved], db: Connection) -> None:
    event, r = recorded.event, open_responses.c
    db.execute(delete(open_responses).where(r.register == event.register, r.response == event.response))


def remove_source(recorded: RecordedEvent[EvidenceRemoved], db: Connection) -> None:
    event = recorded.event
    db.execute(delete(sources).where(sources.c.register == event.register, sources.c.evidence == event.evidence))


def end_all_work_of_register(recorded: RecordedEvent[RegisterDiscarded], db: Connection) -> None:
    tables: tuple[Table, ...] = (proposals, criteria_drafts, open_responses, sources)
    for table in tables:
        db.execute(delete(table).where(table.c.register == recorded.event.register))


def end_all_work(recorded: RecordedEvent[RecommendationWithdrawn | RecommendationRemoved], db: Connection) -> None:
    """End all open work on a recommendation that was entered by mistake."""
    event = recorded.event
    tables: tuple[Table, ...] = (proposals, criteria_drafts, open_responses)
    for table in tables:
        db.execute(
            delete(table).where(table.c.register == event.register, table.c.recommendation == event.recommendation)
        )


def _delete_proposal(db: Connection, register: str, assessment: str) -> None:
    write_many(db, "DELETE FROM open_proposals WHERE register = ? AND assessment = ?", [(register, assessment)])


def _delete_criteria_draft(db: Connection, event: CriteriaDrafted | CriteriaApproved) -> None:
    c = criteria_drafts.c
    db.execute(
        delete(criteria_drafts).where(
            c.register == event.register,
            c.recommendation == event.recommendation,
            c.element == event.card.element,
        )
    )


OPENING = (
    AssessmentProposed,
    AssessmentRevised,
    AssessmentScheduled,
    AssessmentUnscheduled,
    AssessmentReturned,
    CriteriaDrafted,
    EvidenceNoted,
    ResponseProposed,
)
ENDING = (AssessmentPublished, AssessmentDeclined, EvidenceDisclosed, ResponsePublished, ResponseDeclined)
UNKEYED = (
    RecommendationWithdrawn,
    RecommendationRemoved,
    ElementRemoved,
    CriteriaRemoved,
    AssessmentRemoved,
    EvidenceRemoved,
    RegisterDiscarded,
    ResponseRemoved,
)
"""They may end work that is not known by its key."""
HANDLERS = (
    EventHandlers[Connection, None]()
    .on(AssessmentProposed, add_proposal)
    .on(AssessmentRevised, add_proposal)
    .on(AssessmentScheduled, schedule_proposal)
    .on(AssessmentUnscheduled, unschedule_proposal)
    .on(AssessmentReturned, return_proposal)
    .on(AssessmentPublished, end_proposal)
    .on(AssessmentDeclined, end_proposal)
    .on(CriteriaDrafted, add_criteria_draft)
    .on(CriteriaApproved, end_criteria_draft)
    .on(RecommendationWithdrawn, end_all_work)
    .on(RecommendationRemoved, end_all_work)
    .on(ElementRemoved, remove_criteria)
    .on(CriteriaRemoved, remove_criteria)
    .on(AssessmentRemoved, remove_proposal)
    .on(EvidenceRemoved, remove_source)
    .on(ResponseRemoved, remove_response)
    .on(RegisterDiscarded, end_all_work_of_register)
    .on(EvidenceNoted, add_source)
    .on(EvidenceNoteAmended, amend_source)
    .on(EvidenceDisclosed, end_source)
    .on(ResponseProposed, add_response)
    .on(ResponsePublished, end_response)
    .on(ResponseDeclined, end_response)
)
