"""Section 5 for one item: which assessments are candidates, and which of them is in force on a day."""

from collections.abc import Sequence
from datetime import date, datetime

from domain.codes import Status
from domain.times import first_day
from tests.support.model.facts import Fact, Published, Withdrawn


def assessments_known(facts: Sequence[Fact], known_at: datetime) -> list[Published]:
    """Everything published at or before the instant and not withdrawn at or before it."""
    withdrawn = [f.assessment for f in facts if isinstance(f, Withdrawn) and f.at <= known_at]
    return [f for f in facts if isinstance(f, Published) and f.at <= known_at and f.assessment not in withdrawn]


def of_item(assessments: Sequence[Published], recommendation: str, element: str) -> list[Published]:
    return [a for a in assessments if a.recommendation == recommendation and a.element == element]


def candidates(assessments: Sequence[Published], day: date) -> list[Published]:
    """Those of the known assessments that say something about the day."""
    return [a for a in assessments if first_day(a.effective_on) <= day]


def in_force(assessments: Sequence[Published], day: date) -> Published | None:
    """The one of an item's known assessments that holds on the day."""
    choice = candidates(assessments, day)
    if not choice:
        return None
    return max(choice, key=lambda a: (first_day(a.effective_on), a.at, a.order))


def status_on(assessments: Sequence[Published], day: date) -> Status:
    assessment = in_force(assessments, day)
    return assessment.status if assessment else Status.NOT_ASSESSED
