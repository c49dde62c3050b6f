"""Section 3 of the record's second part, slowly: which deadline is in force, and what became of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.codes import DeadlineState, Status
from domain.times import first_day
from tests.support.model.facts import Fact
from tests.support.model.item import assessments_known, of_item, status_on
from tests.support.model.rollup import computed_status
from tests.support.model.scorecard import on_the_scorecard, parts_of

DONE = (Status.IMPLEMENTED, Status.IN_EFFECT)


@dataclass(frozen=True)
class Stated:
    """`withdrawn_at` is None for one that stays; `order` is its place in the log."""

    deadline: str
    recommendation: str
    element: str
    due_on: str
    stated_on: str
    at: datetime
    order: int
    withdrawn_at: datetime | None = None


def last_day(text: str) -> date:
    """The day before the next year, month or day begins."""
    day = first_day(text)
    if len(text) == 4:
        return date(day.year, 12, 31)
    if len(text) == 7:
        following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        return following - timedelta(days=1)
    return day


def in_force(stated: Sequence[Stated], recommendation: str, element: str, day: date, known: datetime) -> Stated | None:
    known_then = [
        s
        for s in stated
        if (s.recommendation, s.element) == (recommendation, element)
        and s.at <= known
        and not (s.withdrawn_at and s.withdrawn_at <= known)
        and first_day(s.stated_on) <= day
    ]
    return max(known_then, key=lambda s: (first_day(s.stated_on), s.order), default=None)


def state(status_of: Callable[[date], Status], turning: Sequence[date], due: date, day: date) -> DeadlineState | None:
    now = status_of(day)
    if now is Status.SUPERSEDED:
        return None
    done_days = [d for d in turning if d <= day and status_of(d) in DONE]
    if done_days and min(done_days) <= due:
        return DeadlineState.MET
    if now in DONE:
        return DeadlineState.MET_LATE
    if day > due:
        return DeadlineState.OVERDUE
    return DeadlineState.UPCOMING if due - day <= timedelta(days=90) else DeadlineState.OPEN


Answers = dict[tuple[str, str], tuple[str, DeadlineState]]


def deadlines(facts: Sequence[Fact], stated: Sequence[Stated], day: date, known: datetime) -> Answers:
    """The deadline in force and its state, by recommendation and element (empty for the whole)."""
    assessments = assessments_known(facts, known)
    answers: Answers = {}
    for registered in on_the_scorecard(facts, day, known):
        name = registered.recommendation
        parts = parts_of(facts, name, assessments, known)
        cores = [part for part in parts if part.core]
        turning = sorted({first_day(a.effective_on) for a in assessments if a.recommendation == name})
        own = of_item(assessments, name, "")
        items: dict[str, Callable[[date], Status]] = {
            "": (lambda d, c=cores: computed_status(c, d)) if parts else (lambda d, o=own: status_on(o, d))  # type: ignore[misc]
        }
        for part in parts:
            items[part.element] = lambda d, p=part: status_on(p.assessments, d)  # type: ignore[misc]
        for element, status_of in items.items():
            deadline = in_force(stated, name, element, day, known)
            if deadline and (became := state(status_of, turning, last_day(deadline.due_on), day)):
                answers[name, element] = (deadline.deadline, became)
    return answers
