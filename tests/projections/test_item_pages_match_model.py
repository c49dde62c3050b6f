"""What the page of a recommendation says of its parts and of its assessments, against the slow model."""

import tempfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.presentation.narrative.item_steps import OrderedAssessment, item_steps
from app.presentation.narrative.parts import deciding_parts
from domain.codes import Reason, Status
from domain.times import first_day
from domain.values import Assessment
from projections.scorecards.queries import standings
from projections.scorecards.results import Standing, TimePair
from projections.scorecards.status_history import element_histories, status_histories, status_on
from tests.support import model as m
from tests.support.histories import histories, interesting_times
from tests.support.logs import REGISTER, Writer, views_of
from tests.support.model.item import assessments_known, of_item
from tests.support.model.item import status_on as status_by_model
from tests.support.model.rollup import DONE, Part, computed_status
from tests.support.model.scorecard import parts_of

DAY = timedelta(days=1)
SLOW = settings(max_examples=60)


@pytest.mark.parametrize("imported", [False, True])
@given(data=st.data())
@SLOW
def test_parts_and_steps_at_any_pair_of_times(imported: bool, data: st.DataObject) -> None:
    facts = data.draw(histories(imported=imported, most_recommendations=2))
    times = interesting_times(facts)
    day, known_at = data.draw(st.sampled_from(times.days)), data.draw(st.sampled_from(times.instants))
    writer = Writer(imported=imported)
    writer.write(facts, max(f.at for f in facts) + timedelta(hours=1))
    with tempfile.TemporaryDirectory() as folder, views_of(writer.log, Path(folder)).connect() as db:
        for name, standing in standings(db, REGISTER, TimePair(day, known_at)).items():
            known = assessments_known(facts, known_at)
            parts = parts_of(facts, name, known, known_at)
            begins_as_written(standing, [a for a in known if a.recommendation == name])
            drawn = element_histories(db, REGISTER, known_at, day, name)
            for part in parts:
                of_part = drawn.get(part.element, ())
                assert (status_on(of_part, day) or Status.NOT_ASSESSED) is status_by_model(part.assessments, day)
            if parts:
                deciding_parts_make_the_whole(standing, parts, day)
            whole = status_histories(db, REGISTER, known_at, day, [name])[name]
            steps_are_those_of_the_record(known, name, parts, day, whole)


def begins_as_written(standing: Standing, known: Sequence[m.Published]) -> None:
    """The first day of a status in words is how an assessment of that day wrote it."""
    if standing.since is None:
        assert standing.began_on is None
        return
    assert standing.began_on is not None
    assert first_day(standing.began_on) == first_day(standing.since)
    assert standing.began_on in {a.effective_on for a in known}


def deciding_parts_make_the_whole(standing: Standing, parts: Sequence[Part], day: date) -> None:
    """The parts that are said to decide are core, and give the status of the whole without the others."""
    deciding = deciding_parts(standing)
    assert deciding.reason
    chosen = [p for p in parts if p.element in deciding.ids]
    assert all(p.core for p in chosen)
    assert len(chosen) == len(deciding.ids)
    if not chosen:
        assert standing.status is Status.PARTLY
    elif standing.status in DONE:
        assert {status_by_model(p.assessments, day) for p in chosen} <= set(DONE)
    elif standing.status not in (Status.SUPERSEDED, Status.UNVERIFIABLE):
        assert {status_by_model(p.assessments, day) for p in chosen} == {standing.status}
    if chosen:
        assert computed_status(chosen, day) is standing.status


def steps_are_those_of_the_record(
    known: Sequence[m.Published], name: str, parts: Sequence[Part], day: date, whole: Sequence[object]
) -> None:
    """Each assessment that is in force on its day has the statuses of the item around that day."""
    of_name = [a for a in known if a.recommendation == name and first_day(a.effective_on) <= day]
    dated = [OrderedAssessment(assessment(a), (a.at, a.order)) for a in of_name]
    steps = item_steps(dated, whole)  # type: ignore[arg-type]
    core = [p for p in parts if p.core]
    for a in of_name:
        step, on, item = steps[a.assessment], first_day(a.effective_on), of_item(known, name, a.element)
        if not step.is_replaced:
            assert step.after is status_by_model(item, on)
        assert (step.before or Status.NOT_ASSESSED) is status_by_model(item, on - DAY)
        if step.whole:
            assert step.whole == (computed_status(core, on - DAY), computed_status(core, on))


def assessment(published: m.Published) -> Assessment:
    return Assessment(
        id=published.assessment,
        status=published.status,
        effective_on=published.effective_on,
        reason=published.reason,
        rationale="Because.",
        element=published.element,
        motion=published.motion,
    )


def test_of_two_assessments_of_one_day_the_later_is_in_force() -> None:
    at = datetime.fromisoformat("2024-01-01T00:00:00+00:00")
    first = m.Published("post", "", "a", Status.PARTLY, "2023-05", Reason.FIRST_ASSESSMENT, at, 1)
    second = m.Published("post", "", "b", Status.REVERSED, "2023-05-01", Reason.OUR_CORRECTION, at, 2)
    steps = item_steps([OrderedAssessment(assessment(a), (a.at, a.order)) for a in (second, first)], ())
    assert (steps["a"].is_replaced, steps["b"].is_replaced) == (True, False)
    assert steps["b"].before is None
