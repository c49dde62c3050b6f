"""The slow model is sound by itself: what must hold of every history holds of its answers."""

from collections.abc import Iterator
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.codes import Bucket, Reason, Status
from domain.times import first_day
from tests.support.histories import histories, interesting_times, lawful, lawful_histories, moments
from tests.support.model import ElementAdded, Fact, Published, Registered, Withdrawn, compare, scorecard, totals
from tests.support.model.item import assessments_known, status_on
from tests.support.model.rollup import computed_status
from tests.support.model.scale import rank
from tests.support.model.scorecard import parts_of

either = st.one_of(histories(), histories(imported=True))
either_alone = st.one_of(histories(most_recommendations=1), histories(imported=True, most_recommendations=1))
few = settings(max_examples=60)


@few
@given(st.data(), either)
def test_totals_and_buckets_add_up_to_the_scorecard(data: st.DataObject, facts: list[Fact]) -> None:
    card = scorecard(facts, *data.draw(moments(facts)))
    counted = totals(card)
    assert sum(counted["totals"].values()) == sum(counted["buckets"].values()) == len(card)
    assert counted["rated"] == len(card) - counted["buckets"][Bucket.NOT_RATED]
    assert counted["still_done"] == counted["buckets"][Bucket.DONE] <= counted["ever_done"] <= len(card)


@few
@given(st.data(), either)
def test_comparing_applied_to_the_first_scorecard_gives_the_second(data: st.DataObject, facts: list[Fact]) -> None:
    first, second = data.draw(moments(facts)), data.draw(moments(facts))
    statuses = {name: row.status for name, row in scorecard(facts, *first).items()}
    for name, change in compare(facts, *first, *second).items():
        assert statuses.get(name) == change.a
        if change.c is None:
            statuses.pop(name, None)
        else:
            statuses[name] = change.c
        assert (change.direction == "unchanged") == (change.b == change.c and change.c is not None)
        assert change.learned or change.changed or not change.causes
    assert statuses == {name: row.status for name, row in scorecard(facts, *second).items()}


@few
@given(st.data(), either)
def test_what_is_appended_later_never_changes_an_earlier_answer(data: st.DataObject, facts: list[Fact]) -> None:
    cut = data.draw(st.integers(1, len(facts)))
    rest = [fact.at for fact in facts[cut:]]
    day, known_at = data.draw(moments(facts))
    if rest:
        known_at = min(known_at, min(rest) - timedelta(microseconds=1))
    assert scorecard(facts[:cut], day, known_at) == scorecard(facts, day, known_at)


@few
@given(st.data(), either)
def test_the_order_of_the_list_does_not_matter_only_the_log_position_does(
    data: st.DataObject, facts: list[Fact]
) -> None:
    moment = data.draw(moments(facts))
    mixed = data.draw(st.permutations(facts))
    assert scorecard(mixed, *moment) == scorecard(facts, *moment)


@settings(max_examples=20)
@given(st.data(), either_alone)
def test_walking_every_single_day_gives_the_same_since_and_peak(data: st.DataObject, facts: list[Fact]) -> None:
    """The model visits only days on which something may change; this visits them all."""
    as_of, known_at = data.draw(moments(facts))
    registered = next(fact for fact in facts if isinstance(fact, Registered))
    standing = scorecard(facts, as_of, known_at).get(registered.recommendation)
    if standing is None:
        return

    known = assessments_known(facts, known_at)
    cores = [part for part in parts_of(facts, registered.recommendation, known, known_at) if part.core]
    recommended_on = first_day(registered.recommended_on)
    start, best, previous = as_of, None, None
    for day in _each_day(min([recommended_on, *(first_day(a.effective_on) for a in known)]), as_of):
        status = computed_status(cores, day) if cores else status_on(known, day)
        if status != previous:
            start, previous = day, status
        here = rank(status)
        if day >= recommended_on and here is not None and (best is None or here > (rank(best[0]) or 0)):
            best = (status, day)

    assert standing.status == previous
    assert standing.peak == best
    assert (standing.since is None) == (previous == Status.NOT_ASSESSED)
    assert standing.since is None or first_day(standing.since) == start


def _each_day(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


@few
@given(either)
def test_a_history_is_told_in_the_order_of_its_stamps(facts: list[Fact]) -> None:
    """Registered, then published, then withdrawn; and a whole is never assessed beside its elements."""
    assert facts == sorted(facts, key=lambda fact: (fact.at, fact.order))
    assert len({fact.order for fact in facts}) == len(facts)
    known: set[str] = set()
    parted: set[str] = set()
    whole: set[str] = set()
    standing: dict[str, str] = {}
    for fact in facts:
        if isinstance(fact, Registered):
            assert fact.recommendation not in known
            known.add(fact.recommendation)
        elif isinstance(fact, ElementAdded):
            assert fact.recommendation in known - whole
            assert fact.core or fact.recommendation in parted
            parted.add(fact.recommendation)
        elif isinstance(fact, Published):
            assert fact.recommendation in known
            assert (fact.recommendation in parted) == bool(fact.element)
            standing[fact.assessment] = fact.recommendation
            if not fact.element:
                whole.add(fact.recommendation)
        elif isinstance(fact, Withdrawn):
            assert standing.pop(fact.assessment) in known
        else:
            known.remove(fact.recommendation)


@few
@given(st.one_of(lawful_histories(), lawful_histories(imported=True)))
def test_a_lawful_history_keeps_the_rules_of_publishing(facts: list[Fact]) -> None:
    assert lawful(facts) == facts
    standing: dict[tuple[str, str], list[str]] = {}
    for fact in facts:
        if isinstance(fact, Published):
            item = standing.setdefault((fact.recommendation, fact.element), [])
            assert (fact.reason == Reason.FIRST_ASSESSMENT) == (not item)
            item.append(fact.assessment)
        if isinstance(fact, Withdrawn):
            for item in standing.values():
                if fact.assessment in item:
                    item.remove(fact.assessment)


@few
@given(either)
def test_the_interesting_times_reach_before_and_after_everything(facts: list[Fact]) -> None:
    times = interesting_times(facts)
    assert scorecard(facts, times.days[-1], times.instants[0]) == {}
    for fact in facts:
        assert {fact.at, fact.at - timedelta(microseconds=1)} <= set(times.instants)
