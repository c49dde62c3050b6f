"""What the bar of every staff page says: the registers of a person, and how much waits for review."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy.orm import Session

from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.notices.notices import Notices
from app.services.opinions.visibility import ProposalVisibility
from domain.recommendation.judging_context import JudgingContext
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.worklist.inbox import count_to_review, groups_to_review


class Workspace(Struct, frozen=True):
    """`registers` are those whose private content the person may read."""

    registers: list[RegisterEntry]
    to_review: int
    unread: int
    """How many notices are new."""


def workspace_of(services: Services, person: Person) -> Workspace:
    with services.accounts.work() as accounts, services.views.connect() as db:
        registers = [e for e in catalogue.registers(db) if person.may("read", e.id)]
        now = services.clock()
        to_review = sum(
            count_to_review(db, e.id, reviewed_by_others(e, person, now), _hidden(accounts, e, person))
            for e in registers
            if person.may("publish", e.id)
        )
        unread = Notices(accounts, db, person, [e.id for e in registers]).unread
    return Workspace(registers, to_review, unread)


def first_to_review(services: Services, person: Person) -> tuple[str, str] | None:
    """The register and the id of the proposal that has waited longest for this person."""
    with services.accounts.work() as accounts, services.views.connect() as db:
        registers = [e for e in catalogue.registers(db) if person.may("publish", e.id)]
        now = services.clock()
        oldest = [
            (group.first.at, e.id, group.first.assessment.id)
            for e in registers
            for group in groups_to_review(db, e.id, reviewed_by_others(e, person, now), _hidden(accounts, e, person), 1)
        ]
    return min(oldest)[1:] if oldest else None


def reviewed_by_others(entry: RegisterEntry, person: Person, now: datetime) -> str:
    """Whose work others review: the person, or no one in a register that one person keeps alone."""
    return "" if JudgingContext.of(entry.settings, now).author_may_approve else person.id


def _hidden(accounts: Session, entry: RegisterEntry, person: Person) -> set[tuple[str, str]]:
    return ProposalVisibility(accounts, entry.id, person.id).items
