"""An aggregate from memory is the one that a replay of the whole log gives, whatever another process did meanwhile."""

import sqlite3
from collections import defaultdict
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.adapters.event_store import open_tracker
from app.services.container import Services
from domain import aggregate_cache
from domain import commands as c
from domain.aggregate_cache import AGGREGATES, AggregateCache
from domain.base import Event
from domain.errors import Refused
from domain.event_log import EventLog
from domain.events import read_event, topic_of
from domain.values import Body
from tests.support.clock import Clock
from tests.support.random_story import RandomStory
from tests.support.story import REGISTER, Story
from tests.support.uptake import BareUptake, uptake_in_memory

EVERY_STEPS = 10


class Watched:
    """Services that compare aggregates from memory with replayed ones after every few commands."""

    def __init__(self, services: Services, *caches: AggregateCache) -> None:
        self.services, self.caches, self.steps, self.compared = services, caches, 0, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.services, name)

    def execute(self, command: c.Command, *, by: str) -> str:
        made = self.services.execute(command, by=by)
        self.steps += 1
        if self.steps % EVERY_STEPS == 0:
            self.compare()
        return made

    def compare(self) -> None:
        replayed = AggregateCache(self.log)
        replayed.catch_up()
        for cache in self.caches:
            cache.catch_up()
            for aggregate_id, topic in self.log.streams_mentioning(REGISTER, REGISTER):
                kind = AGGREGATES[topic.partition(".")[0]]
                assert vars(cache.stream(kind, aggregate_id)) == vars(replayed.stream(kind, aggregate_id))
                self.compared += 1


def events_by_aggregate(log: EventLog) -> dict[UUID, list[Event]]:
    found = defaultdict[UUID, list[Event]](list)
    for _row, _stamp, state in log.rows_after(0, 100_000):
        event = read_event(state)
        found[event.originator_id].append(event)
    return found


def test_what_is_kept_is_what_a_replay_gives(services: Services) -> None:
    watched = Watched(services, AggregateCache(services.log), AggregateCache(services.log, max_events=20))
    RandomStory(watched, 1).run(150)  # type: ignore[arg-type]
    assert watched.compared > 200


def test_events_change_a_copy_and_not_what_it_was_copied_from(services: Services) -> None:
    RandomStory(services, 3).run(250)
    for aggregate_id, events in events_by_aggregate(services.log).items():
        aggregate = AGGREGATES[topic_of(events[0]).partition(".")[0]].begin(aggregate_id)
        for event in events:
            before, copied = deepcopy(vars(aggregate)), aggregate.copy()
            event.mutate(copied)
            assert vars(aggregate) == before, topic_of(event)
            aggregate = copied


def test_a_refused_command_leaves_nothing_behind(clock: Clock) -> None:
    uptake = uptake_in_memory(clock)
    Story(uptake)
    commands = [c.NameBody(REGISTER, body=Body(id=ident, name="B")) for ident in ("one", "one")]
    with pytest.raises(Refused):
        uptake.execute_all(commands, by="ana")
    uptake.execute(commands[0], by="ana")


def test_many_new_events_are_not_read_one_by_one(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aggregate_cache, "MAX_NEW_ROWS", 3)
    watched = Watched(services, AggregateCache(services.log))
    RandomStory(watched, 4).run(30)  # type: ignore[arg-type]
    assert watched.compared > 20


def test_a_log_that_was_replaced_by_an_older_copy_is_read_again(clock: Clock, tmp_path: Path) -> None:
    file, older = tmp_path / "log.sqlite", tmp_path / "older.sqlite"
    uptake = BareUptake(open_tracker(clock=clock, sqlite=file, create=True), clock)
    Story(uptake)
    copy_database(file, older)
    command: Any = c.NameBody(REGISTER, body=Body(id="one", name="B"))
    uptake.execute(command, by="ana")
    copy_database(older, file)
    uptake.execute(command, by="ana")
    versions = [event.originator_version for events in events_by_aggregate(uptake.log).values() for event in events]
    assert versions == list(range(1, len(versions) + 1))
    uptake.tracker.close()


def copy_database(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as a, closing(sqlite3.connect(target)) as b:
        a.backup(b)
