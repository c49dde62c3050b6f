"""Publishes approved proposals at their scheduled time, once, in the name of the person who approved them."""

import logging

from app.adapters.record import Record
from domain import commands as c
from domain.errors import Conflict, LogClosed, Refused
from domain.ids import recommendation_id
from domain.recommendation.aggregate import Recommendation
from domain.times import written
from projections.worklist.queries import Proposal, due_proposals

log = logging.getLogger("uptake.worker")


def publish_due(record: Record) -> int:
    """Publish due proposals; returns how many. A refused one is returned to its author with the reasons.

    What is published is what was approved: a proposal that changed since then is not due any more.
    """
    with record.views.connect() as db:
        waiting = due_proposals(db, record.clock())
    return sum(_publish_if_approved(record, register, proposal) for register, proposal in waiting)


def _publish_if_approved(record: Record, register: str, proposal: Proposal) -> bool:
    assert proposal.publish_at is not None
    ident, recommendation = proposal.assessment.id, proposal.recommendation
    version = _approved_version(record, register, proposal)
    if version is None:
        log.info("%s was changed or called off after its approval; it is not published", ident)
        return False
    key = f"embargo/{register}/{ident}/{written(proposal.publish_at)}"
    publish = c.PublishAssessment(register, recommendation=recommendation, assessment=ident, expected_version=version)
    try:
        record.execute(publish, by=proposal.approved_by, command_id=key)
        return True
    except Conflict:
        log.info("another process was working on %s; trying again later", ident)
    except LogClosed as closed:
        log.warning("%s was not published: %s", ident, closed)
    except Refused as refused:
        note = "It could not be published at its hour. " + " ".join(refused.refusals)
        returned = c.ReturnAssessment(register, recommendation=recommendation, assessment=ident, note=note[:2000])
        # The key says what is done: two workers may give the reasons in other words.
        record.execute(returned, by="scheduler", command_id=f"{key}/refused", request_digest="return")
    return False


def _approved_version(record: Record, register: str, proposal: Proposal) -> int | None:
    """The version of the recommendation, if the log still has the proposal as it was approved; else None."""
    recommendation = record.tracker.load(Recommendation, recommendation_id(register, proposal.recommendation))
    ident = proposal.assessment.id
    is_approved = recommendation.publish_times.get(ident) == proposal.publish_at
    is_same = recommendation.proposals.get(ident) == proposal.assessment
    return recommendation.version if is_approved and is_same else None
