"""What both stores promise: order, stamps, conflicts, claims, and that nothing is ever changed."""

import multiprocessing
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.adapters.settings import Settings
from app.bootstrap.container import Services, build
from domain import commands as c
from domain.errors import Conflict, Refused
from domain.events import read_event
from domain.evidence.record import EvidenceRecord
from domain.ids import register_id
from domain.times import from_microseconds
from domain.values import Body, EvidenceText, RegisterSettings
from tests.support.story import REGISTER, Story


def establish(services: Services, register: str = REGISTER) -> None:
    services.execute(c.EstablishRegister(register, settings=RegisterSettings(id=register, title="T")), by="ana")


def test_rows_come_in_order_with_growing_stamps(either: Services) -> None:
    establish(either)
    for n in range(5):
        either.execute(c.NameBody(REGISTER, body=Body(id=f"b{n}", name="B")), by="ana")
    rows = either.log.rows_after(0, 100)
    stamps = [stamp for _, stamp, _ in rows]
    assert len(rows) == 6
    assert stamps == sorted(set(stamps))
    assert [row for row, _, _ in rows] == sorted(row for row, _, _ in rows)
    assert either.log.last() == rows[-1][:2]


def test_a_stamp_stands_in_the_stored_bytes_too(either: Services) -> None:
    establish(either)
    ((_, stamp, state),) = either.log.rows_after(0, 10)
    assert read_event(state).recorded_at == from_microseconds(stamp)
    assert b'"salt":"' in state


def test_a_clock_set_back_never_stamps_before_the_last_one(either: Services) -> None:
    establish(either)
    _, before = either.log.last()
    either.clock.now -= timedelta(days=30)  # type: ignore[attr-defined]
    either.execute(c.NameBody(REGISTER, body=Body(id="b", name="B")), by="ana")
    assert either.log.last()[1] == before + 1


def test_one_transaction_has_one_stamp_and_is_read_whole(either: Services) -> None:
    story = Story(either).evidence("official").recommendation().card()
    made = story.propose()
    before, _ = either.log.last()
    story.do(c.PublishAssessment(REGISTER, recommendation="post", assessment=made), by="ben")
    rows = either.log.rows_after(before, 1)
    assert len(rows) == 2
    assert len({stamp for _, stamp, _ in rows}) == 1


def test_two_who_change_the_same_thing_do_not_both_win(either: Services) -> None:
    establish(either)
    tracker = either.tracker
    one, other = tracker.find(register_id(REGISTER)), tracker.find(register_id(REGISTER))
    one.name_body(Body(id="one", name="One"), "ana")
    other.name_body(Body(id="other", name="Other"), "ben")
    tracker.save(one)
    with pytest.raises(Conflict, match="Somebody changed the register in the meantime; import again."):
        tracker.import_events(other.collect_events(), {}, ())
    assert len(either.log.rows_after(0, 10)) == 2


def test_a_claimed_name_is_taken_for_good(either: Services) -> None:
    establish(either)
    register = either.tracker.find(register_id(REGISTER))
    register.name_body(Body(id="one", name="One"), "ana")
    either.tracker.import_events(register.collect_events(), {"assessment/r/x": "post"}, ())
    assert either.tracker.claim("assessment/r/x") == "post"
    register.name_body(Body(id="two", name="Two"), "ana")
    with pytest.raises(Conflict):
        either.tracker.import_events(register.collect_events(), {"assessment/r/x": "other"}, ())
    assert either.tracker.claim("assessment/r/y") is None


def test_texts_lie_beside_the_log_and_are_found_by_key(either: Services) -> None:
    record = EvidenceRecord(key="k", salt="s", text=EvidenceText(title="Title", summary="특사"))
    establish(either)
    register = either.tracker.find(register_id(REGISTER))
    register.name_body(Body(id="one", name="One"), "ana")
    either.tracker.import_events(register.collect_events(), {}, (record,))
    assert either.log.records(["k", "none"]) == {"k": record.stored}


@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = 'x'", "DELETE FROM {}"])
@pytest.mark.parametrize(("table", "column"), [("stored_events", "topic"), ("claims", "stands_for")])
def test_the_database_itself_refuses_to_change_the_log(
    either: Services, statement: str, table: str, column: str
) -> None:
    story = Story(either).evidence("official").recommendation()
    story.propose()
    engine = _log_engine(either)
    with pytest.raises(DBAPIError, match="the log is append-only"), engine.begin() as db:
        db.execute(text(statement.format(table, column)))
    engine.dispose()


def test_a_command_id_is_honoured_by_every_process(either: Services) -> None:
    establish(either)
    command = c.NameBody(REGISTER, body=Body(id="b", name="B"))
    either.execute(command, by="ana", command_id="once")
    other = build(either.settings, clock=either.clock)
    other.execute(command, by="ana", command_id="once")
    assert len(either.log.rows_after(0, 10)) == 2
    other.close()


def test_what_many_processes_append_is_all_there_and_no_reader_skips_a_row(either: Services) -> None:
    establish(either)
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=append_bodies, args=(either.settings, n, 15)) for n in range(4)]
    for writer in writers:
        writer.start()
    seen: list[int] = []
    while any(w.is_alive() for w in writers):
        seen += [row for row, _, _ in either.log.rows_after(seen[-1] if seen else 0, 7)]
    seen += [row for row, _, _ in either.log.rows_after(seen[-1] if seen else 0, 1000)]
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    everything = [row for row, _, _ in either.log.rows_after(0, 1000)]
    assert len(everything) == 1 + 4 * 15
    assert seen == everything


def append_bodies(settings: Settings, writer: int, count: int) -> None:
    """What one of the competing processes does: each body on its own, again after each conflict."""
    services = build(settings)
    for n in range(count):
        command = c.NameBody(REGISTER, body=Body(id=f"w{writer}-{n}", name="B"))
        while True:
            try:
                services.tracker.execute(command, by=f"w{writer}", at=services.clock())
                break
            except Conflict:
                continue
    services.close()


def test_what_is_committed_survives_a_power_cut(services: Services) -> None:
    """The embedded log waits for the disk at each commit."""
    datastore = services.tracker.recorder.datastore  # type: ignore[attr-defined]
    with datastore.get_connection(commit=True) as connection:
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone()[0] == 2


def test_a_store_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="There is no store in .*; make one with “uptake init”."):
        build(Settings(data_dir=tmp_path / "none"))


def test_making_a_store_twice_changes_nothing(new_services: Callable[..., Services]) -> None:
    services = new_services()
    establish(services)
    again = build(services.settings, create=True, clock=services.clock)
    assert again.log.last() == services.log.last()
    again.close()


def _log_engine(services: Services):  # type: ignore[no-untyped-def]
    from sqlalchemy import create_engine

    if services.settings.database_url:
        return create_engine(services.settings.database_url.replace("postgresql://", "postgresql+psycopg://"))
    return create_engine(f"sqlite:///{services.settings.data_dir / 'log.sqlite'}")
