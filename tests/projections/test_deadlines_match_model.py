"""For any history with deadlines, the projection agrees with the slow model: at random times and at boundaries."""

import tempfile
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.codes import DeadlineState
from domain.deadline.events import DeadlineStated, DeadlineWithdrawn
from domain.ids import deadline_id
from domain.times import first_day, written
from domain.values import DeadlineFacts
from projections.engine.views import Views
from projections.scorecards.due_items import count_due_items, due_items
from projections.scorecards.queries import due_counts, standings
from projections.scorecards.results import TimePair
from tests.support import model as m
from tests.support.histories.imported import imported_histories
from tests.support.histories.times import interesting_times
from tests.support.logs import REGISTER, Writer, views_of
from tests.support.model.deadlines import Answers, Stated, deadlines, last_day

SLOW = settings(max_examples=40)
DAY, MICROSECOND = timedelta(days=1), timedelta(microseconds=1)


@st.composite
def stated_deadlines(draw: st.DrawFn, facts: list[m.Fact]) -> list[Stated]:
    """Up to six deadlines of the items of a history, some withdrawn, many on the days that matter to it."""
    days = interesting_times(facts).days
    items = [(f, "") for f in facts if isinstance(f, m.Registered)]
    items += [(f, f.element) for f in facts if isinstance(f, m.ElementAdded)]  # type: ignore[misc]
    lengths = st.sampled_from((4, 7, 10, 10))
    stated = []
    for n in range(draw(st.integers(1, 6))):
        item, element = draw(st.sampled_from(items))
        due = draw(st.sampled_from(days)) + timedelta(days=draw(st.integers(-100, 100)))
        at = item.at + timedelta(days=draw(st.integers(0, 900)))
        gone = at + timedelta(days=draw(st.integers(0, 900))) if draw(st.integers(0, 2)) == 0 else None
        stated.append(
            Stated(
                deadline=f"due{n}",
                recommendation=item.recommendation,
                element=element,
                due_on=due.isoformat()[: draw(lengths)],
                stated_on=draw(st.sampled_from(days)).isoformat()[: draw(lengths)],
                at=at,
                order=n,
                withdrawn_at=gone,
            )
        )
    return stated


def write(writer: Writer, stated: list[Stated], at: datetime) -> None:
    """As the events of an imported record, in the order in which they stand."""
    for s in stated:
        envelope: dict[str, Any] = {
            "originator_id": deadline_id(REGISTER, s.deadline),
            "recorded_by": "x",
            "register": REGISTER,
        }
        facts = DeadlineFacts(
            id=s.deadline, element=s.element, due_on=s.due_on, stated_on=s.stated_on, stated_by="The council"
        )
        events: list[DeadlineStated | DeadlineWithdrawn] = [
            DeadlineStated(
                **envelope,
                originator_version=1,
                based_on=0,
                recommendation=s.recommendation,
                deadline=facts,
                published_at=s.at,
            )
        ]
        if s.withdrawn_at:
            events.append(
                DeadlineWithdrawn(
                    **envelope,
                    originator_version=2,
                    based_on=1,
                    recommendation=s.recommendation,
                    deadline=s.deadline,
                    element=s.element,
                    reason="R",
                    withdrawn_by="x",
                    withdrawn_at=s.withdrawn_at,
                )
            )
        writer.log.append(events, at)


def answered(views: Views, day: date, known_at: datetime) -> tuple[Answers, dict[DeadlineState, int]]:
    with views.connect() as db:
        card = standings(db, REGISTER, TimePair(day, known_at))
        counted = due_counts(db, REGISTER, TimePair(day, known_at))
    answers: Answers = {}
    for s in card.values():
        for element, due in (("", s.due), *((e.id, e.due) for e in s.elements)):
            if due:
                answers[s.id, element] = (due.id, due.state)
    return answers, counted.by_state


def agree(views: Views, facts: list[m.Fact], stated: list[Stated], day: date, known_at: datetime) -> None:
    expected = deadlines(facts, stated, day, known_at)
    answers, counted = answered(views, day, known_at)
    assert answers == expected, (day, written(known_at))
    are_listed_in_pages(views, answers, day, known_at)
    states = Counter(state for (_, element), (_, state) in expected.items() if not element)
    assert counted == {state: states[state] for state in DeadlineState}


def are_listed_in_pages(views: Views, answers: Answers, day: date, known_at: datetime) -> None:
    """Each once: those to come first, then the past ones, the latest first."""
    pair = TimePair(day, known_at)
    with views.connect() as db:
        total = count_due_items(db, REGISTER, pair)
        listed = [i for skip in range(0, total, 2) for i in due_items(db, REGISTER, pair, skip=skip, limit=2)]
    assert total == len(answers) == len(listed)
    assert {(i.recommendation, i.element): (i.due.id, i.due.state) for i in listed} == answers
    days = [i.due.last_day for i in listed]
    assert days == sorted(d for d in days if d >= day) + sorted((d for d in days if d < day), reverse=True)


def boundaries(facts: list[m.Fact], stated: list[Stated]) -> tuple[list[date], list[datetime]]:
    times = interesting_times(facts)
    days, instants = set(times.days), set(times.instants)
    for s in stated:
        due, said = last_day(s.due_on), first_day(s.stated_on)
        days |= {due, due + DAY, due - 90 * DAY, due - 91 * DAY, said, said - DAY}
        instants |= {s.at, s.at - MICROSECOND}
        if s.withdrawn_at:
            instants |= {s.withdrawn_at, s.withdrawn_at - MICROSECOND}
    return sorted(days), sorted(instants)


@given(st.data())
@SLOW
def test_every_boundary_of_deadlines(data: st.DataObject) -> None:
    facts = data.draw(imported_histories())
    stated = data.draw(stated_deadlines(facts))
    loaded = max(f.at for f in facts) + timedelta(days=2000)
    writer = Writer(imported=True)
    writer.write(facts, loaded)
    write(writer, stated, loaded + DAY)
    with tempfile.TemporaryDirectory() as folder:
        views = views_of(writer.log, Path(folder))
        days, instants = boundaries(facts, stated)
        for known_at in instants:
            agree(views, facts, stated, data.draw(st.sampled_from(days)), known_at)
        for day in days:
            agree(views, facts, stated, day, data.draw(st.sampled_from(instants)))


@given(st.data())
@SLOW
def test_deadlines_loaded_one_by_one_between_the_assessments(data: st.DataObject) -> None:
    """What comes later is drawn onto what is stored, and a deadline before it is drawn again."""
    facts = sorted(data.draw(imported_histories()), key=lambda f: f.order)
    stated = data.draw(stated_deadlines(facts))
    loaded = max(f.at for f in facts) + timedelta(days=2000)
    first = [f for f in facts if isinstance(f, m.Registered | m.ElementAdded)]
    rest = [f for f in facts if f not in first]
    gone = {f.recommendation for f in facts if isinstance(f, m.RecommendationWithdrawn)}
    stated = [replace(s, order=n) for n, s in enumerate(s for s in stated if s.recommendation not in gone)]
    writer = Writer(imported=True)
    writer.write(first, loaded)
    with tempfile.TemporaryDirectory() as folder:
        views = views_of(writer.log, Path(folder))
        cut = data.draw(st.integers(0, len(rest)))
        for part, more in ((rest[:cut], stated[::2]), (rest[cut:], stated[1::2])):
            if part:
                writer.write(part, loaded)
                views.catch_up()
            write(writer, more, loaded)
            views.catch_up()
        orders = {s.deadline: n for n, s in enumerate((*stated[::2], *stated[1::2]))}
        stated = [replace(s, order=orders[s.deadline]) for s in stated]
        days, instants = boundaries(facts, stated)
        for known_at in instants:
            agree(views, facts, stated, data.draw(st.sampled_from(days)), known_at)
