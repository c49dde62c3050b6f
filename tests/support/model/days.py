"""Walking along the days: the first day of an unbroken run, and the peak.

A status can only change on the first day of some assessment's effective date, so only those days are visited.
"""

from collections.abc import Callable, Sequence
from datetime import date

from domain.codes import Status
from domain.times import first_day
from tests.support.model.facts import Published
from tests.support.model.scale import rank

StatusOn = Callable[[date], Status]


def turning_days(assessments: Sequence[Published]) -> list[date]:
    return sorted({first_day(a.effective_on) for a in assessments})


def run_start(status_on: StatusOn, turning: Sequence[date], as_of: date) -> date | None:
    """The first day of the run of equal statuses that ends on `as_of`; None for `not_assessed`."""
    status = status_on(as_of)
    if status == Status.NOT_ASSESSED:
        return None
    start = None
    for day in reversed(turning):
        if day > as_of:
            continue
        if status_on(day) != status:
            break
        start = day
    return start


def peak(status_on: StatusOn, turning: Sequence[date], first: date, as_of: date) -> tuple[Status, date] | None:
    """The highest rank held from `first` to `as_of`, and the first day in that span on which it was held."""
    best: tuple[Status, date] | None = None
    best_rank = -1
    for day in [first, *(d for d in turning if first < d <= as_of)]:
        status = status_on(day)
        its_rank = rank(status)
        if its_rank is not None and its_rank > best_rank:
            best, best_rank = (status, day), its_rank
    return best
