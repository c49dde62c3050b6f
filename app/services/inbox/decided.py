"""What became of proposals: for their authors, after the decision."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.opinions.visibility import ProposalVisibility
from projections.assessments import decisions
from projections.assessments.decisions import DecidedProposal, DecisionKind
from projections.worklist.queries import open_proposal

LATELY = timedelta(days=14)


def decided_lately(
    db: Connection, visibility: ProposalVisibility, register: str, now: datetime, limit: int
) -> list[DecidedProposal]:
    """The proposals of a person that others published or declined in the last two weeks, newest first.

    A returned proposal is open again, so it is in the inbox.
    """
    found = decisions.decisions_on_proposals_of(db, register, visibility.person, now - LATELY, limit)
    return [d for d in _visible(visibility, found) if d.decision is not DecisionKind.RETURNED]


def decisions_on(services: Services, person: Person, register: str, assessment: str) -> list[DecidedProposal]:
    """All decisions on a proposal that is not open any more, oldest first, without those hidden from a person.

    Empty while it is open, and where the last decision is hidden.
    """
    with services.views.connect() as db, services.accounts.work() as accounts:
        found = [] if open_proposal(db, register, assessment) else decisions.decisions_on(db, register, assessment)
        visible = _visible(ProposalVisibility(accounts, register, person.id), found)
    return visible if found and found[-1] in visible else []


def _visible(visibility: ProposalVisibility, found: Iterable[DecidedProposal]) -> list[DecidedProposal]:
    return [
        d for d in found if d.decision is DecisionKind.PUBLISHED or not visibility.hides_work_of(d.by, d.recommendation)
    ]
