"""The days and instants at which an answer about a history may change, and those just beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from domain.times import first_day
from tests.support.histories.days import EARLIEST, LATEST, any_day
from tests.support.model import Fact, Published, Refiled, Registered
from tests.support.model.freshness import review_by

DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Times:
    """Both sorted, each once. `instants` begins before the first fact and ends after the last."""

    days: tuple[date, ...]
    instants: tuple[datetime, ...]


def interesting_times(facts: Sequence[Fact]) -> Times:
    """Every day from which something holds or fades, with the day before; every instant of a fact, with the
    microsecond before."""
    days = {EARLIEST, LATEST}
    instants = {datetime(2035, 1, 1, tzinfo=UTC)}
    for fact in facts:
        instants |= {fact.at, fact.at - MICROSECOND}
        if isinstance(fact, Registered | Refiled):
            begins = first_day(fact.recommended_on)
            days |= {begins, begins - DAY}
        if isinstance(fact, Published):
            begins, last = first_day(fact.effective_on), review_by(fact)
            days |= {begins, begins - DAY}
            days |= {last - 31 * DAY, last - 30 * DAY, last, last + DAY}  # current, due, due, stale
    return Times(tuple(sorted(days)), tuple(sorted(instants)))


def moments(facts: Sequence[Fact]) -> st.SearchStrategy[tuple[date, datetime]]:
    """A pair (as_of, known_at): mostly interesting ones, sometimes any."""
    times = interesting_times(facts)
    day = st.one_of(st.sampled_from(times.days), st.sampled_from(times.days), any_day())
    first, last = times.instants[0], times.instants[-1]
    between = st.floats(0, 1).map(lambda part: first + part * (last - first))
    instant = st.one_of(st.sampled_from(times.instants), st.sampled_from(times.instants), between)
    return st.tuples(day, instant)
