"""Section 6: what a recommendation's core elements make of it on one day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.codes import Kind, Status
from tests.support.model.days import turning_days
from tests.support.model.facts import Published
from tests.support.model.item import status_on

DONE = (Status.IMPLEMENTED, Status.IN_EFFECT)
SET_ASIDE = (Status.SUPERSEDED, Status.UNVERIFIABLE)
MOST_ADVANCED_FIRST = (
    Status.IN_PROGRESS,
    Status.ANNOUNCED,
    Status.CONTRARY,
    Status.NO_ACTION,
    Status.NOT_ASSESSED,
)


@dataclass(frozen=True)
class Part:
    """One element, with the assessments of it that are known."""

    element: str
    kind: Kind
    core: bool
    assessments: tuple[Published, ...]


def counting(cores: Sequence[Part], day: date) -> list[Part]:
    """The core elements that the status follows from on the day."""
    return [part for part in cores if status_on(part.assessments, day) not in SET_ASIDE]


def all_done(cores: Sequence[Part], day: date) -> bool:
    """Whether rule 1 holds on the day."""
    parts = counting(cores, day)
    return bool(parts) and all(status_on(part.assessments, day) in DONE for part in parts)


def all_done_before(cores: Sequence[Part], day: date) -> bool:
    """Whether rule 1 held on some earlier day."""
    turning = turning_days([a for part in cores for a in part.assessments])
    return any(all_done(cores, earlier) for earlier in turning if earlier < day)


def computed_status(cores: Sequence[Part], day: date) -> Status:
    parts = counting(cores, day)
    if not parts:
        all_superseded = all(status_on(part.assessments, day) == Status.SUPERSEDED for part in cores)
        return Status.SUPERSEDED if all_superseded else Status.UNVERIFIABLE

    statuses = [status_on(part.assessments, day) for part in parts]
    if all_done(cores, day):  # rule 1
        lasting = any(part.kind in (Kind.CONTINUING, Kind.RESTRAINT) for part in parts)
        return Status.IN_EFFECT if lasting else Status.IMPLEMENTED
    if Status.REVERSED in statuses and all_done_before(cores, day):  # rule 2
        return Status.REVERSED
    if any(status in (*DONE, Status.PARTLY) for status in statuses):  # rule 3
        return Status.PARTLY
    if Status.REVERSED in statuses:  # rule 4
        return Status.REVERSED
    return next(status for status in MOST_ADVANCED_FIRST if status in statuses)  # rule 5
