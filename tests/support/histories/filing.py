"""Strategies for amendments of how the items of a history are filed."""

from datetime import datetime, timedelta

from hypothesis import strategies as st

from domain.codes import Kind
from tests.support.histories.live import live_histories
from tests.support.model import ElementAdded, ElementRefiled, Fact, Refiled, Registered

DAYS = ("2019", "2020-06", "2021-01-01", "2022-05-17", "2024-12-31")


@st.composite
def refiled_histories(draw: st.DrawFn) -> list[Fact]:
    """A living register in which some items are filed otherwise later, at any instant, also at that of another fact."""
    facts = draw(live_histories(3))
    filed = [f for f in facts if isinstance(f, Registered | ElementAdded)]
    first_parts = {f.recommendation: f.element for f in reversed(facts) if isinstance(f, ElementAdded)}
    for number in range(draw(st.integers(1, 6))):
        item = draw(st.sampled_from(filed))
        at, order = _instant_after(draw, item.at, facts), 10_000 + number
        kind = draw(st.sampled_from(list(Kind)))
        if isinstance(item, Registered):
            theme, day = draw(st.sampled_from(("a", "b"))), draw(st.sampled_from(DAYS))
            amendment: Fact = Refiled(item.recommendation, kind, theme, day, at, order)
        else:
            core = first_parts[item.recommendation] == item.element or draw(st.booleans())
            amendment = ElementRefiled(item.recommendation, item.element, kind, core, at, order)
        facts = sorted([*facts, amendment], key=lambda f: f.at)
    return facts


def _instant_after(draw: st.DrawFn, at: datetime, facts: list[Fact]) -> datetime:
    """An instant after the one at which the item was filed."""
    later = sorted({f.at for f in facts if f.at > at})
    between = at + timedelta(microseconds=draw(st.integers(1, 10**12)))
    return draw(st.sampled_from([*later, between])) if later else between
