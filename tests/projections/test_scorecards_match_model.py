"""For any history, the real projections agree with the slow model: at random times and at every boundary."""

import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from domain.codes import DeadlineState, Kind, Status
from domain.times import first_day
from projections.engine.views import Views
from projections.scorecards import comparison
from projections.scorecards.comparison_order import moved_in_order
from projections.scorecards.deadlines import tally_due
from projections.scorecards.listed import Facets, ListFilter, ListOrder, ScorecardList
from projections.scorecards.queries import standings
from projections.scorecards.results import Standing, TimePair, mark_of
from projections.scorecards.summaries import count_status_moves, marks
from projections.scorecards.tally import tally
from tests.support import answers
from tests.support import model as m
from tests.support.histories import histories
from tests.support.histories.filing import refiled_histories
from tests.support.histories.imported import imported_histories
from tests.support.histories.times import interesting_times
from tests.support.logs import REGISTER, Writer, views_of

SLOW = settings(max_examples=40)


def agree(views: Views, facts: list[m.Fact], as_of: date, known_at: datetime) -> None:
    expected = m.scorecard(facts, as_of, known_at)
    with views.connect() as db:
        assert answers.scorecard(db, as_of, known_at) == expected
        assert answers.totals(db, as_of, known_at) == m.totals(expected)


def ids_of(listed: ScorecardList, by: str = "theme") -> list[str]:
    return [item.id for item in listed.page(ListOrder(by, [], statuses=list(Status)))]


def lists_agree(db: Connection, pair: TimePair, shown: dict[str, Standing], data: st.DataObject) -> None:
    """The database counts, filters and sorts as their standings do."""
    whole, every = ScorecardList(db, REGISTER, pair), list(shown.values())
    numbers, facets = whole.count(), whole.facets()
    assert numbers.counts == tally(every)
    assert numbers.dues == tally_due(s.due for s in every)
    assert whole.total() == len(shown)
    assert facets == Facets(
        themes=frozenset(s.theme for s in every),
        publications=facets.publications,
        has_priorities=facets.has_priorities,
        has_deadlines=any(s.due for s in every),
    )
    filters: list[tuple[ListFilter, Callable[[Standing], bool]]] = [
        *((ListFilter(status=status), lambda s, status=status: s.status is status) for status in Status),
        *((ListFilter(kind=kind), lambda s, kind=kind: s.kind is kind) for kind in Kind),
        *((ListFilter(due=due), lambda s, due=due: s.due is not None and s.due.state == due) for due in DeadlineState),
        (ListFilter(due="none"), lambda s: s.due is None),
        *((ListFilter(theme=theme), lambda s, theme=theme: s.theme == theme) for theme in facets.themes),
    ]
    for wanted, is_in in data.draw(st.lists(st.sampled_from(filters), min_size=2, max_size=4)):
        listed, expected = ScorecardList(db, REGISTER, pair, wanted), [s for s in every if is_in(s)]
        assert sorted(ids_of(listed)) == sorted(s.id for s in expected)
        assert listed.count().counts == tally(expected)
    keys: dict[str, Callable[[Standing], Any]] = {
        "began": lambda s: first_day(s.since) if s.since else date.min,
        "due": lambda s: s.due.last_day if s.due else date.max,
        "status": lambda s: list(Status).index(s.status),
    }
    for by, key in keys.items():
        ordered = [key(shown[ident]) for ident in ids_of(whole, by)]
        assert ordered == sorted(map(key, every))


def times_of(facts: list[m.Fact]) -> tuple[tuple[date, ...], tuple[datetime, ...]]:
    times = interesting_times(facts)
    return times.days, times.instants


def loaded(facts: list[m.Fact]) -> datetime:
    return max(f.at for f in facts) + timedelta(hours=1)


@given(st.data())
@SLOW
def test_every_boundary_of_a_living_register(data: st.DataObject) -> None:
    facts = data.draw(histories())
    writer = Writer(imported=False)
    writer.write(facts, loaded(facts))
    with tempfile.TemporaryDirectory() as folder:
        views = views_of(writer.log, Path(folder))
        days, instants = times_of(facts)
        for known_at in instants:
            for as_of in data.draw(st.lists(st.sampled_from(days), min_size=1, max_size=6)):
                agree(views, facts, as_of, known_at)
        for as_of in days:
            agree(views, facts, as_of, data.draw(st.sampled_from(instants)))


@given(st.data())
@SLOW
def test_every_boundary_of_amended_filing(data: st.DataObject) -> None:
    """Also where the log is read in two parts: pages as known before an amendment stay as they were."""
    facts = data.draw(refiled_histories())
    instants_of_log = sorted({f.at for f in facts})
    cut = data.draw(st.sampled_from(instants_of_log))
    writer = Writer(imported=False)
    with tempfile.TemporaryDirectory() as folder:
        writer.write([f for f in facts if f.at <= cut], loaded(facts))
        views = views_of(writer.log, Path(folder))
        writer.write([f for f in facts if f.at > cut], loaded(facts))
        views.catch_up()
        days, instants = times_of(facts)
        for known_at in instants:
            filed = m.as_filed(facts, known_at)
            checked, *others = data.draw(st.lists(st.sampled_from(days), min_size=1, max_size=6))
            for as_of in (checked, *others):
                agree(views, filed, as_of, known_at)
                filing = {f.recommendation: (f.kind, f.theme) for f in filed if isinstance(f, m.Registered)}
                pair = TimePair(as_of, known_at)
                with views.connect() as db:
                    shown = standings(db, REGISTER, pair)
                    of_themes = {
                        t: ids_of(ScorecardList(db, REGISTER, pair, ListFilter(theme=t))) for _, t in filing.values()
                    }
                    if as_of == checked:
                        lists_agree(db, pair, shown, data)
                    assert marks(db, REGISTER, pair, [*shown, "none"]) == {i: mark_of(s) for i, s in shown.items()}
                    then = TimePair(data.draw(st.sampled_from(days)), data.draw(st.sampled_from(instants)))
                    before = standings(db, REGISTER, then)
                    moves = count_status_moves(db, REGISTER, then, pair)
                assert {(a.code, b.code): n for (a, b), n in moves.items()} == Counter(
                    (before[i].status, s.status)
                    for i, s in shown.items()
                    if i in before and before[i].status is not s.status
                )
                assert {s.id: (s.kind, s.theme) for s in shown.values()} == {i: filing[i] for i in shown}
                assert {t: sorted(ids) for t, ids in of_themes.items()} == {
                    t: sorted(i for i in shown if filing[i][1] == t) for t in of_themes
                }


@given(st.data())
@SLOW
def test_every_boundary_of_a_record_kept_elsewhere(data: st.DataObject) -> None:
    facts = data.draw(imported_histories())
    writer = Writer(imported=True)
    writer.write(facts, loaded(facts))
    with tempfile.TemporaryDirectory() as folder:
        views = views_of(writer.log, Path(folder))
        days, instants = times_of(facts)
        for known_at in instants:
            agree(views, facts, data.draw(st.sampled_from(days)), known_at)
        for as_of in days:
            agree(views, facts, as_of, data.draw(st.sampled_from(instants)))


@given(st.data())
@SLOW
def test_loading_in_parts_gives_what_loading_at_once_gives(data: st.DataObject) -> None:
    """Also where a later part brings instants from before the first: the tables are drawn again."""
    facts = sorted(data.draw(imported_histories()), key=lambda f: f.order)
    cut = data.draw(st.integers(0, len(facts)))
    with tempfile.TemporaryDirectory() as folder:
        writer = Writer(imported=True)
        views = views_of(writer.log, Path(folder))
        for part in (facts[:cut], facts[cut:]):
            if part:
                writer.write(part, loaded(facts))
                views.catch_up()
        days, instants = times_of(facts)
        for known_at in instants:
            agree(views, facts, data.draw(st.sampled_from(days)), known_at)


@given(st.data())
@SLOW
def test_appending_never_changes_an_answer_for_an_earlier_instant(data: st.DataObject) -> None:
    facts = data.draw(histories())
    cut = data.draw(st.integers(1, len(facts)))
    while cut < len(facts) and facts[cut].at == facts[cut - 1].at:
        cut += 1
    first, rest = facts[:cut], facts[cut:]
    with tempfile.TemporaryDirectory() as folder:
        writer = Writer(imported=False)
        writer.write(first, loaded(facts))
        views = views_of(writer.log, Path(folder))
        days, instants = times_of(first)
        last = max(f.at for f in first)
        asked = [(e, k) for k in instants if k <= last for e in data.draw(st.lists(st.sampled_from(days), max_size=3))]
        with views.connect() as db:
            before = [answers.scorecard(db, *pair) for pair in asked]
        if rest:
            writer.write(rest, loaded(facts))
            views.catch_up()
        with views.connect() as db:
            assert [answers.scorecard(db, *pair) for pair in asked] == before


@given(st.data())
@SLOW
def test_a_comparison_since_each_was_recommended(data: st.DataObject) -> None:
    facts = data.draw(histories())
    writer = Writer(imported=False)
    writer.write(facts, loaded(facts))
    with tempfile.TemporaryDirectory() as folder:
        views = views_of(writer.log, Path(folder))
        days, instants = times_of(facts)
        for _ in range(8):
            until = data.draw(st.sampled_from(days))
            k1, k2 = (data.draw(st.sampled_from(instants)) for _ in range(2))
            with views.connect() as db:
                rows = answers.compare_since_recommended(db, k1, until, k2)
            assert rows == m.compare_since_recommended(facts, k1, until, k2)


@given(st.data())
@SLOW
def test_the_numbers_and_pages_of_a_comparison_are_those_of_its_rows(data: st.DataObject) -> None:
    facts = data.draw(histories())
    writer = Writer(imported=False)
    writer.write(facts, loaded(facts))
    with tempfile.TemporaryDirectory() as folder:
        views = views_of(writer.log, Path(folder))
        days, instants = times_of(facts)
        for _ in range(8):
            first, second = (
                TimePair(data.draw(st.sampled_from(days)), data.draw(st.sampled_from(instants))) for _ in range(2)
            )
            with views.connect() as db:
                whole = comparison.compare(db, REGISTER, first, second)
                moves = comparison.read_moves(db, REGISTER, first, second)
                paged = comparison.compared_rows(db, REGISTER, first, second, moves.rows)
                counted = comparison.count_moves(db, REGISTER, first, second)
                ordered = moved_in_order(db, REGISTER, first, second, [])
                part = moved_in_order(db, REGISTER, first, second, [], skip=1, limit=2)
            assert (moves.total, moves.counts) == (len(whole.rows), whole.counts)
            assert counted.moves == moves.moves
            assert (sorted(ordered, key=lambda m: m.rec_no), part) == (
                sorted(moves.rows, key=lambda m: m.rec_no),
                ordered[1:3],
            )
            assert moves.learned == sum(row.learned and row.a is not None for row in whole.rows)
            assert {row.id: row for row in paged} == {row.id: row for row in whole.rows}


@given(st.data())
@SLOW
def test_a_comparison_applied_to_the_first_scorecard_gives_the_second(data: st.DataObject) -> None:
    facts = data.draw(histories())
    writer = Writer(imported=False)
    writer.write(facts, loaded(facts))
    with tempfile.TemporaryDirectory() as folder:
        views = views_of(writer.log, Path(folder))
        days, instants = times_of(facts)
        for _ in range(8):
            e1, e2 = (data.draw(st.sampled_from(days)) for _ in range(2))
            k1, k2 = (data.draw(st.sampled_from(instants)) for _ in range(2))
            with views.connect() as db:
                rows = answers.compare(db, e1, k1, e2, k2)
                first = {r: s.status for r, s in answers.scorecard(db, e1, k1).items()}
                second = {r: s.status for r, s in answers.scorecard(db, e2, k2).items()}
            assert rows == m.compare(facts, e1, k1, e2, k2)
            for name, row in rows.items():
                assert first.get(name) == row.a
                if row.c is None:
                    first.pop(name, None)
                else:
                    first[name] = row.c
            assert first == second
