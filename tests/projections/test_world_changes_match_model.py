"""What happened in the world by day, page by page, against the slow model."""

import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from domain.codes import Status
from domain.times import first_day
from projections.scorecards.world_changes import WorldChange, world_changes
from tests.support import model as m
from tests.support.histories import histories
from tests.support.logs import REGISTER, Writer, views_of
from tests.support.model.item import assessments_known, in_force, of_item, status_on
from tests.support.model.rollup import Part, computed_status
from tests.support.model.scorecard import on_the_scorecard, parts_of

DAY = timedelta(days=1)
NOW = datetime(2036, 1, 1, tzinfo=UTC)
SLOW = settings(max_examples=60, phases=[Phase.generate])
Item = tuple[str, str | None, str]
Told = tuple[str, date, frozenset[Item], str | None, str]


def word(status: Status | None) -> str | None:
    return None if status in (None, Status.NOT_ASSESSED) else status.value


def expected(facts: Sequence[m.Fact]) -> set[Told]:
    """For each recommendation and day: its items assessed for that day with their status before and after."""
    known, told = assessments_known(facts, NOW), set()
    for registered in on_the_scorecard(facts, date(2100, 1, 1), NOW):
        name, recommended = registered.recommendation, first_day(registered.recommended_on)
        parts = parts_of(facts, name, known, NOW)
        cores = [p for p in parts if p.core]
        of = {p.element: p.assessments for p in parts} if parts else {"": tuple(of_item(known, name, ""))}
        days = {first_day(a.effective_on) for some in of.values() for a in some}

        def whole(day: date, cores: list[Part] = cores, own: tuple[m.Published, ...] = of.get("", ())) -> Status:
            return computed_status(cores, day) if cores else status_on(own, day)

        for day in (d for d in days if d >= recommended):
            items = set()
            for some in of.values():
                held = in_force(some, day)
                if held and first_day(held.effective_on) == day:
                    earlier = in_force(some, day - DAY)
                    items.add((held.assessment, word(earlier.status) if earlier else None, held.status.value))
            told.add((name, day, frozenset(items), word(whole(day - DAY)), whole(day).value))
    return told


def read(changes: Sequence[WorldChange]) -> set[Told]:
    return {
        (
            c.recommendation,
            c.day,
            frozenset((i.assessment, word(i.before), i.after.value) for i in c.items),
            word(c.before),
            c.after.value,
        )
        for c in changes
    }


def pages(db: Connection, limit: int, **filters: bool) -> list[WorldChange]:
    """All pages, one after the other."""
    found: list[WorldChange] = []
    while page := world_changes(db, REGISTER, limit=limit, before=found[-1].place if found else None, **filters):
        found += page
    return found


@given(st.data())
@SLOW
def test_every_page_of_the_days(data: st.DataObject) -> None:
    imported = data.draw(st.booleans())
    facts = data.draw(histories(imported=imported, most_recommendations=3))
    writer = Writer(imported=imported)
    writer.write(facts, max(f.at for f in facts) + timedelta(hours=1))
    with tempfile.TemporaryDirectory() as folder, views_of(writer.log, Path(folder)).connect() as db:
        whole = pages(db, 1000)
        by_pages = pages(db, data.draw(st.integers(1, 5)))
        changed, same = pages(db, 3, changed=True), pages(db, 3, changed=False)
    assert read(whole) == expected(facts)
    assert by_pages == whole
    assert [c.day for c in whole] == sorted((c.day for c in whole), reverse=True)
    items = {(c.recommendation, i) for c in whole for i in c.items}
    assert {(c.recommendation, i) for c in changed for i in c.items} == {x for x in items if x[1].is_change}
    assert {(c.recommendation, i) for c in same for i in c.items} == {x for x in items if not x[1].is_change}
