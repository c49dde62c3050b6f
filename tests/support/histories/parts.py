"""What generated assessments say, whatever they are about and whenever they are published."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from domain.words import Confidence, Kind, Motion, Reason, Status
from tests.support.histories.days import any_day, as_written

# Done and reversed come often, or the rules about elements would hardly ever be met.
STATUSES = [
    *[Status.IMPLEMENTED, Status.IN_EFFECT, Status.REVERSED] * 3,
    Status.PARTLY,
    Status.IN_PROGRESS,
    Status.ANNOUNCED,
    Status.CONTRARY,
    Status.NO_ACTION,
    Status.SUPERSEDED,
    Status.UNVERIFIABLE,
]

Judgement = dict[str, Any]

kinds = st.sampled_from(list(Kind))
themes = st.sampled_from(["envoys", "sanctions"])


@cache
def judgement() -> st.SearchStrategy[Judgement]:
    """The fields of `Published` apart from what it is about, and its stamp."""
    return st.fixed_dictionaries(
        {
            "status": st.sampled_from(STATUSES),
            "effective_on": as_written(),
            "reason": st.sampled_from(list(Reason)),
            "motion": st.sampled_from([None, *Motion]),
            "confidence": st.sampled_from(list(Confidence)),
            "review_by": st.one_of(st.just(""), st.just(""), any_day().map(lambda day: day.isoformat())),
            "legacy": st.sampled_from([False, False, False, True]),
        }
    )


@st.composite
def rise_and_fall(draw: st.DrawFn, elements: Sequence[str]) -> list[tuple[str, Judgement]]:
    """All elements done within a month or so, then mostly one of them reversed: what pure chance rarely brings."""
    begin = draw(any_day())

    def judged(status: Status, days_later: int) -> Judgement:
        effective_on = (begin + timedelta(days=days_later)).isoformat()
        return {**draw(judgement()), "status": status, "effective_on": effective_on}

    done = st.sampled_from([Status.IMPLEMENTED, Status.IN_EFFECT])
    course = [(element, judged(draw(done), draw(st.sampled_from([0, 0, 1, 30])))) for element in elements]
    if draw(st.sampled_from([True, True, True, False])):
        falling = draw(st.sampled_from(elements))
        course.append((falling, judged(Status.REVERSED, draw(st.sampled_from([31, 0, 1, 30, 100])))))
    return course
