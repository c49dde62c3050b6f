"""Publishes approved proposals at their scheduled time, once, in the name of the person who approved them."""

import logging

from app.adapters.record import Record
from domain import commands as c
from domain.errors import ClockDisagrees, Conflict, Refused
from domain.times import written
from projections.worklist.queries import due_proposals

log = logging.getLogger("uptake.worker")


def publish_due(record: Record) -> int:
    """Publish due proposals; returns how many. A refused one is returned to its author with the reasons."""
    with record.views.connect() as db:
        waiting = due_proposals(db, record.clock())
    published = 0
    for register, proposal in waiting:
        assert proposal.publish_at is not None
        target = (register, proposal.recommendation, proposal.assessment.id)
        key = f"embargo/{register}/{proposal.assessment.id}/{written(proposal.publish_at)}"
        try:
            record.execute(_publish(*target), by=proposal.approved_by, command_id=key)
            published += 1
        except Conflict:
            log.info("another process was working on %s; trying again later", proposal.assessment.id)
        except ClockDisagrees as disagrees:
            log.warning("%s was not published: %s", proposal.assessment.id, disagrees)
        except Refused as refused:
            record.execute(_return(*target, refused), by="scheduler", command_id=f"{key}/refused")
    return published


def _publish(register: str, recommendation: str, assessment: str) -> c.PublishAssessment:
    return c.PublishAssessment(register, recommendation=recommendation, assessment=assessment)


def _return(register: str, recommendation: str, assessment: str, refused: Refused) -> c.ReturnAssessment:
    note = "It could not be published at its hour. " + " ".join(refused.refusals)
    return c.ReturnAssessment(register, recommendation=recommendation, assessment=assessment, note=note[:2000])
