"""The numbers of each day agree with counting the rows of that day: for any history, day, part of the log and theme."""

import tempfile
from datetime import date
from pathlib import Path
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event

from app.services.container import Services
from projections.all_projections import ALL_PROJECTIONS
from projections.engine.batches import END_OF_TIME
from projections.engine.differences import differences
from projections.scorecards import listed, queries, summaries
from projections.scorecards.listed import ListFilter, ScorecardList
from projections.scorecards.results import TimePair
from tests.support.histories.filing import refiled_histories
from tests.support.histories.imported import imported_histories
from tests.support.histories.times import interesting_times
from tests.support.logs import REGISTER, Writer, views_of
from tests.support.story import Story


def answers(db: Connection, day: date) -> tuple[object, ...]:
    """Everything that is read from the numbers of days."""
    pair = TimePair(day, END_OF_TIME)
    whole = ScorecardList(db, REGISTER, pair)
    facets, by_theme = whole.facets(), summaries.statuses_by_theme(db, REGISTER, pair)
    of_themes = {t: ScorecardList(db, REGISTER, pair, ListFilter(theme=t)).count() for t in [*facets.themes, "none"]}
    first = queries.first_recommended(db, REGISTER, END_OF_TIME)
    numbers = queries.counts(db, REGISTER, pair), queries.due_counts(db, REGISTER, pair)
    return whole.count(), facets, by_theme, of_themes, first, *numbers


def by_rows(db: Connection, day: date) -> tuple[object, ...]:
    with (
        patch.object(queries, "counted_number", return_value=None),
        patch.object(summaries, "counted_number", return_value=None),
        patch.object(listed, "counted_number", return_value=None),
    ):
        return answers(db, day)


@given(st.data())
@settings(max_examples=30)
def test_numbers_of_days(data: st.DataObject) -> None:
    imported = data.draw(st.booleans())
    facts = data.draw(imported_histories() if imported else refiled_histories())
    facts = sorted(facts, key=lambda f: f.order if imported else f.at)
    cut = data.draw(st.integers(1, len(facts)))
    while not imported and cut < len(facts) and facts[cut].at == facts[cut - 1].at:
        cut += 1
    days, loaded_at = interesting_times(facts).days, max(f.at for f in facts)
    with tempfile.TemporaryDirectory() as folder:
        writer = Writer(imported=imported)
        views = views_of(writer.log, Path(folder))
        views.batch_rows = data.draw(st.sampled_from([1, 3, 1_000]))
        for part in (facts[:cut], facts[cut:]):
            if not part:
                continue
            writer.write(part, loaded_at)
            views.catch_up()
            with views.connect() as db:
                for day in days:
                    assert answers(db, day) == by_rows(db, day)
        rebuilt_name = views.build()
        with views.connect() as db, views.store.engine(rebuilt_name, writing=False).connect() as rebuilt:
            assert differences(db, rebuilt, ALL_PROJECTIONS) == []


def test_numbers_that_became_nothing_are_found_by_an_index(services: Services) -> None:
    story = Story(services).evidence("official").recommendation().criteria()
    asked: list[str] = []
    engine = services.views.store.engine(services.views.current(), writing=True)
    event.listen(engine, "before_cursor_execute", lambda _db, _cursor, statement, *_: asked.append(statement))
    story.published()
    (deletion,) = {statement for statement in asked if statement.startswith("DELETE FROM day_counts")}
    with services.views.connect() as db:
        plan = [row.detail for row in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {deletion}")]
    assert any("day_counts_of_nothing" in step for step in plan), plan
