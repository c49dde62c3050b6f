"""The engine applies every event exactly once, in spite of competition and crashes, and rebuilds for a new version."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.services.container import Services
from domain.ids import register_id
from domain.register.aggregate import Register
from domain.values import Body
from projections.all_projections import ALL_PROJECTIONS
from projections.engine import views
from projections.engine.batches import Batch
from projections.engine.differences import differences
from projections.engine.position import LogPosition, position_of
from projections.engine.views import Views
from projections.timeline.projector import Timeline
from projections.timeline.tables import entries
from tests.support.story import Story

MANY = 6000


def fill(services: Services, count: int = MANY) -> None:
    """A log of many small transactions, written fast."""
    Story(services)  # makes the register
    name_bodies(services, range(count))


def name_bodies(services: Services, numbers: range) -> None:
    register = services.tracker.load(Register, register_id("r"))
    assert isinstance(register, Register)
    for start in numbers[::20]:
        for n in range(start, start + 20):
            register.name_body(Body(id=f"b{n}", name="B"), "ana")
        services.tracker.import_events(register.collect_events(), {}, ())


def timeline_extent(services: Services) -> tuple[int, int]:
    """How many rows the timeline holds, and of how many positions."""
    with services.views.connect() as db:
        row = db.execute(select(func.count(), func.count(func.distinct(entries.c.position)))).one()
        return row[0], row[1]


def test_three_competing_projectors_apply_every_event_once(either: Services) -> None:
    fill(either)
    expected = len(either.log.rows_after(0, 10**6))
    context = multiprocessing.get_context("spawn")
    projectors = [context.Process(target=project, args=(either.settings,)) for _ in range(3)]
    for projector in projectors:
        projector.start()
    for projector in projectors:
        projector.join()
        assert projector.exitcode == 0
    assert timeline_extent(either) == (expected, expected)
    assert either.views.position().count == expected


def test_one_killed_inside_its_transaction_leaves_no_trace(either: Services) -> None:
    fill(either, 400)
    context = multiprocessing.get_context("spawn")
    doomed = context.Process(target=project_and_hang, args=(either.settings, child := context.Event()))
    doomed.start()
    assert child.wait(30)
    assert doomed.pid is not None
    os.kill(doomed.pid, signal.SIGKILL)
    doomed.join()
    assert doomed.exitcode == -signal.SIGKILL
    expected = len(either.log.rows_after(0, 10**6))
    either.catch_up()
    assert timeline_extent(either) == (expected, expected)


def project(settings: Settings) -> None:
    services = build_services(settings)
    services.catch_up()
    services.close()


class Hanging(Timeline):
    """The timeline, except that it stops inside its transaction, after writing."""

    def __init__(self, reached: Any) -> None:
        self.reached = reached

    def project(self, batch: Batch, db: Connection) -> None:
        super().project(batch, db)
        self.reached.set()
        threading.Event().wait()  # until it is killed


def project_and_hang(settings: Settings, reached: Any) -> None:
    services = build_services(settings)
    projections = tuple(Hanging(reached) if isinstance(p, Timeline) else p for p in ALL_PROJECTIONS)
    Views(services.views.store, services.log, projections).catch_up()


def test_rebuilding_gives_every_row_again(either: Services) -> None:
    story = Story(either).evidence("official").evidence("news", "news").recommendation().criteria()
    first = story.published()
    story.published(status="implemented", effective_on="2022", reason="world_changed", evidence=("official", "news"))
    from domain import commands as c

    story.do(
        c.WithdrawAssessment("r", recommendation="post", assessment=first, reason="An error."),
        by="ben",
    )
    name = either.views.build()
    with either.views.connect() as live, either.views.store.engine(name, writing=False).connect() as fresh:
        assert differences(live, fresh, ALL_PROJECTIONS) == []
    either.views.discard(name)


@pytest.mark.parametrize("rows", [1, 7])
def test_a_long_transaction_in_parts_gives_the_same_rows(
    small: Services, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And they are shown together: readers find the position before the import, or that after it."""
    positions = set[int]()
    project = Timeline.project

    def noting(self: Timeline, batch: Batch, db: Connection) -> None:
        project(self, batch, db)
        with small.views.store.engine(name, writing=False).connect() as other:
            positions.add(position_of(other).count)

    whole, parts = small.views.build(), Views(small.views.store, small.log, small.views.projections, batch_rows=rows)
    name = f"{whole.rsplit('-', 1)[0]}-{int(whole.rsplit('-', 1)[1]) + 1}"
    monkeypatch.setattr(views, "PART_ROWS", rows)
    monkeypatch.setattr(Timeline, "project", noting)
    assert parts.build() == name
    with (
        small.views.store.engine(whole, writing=False).connect() as one,
        small.views.store.engine(name, writing=False).connect() as other,
    ):
        assert differences(one, other, ALL_PROJECTIONS) == []
    stamps = [stamp for _row, stamp, _state in small.log.rows_after(0, 10**6)]
    ends = {n for n in range(1, len(stamps)) if stamps[n] != stamps[n - 1]}
    assert positions <= {0, *ends}


def test_a_row_changed_by_hand_is_found(services: Services) -> None:
    Story(services).evidence("official").recommendation().criteria().published()
    with services.views.store.engine(services.views.current(), writing=True).begin() as db:
        db.exec_driver_sql("UPDATE spans SET code = 0")
    name = services.views.build()
    with services.views.connect() as live, services.views.store.engine(name, writing=False).connect() as fresh:
        (sentence,) = differences(live, fresh, ALL_PROJECTIONS)
    assert sentence.startswith("scorecards: table spans lacks ")


class Newer(Timeline):
    version = Timeline.version + 1


def test_a_changed_version_is_built_beside_the_old_one(either: Services) -> None:
    Story(either).recommendation()
    old = either.views.current()
    newer = Views(
        either.views.store, either.log, tuple(Newer() if isinstance(p, Timeline) else p for p in ALL_PROJECTIONS)
    )
    assert newer.current() != old
    with newer.connect() as db:
        assert position_of(db).count == either.views.position().count
    assert either.views.current() == old
    assert set(either.views.store.names()) >= {old, newer.current()}


def test_a_rebuild_takes_the_place_of_what_was_in_use(either: Services) -> None:
    Story(either).recommendation()
    old, count = either.views.current(), either.views.position().count
    new = either.views.rebuild()
    assert (either.views.current(), either.views.position().count) == (new, count)
    assert old not in either.views.store.names()


def test_bytes_that_are_no_event_of_any_version_stop_the_views(services: Services) -> None:
    """They are never skipped: the views stay where they are, and say so by their position."""
    Story(services)
    before = services.views.position()
    db = __import__("sqlite3").connect(services.settings.data_dir / "log.sqlite")
    db.execute(
        "INSERT INTO stored_events (originator_id, originator_version, topic, state, recorded_at)"
        " VALUES ('x', 1, 'unknown', CAST('{\"topic\":\"unknown\"}' AS BLOB), 9999999999999999)"
    )
    db.commit()
    db.close()
    with pytest.raises(Exception, match="missing required field `originator_id`"):
        services.catch_up()
    assert services.views.position() == before


def test_what_a_command_changed_can_be_read_when_it_returns(new_services: Callable[..., Services]) -> None:
    services = new_services()
    Story(services).evidence("official").recommendation().criteria().published()
    with services.views.connect() as db:
        assert position_of(db).row == services.log.last()[0]


def test_two_processes_that_rebuild_at_once_both_end_with_the_tables_in_use(
    either: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second replaces the tables of the first, and deletes them, before those have caught up."""
    fill(either)
    store, activate = either.views.store, either.views.store.activate
    other = build_services(either.settings)

    def activate_then_lose(kind: str, name: str) -> None:
        activate(kind, name)
        monkeypatch.undo()
        other.views.rebuild()

    monkeypatch.setattr(store, "activate", activate_then_lose)
    assert either.views.rebuild() == store.current(either.views.kind)
    assert either.catch_up() == other.catch_up()
    with either.views.connect() as db:
        assert position_of(db) == either.views.position()
    other.close()


def test_tables_deleted_while_they_are_built_are_built_again(services: Services) -> None:
    """The process that built them has them open; another finds only their name."""
    fill(services)
    services.catch_up()
    for file in (services.settings.data_dir / "views").glob("*.sqlite*"):
        file.unlink()
    other = build_services(services.settings)
    assert other.catch_up() == services.views.position()
    name_bodies(other, range(MANY, MANY + 20))
    with other.views.connect() as db, services.views.connect() as mine:
        assert position_of(db) == position_of(mine)
        assert differences(db, mine, ALL_PROJECTIONS) == []
    other.close()


def test_threads_that_build_the_first_tables_at_once_both_get_them(services: Services) -> None:
    fill(services, 20)
    services.views.discard(services.views.current())
    others = [build_services(services.settings) for _ in range(4)]
    begin, done = threading.Barrier(len(others)), list[LogPosition]()

    def build(own: Services) -> None:
        begin.wait(60)
        own.views.rebuild()
        done.append(own.catch_up())

    threads = [threading.Thread(target=build, args=(other,)) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert done == [services.catch_up()] * len(others)
    for other in others:
        other.close()
