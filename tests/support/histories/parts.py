"""What generated assessments say, whatever they are about and whenever they are published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from domain.codes import Confidence, Kind, Motion, Reason, Status
from tests.support.histories.days import any_day, as_written

PUBLISHABLE = [status for status in Status if status != Status.NOT_ASSESSED]
DONE = [Status.IMPLEMENTED, Status.IN_EFFECT]

Judgement = dict[str, Any]  # the fields of `Published` apart from what it is about, and its stamp

kinds = st.sampled_from(list(Kind))
themes = st.sampled_from(["envoys", "sanctions"])


@dataclass(frozen=True)
class Flavour:
    """What one history draws from: few days and few statuses in one, many in another, so that all rules are met."""

    days: st.SearchStrategy[date]
    written_days: st.SearchStrategy[str]
    judgements: st.SearchStrategy[Judgement]


@st.composite
def flavours(draw: st.DrawFn) -> Flavour:
    few_days = draw(st.lists(any_day(), min_size=1, max_size=5))
    days = draw(st.sampled_from([st.sampled_from(few_days), st.sampled_from(few_days), any_day()]))
    few_statuses = draw(st.lists(st.sampled_from(PUBLISHABLE), min_size=2, max_size=4))
    often = [*few_statuses * 3, *DONE, Status.REVERSED, Status.PARTLY]
    statuses = draw(st.sampled_from([few_statuses, often, PUBLISHABLE]))
    written_days = as_written(days)
    judgements = st.fixed_dictionaries(
        {
            "status": st.sampled_from(statuses),
            "effective_on": written_days,
            "reason": st.sampled_from(list(Reason)),
            "motion": st.sampled_from([None, *Motion]),
            "confidence": st.sampled_from(list(Confidence)),
            "review_by": st.one_of(st.just(""), st.just(""), any_day().map(date.isoformat)),
            "legacy": st.sampled_from([False, False, False, True]),
        }
    )
    return Flavour(days, written_days, judgements)


@st.composite
def rise_and_fall(draw: st.DrawFn, elements: Sequence[str], flavour: Flavour) -> list[tuple[str, Judgement]]:
    """All elements done within a month or so, then mostly one of them reversed: what pure chance rarely brings."""
    begin = draw(flavour.days)

    def judged(status: Status, days_later: int) -> Judgement:
        effective_on = (begin + timedelta(days=days_later)).isoformat()
        return {**draw(flavour.judgements), "status": status, "effective_on": effective_on}

    done = st.sampled_from(DONE)
    course = [(element, judged(draw(done), draw(st.sampled_from([0, 0, 1, 30])))) for element in elements]
    if draw(st.sampled_from([True, True, True, False])):
        falling = draw(st.sampled_from(elements))
        course.append((falling, judged(Status.REVERSED, draw(st.sampled_from([31, 0, 1, 30, 100])))))
    return course
