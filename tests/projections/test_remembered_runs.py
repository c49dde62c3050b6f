"""A process goes on from what it remembers of the tables, unless another one has moved them since."""

from random import Random

import pytest

from app.bootstrap.container import build_services
from app.services.container import Services
from domain import commands as c
from domain.values import Body
from projections.all_projections import ALL_PROJECTIONS
from projections.engine import views
from projections.engine.differences import differences
from projections.engine.position import LogPosition
from tests.support.clock import Clock
from tests.support.random_story import RandomStory
from tests.support.story import REGISTER, Story


def unlike_rebuilt(services: Services) -> list[str]:
    """What differs from tables that are built from the first event."""
    name = services.views.build()
    with services.views.connect() as live, services.views.store.engine(name, writing=False).connect() as fresh:
        found = differences(live, fresh, ALL_PROJECTIONS)
    services.views.discard(name)
    return found


@pytest.mark.parametrize("seed", range(2))
def test_processes_that_take_turns_leave_what_a_rebuild_gives(
    either: Services, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where what they remember is forgotten meanwhile, because it became too much."""
    monkeypatch.setattr(views, "MAX_REMEMBERED_EVENTS", 7)
    other, random = build_services(either.settings), Random(seed)
    both = either.views.catch_up, other.views.catch_up

    def by_one_of_them() -> LogPosition:
        return random.choice(both)()

    monkeypatch.setattr(either.views, "catch_up", by_one_of_them)
    RandomStory(either, seed).run(150)
    assert unlike_rebuilt(either) == []
    other.close()


def test_tables_built_again_under_their_name_are_not_those_remembered(either: Services) -> None:
    """The spans of the rebuilt ones have other numbers: all those of one recommendation come first."""
    story = Story(either).evidence("official")
    for recommendation in ("post", "law"):
        story.recommendation(recommendation).criteria(recommendation=recommendation)
    for recommendation in ("law", "post"):
        story.published(recommendation, effective_on="2021")
    other, name = build_services(either.settings), either.views.current()
    other.views.store.drop(name)
    assert other.views.rebuild() == name
    story.published(status="implemented", effective_on="2023", reason="world_changed")
    assert unlike_rebuilt(either) == []
    other.close()


def test_events_with_a_wrong_stamp_are_read_with_their_correction(either: Services) -> None:
    """The process that reads them has read the log before the clock was wrong."""
    story, clock = Story(either), either.clock
    assert isinstance(clock, Clock)
    row, other = either.catch_up().row, build_services(either.settings, clock=clock)
    clock.go_on(days=400)
    other.tracker.execute(c.NameBody(REGISTER, body=Body(id="late", name="Late")), by="ana", at=clock())
    clock.go_on(days=-399)
    other.tracker.correct_stamps("The clock was wrong.", by="operator", at=clock())
    now = story.uptake.clock.now.timestamp() * 1_000_000
    for limit in (1, 5):
        assert all(stamp < now + 10 for _row, stamp, _state in either.log.part_after(row, limit))
    assert either.catch_up().stamp < now + 10
    other.close()
