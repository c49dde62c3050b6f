"""Histories of a record kept elsewhere: instants are given freely, and many facts share one."""

from dataclasses import replace
from datetime import datetime

from hypothesis import strategies as st

from tests.support.histories.days import any_instant
from tests.support.histories.parts import Flavour, Judgement, flavours, kinds, rise_and_fall, themes
from tests.support.model import (
    ElementAdded,
    Fact,
    Published,
    RecommendationWithdrawn,
    Registered,
    Withdrawn,
)


@st.composite
def imported_histories(draw: st.DrawFn, most_recommendations: int = 4, most_assessments: int = 14) -> list[Fact]:
    """Sorted by (at, order); `order` numbers the rows: recommendations, elements, assessments, withdrawals.

    Elements are as old as their recommendation; nothing is published before it was registered, nothing
    withdrawn before it was published, and nothing said about a recommendation after its withdrawal.
    """
    flavour = draw(flavours())
    recommendations = [
        draw(registered(f"r{n}", flavour)) for n in range(1, draw(st.integers(1, most_recommendations)) + 1)
    ]
    elements = [fact for whole in recommendations for fact in draw(elements_of(whole))]
    items: list[Registered | ElementAdded] = [*elements]
    items += [r for r in recommendations if r.recommendation not in {e.recommendation for e in elements}]
    chosen = draw(st.lists(st.sampled_from(items), max_size=most_assessments))
    about = [(item, draw(flavour.judgements)) for item in chosen]
    for whole in recommendations:
        its = {e.element: e for e in elements if e.recommendation == whole.recommendation}
        rises = draw(st.booleans())
        if its and rises:
            about += [(its[element], judged) for element, judged in draw(rise_and_fall(list(its), flavour))]
    assessments = [draw(published(f"a{n}", item, judged)) for n, (item, judged) in enumerate(about, 1)]
    taken_back = [a for a in assessments if draw(st.integers(0, 4)) == 4]
    withdrawals = [Withdrawn(a.assessment, draw(no_earlier_than(a.at)), 0) for a in taken_back]

    rows: list[Fact] = [*recommendations, *elements, *assessments, *withdrawals]
    for whole in recommendations:
        if draw(st.integers(0, 7)) == 7:
            ids = {a.assessment for a in assessments if a.recommendation == whole.recommendation}
            said = [a.at for a in assessments if a.assessment in ids]
            said += [w.at for w in withdrawals if w.assessment in ids]
            last = draw(no_earlier_than(max([whole.at, *said])))
            rows.append(RecommendationWithdrawn(whole.recommendation, last, 0))
    numbered = [replace(fact, order=order) for order, fact in enumerate(rows, start=1)]
    return sorted(numbered, key=lambda fact: (fact.at, fact.order))


def registered(name: str, flavour: Flavour) -> st.SearchStrategy[Registered]:
    return st.builds(Registered, st.just(name), kinds, themes, flavour.written_days, any_instant(), st.just(0))


@st.composite
def elements_of(draw: st.DrawFn, whole: Registered) -> list[ElementAdded]:
    """None, or up to three with at least one core."""
    cores = draw(st.sampled_from([[], [True], [True, True], [True, False], [True, True, False], [True, True, True]]))
    return [
        ElementAdded(whole.recommendation, f"e{n}", draw(kinds), core, whole.at, 0) for n, core in enumerate(cores, 1)
    ]


@st.composite
def published(draw: st.DrawFn, assessment: str, item: Registered | ElementAdded, judged: Judgement) -> Published:
    element = item.element if isinstance(item, ElementAdded) else ""
    return Published(item.recommendation, element, assessment, at=draw(no_earlier_than(item.at)), order=0, **judged)


def no_earlier_than(instant: datetime) -> st.SearchStrategy[datetime]:
    return any_instant().map(lambda at: max(at, instant))
