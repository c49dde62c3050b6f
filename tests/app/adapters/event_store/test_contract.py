"""What every event log promises: order, stamps, conflicts, claims, whole transactions; the real ones also outlive us."""

import multiprocessing
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from uuid import UUID

import pytest
from eventsourcing.persistence import IntegrityError
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from app.adapters.event_store import open_tracker
from app.adapters.record import system_clock
from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.services.container import Services
from domain import commands as c
from domain.errors import ClockDisagrees, Conflict, Refused
from domain.event_log import MAX_SKEW_SECONDS
from domain.events import read_event
from domain.evidence.record import EvidenceRecord
from domain.ids import register_id
from domain.log.events import StampsCorrected
from domain.register.aggregate import Register
from domain.times import from_microseconds, to_microseconds
from domain.values import Body, EvidenceText, RegisterSettings
from tests.support.clock import Clock
from tests.support.postgres import fresh_database
from tests.support.story import REGISTER, Story
from tests.support.uptake import BareUptake, uptake_in_memory

ESTABLISH = c.EstablishRegister(REGISTER, settings=RegisterSettings(id=REGISTER, title="T"))


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def uptake(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[BareUptake]:
    """An empty log of each kind."""
    if request.param == "memory":
        uptake = uptake_in_memory(clock)
    elif request.param == "sqlite":
        uptake = BareUptake(open_tracker(clock=clock, sqlite=tmp_path / "log.sqlite", create=True), clock)
    else:
        uptake = BareUptake(
            open_tracker(clock=clock, postgres=fresh_database(), create=True, database_clock=clock), clock
        )
    yield uptake
    uptake.tracker.close()


@pytest.fixture
def established(uptake: BareUptake) -> BareUptake:
    """A log of each kind that holds one event: a register."""
    uptake.execute(ESTABLISH, by="ana")
    return uptake


def test_the_versions_of_aggregates_are_found_together(established: BareUptake) -> None:
    for ident in ("one", "two"):
        established.execute(name_body(ident), by="ana")
    known, unknown = register_id(REGISTER), register_id("other")
    assert established.log.versions([known, unknown]) == {known: established.tracker.load(Register, known).version}
    assert established.log.versions([]) == {}


def name_body(ident: str) -> c.NameBody:
    return c.NameBody(REGISTER, body=Body(id=ident, name="B"))


def test_rows_come_in_order_with_growing_stamps(established: BareUptake) -> None:
    for n in range(5):
        established.execute(name_body(f"b{n}"), by="ana")
    rows = established.log.rows_after(0, 100)
    stamps = [stamp for _, stamp, _ in rows]
    assert len(rows) == 6
    assert stamps == sorted(set(stamps))
    assert [row for row, _, _ in rows] == sorted(row for row, _, _ in rows)
    assert established.log.last() == rows[-1][:2]
    assert established.log.rows_after(rows[3][0], 100) == rows[4:]
    assert list(established.log.rows_after(rows[-1][0], 100)) == []


def test_an_empty_log_has_no_last_row(uptake: BareUptake) -> None:
    assert uptake.log.last() == (0, 0)
    assert list(uptake.log.rows_after(0, 10)) == list(uptake.log.whole_rows_after(0, 10)) == []


def test_whole_rows_hold_every_column(established: BareUptake) -> None:
    established.execute(name_body("b"), by="ana")
    rows = established.log.whole_rows_after(0, 10)
    assert [(UUID(row[1]), row[2], row[3]) for row in rows] == [
        (register_id(REGISTER), 1, "register.established"),
        (register_id(REGISTER), 2, "register.body_named"),
    ]
    assert [(row[0], row[4], row[5]) for row in rows] == list(established.log.rows_after(0, 10))
    assert established.log.whole_rows_after(0, 1) == rows[:1]
    assert established.log.whole_rows_after(rows[0][0], 10) == rows[1:]


def test_the_stored_bytes_hold_the_stamp_and_a_salt(established: BareUptake) -> None:
    ((_, stamp, state),) = established.log.rows_after(0, 10)
    assert read_event(state).recorded_at == from_microseconds(stamp)
    assert b'"salt":"' in state


def test_a_clock_a_little_behind_never_stamps_before_the_last_one(established: BareUptake) -> None:
    _, before = established.log.last()
    established.clock.go_on(seconds=-MAX_SKEW_SECONDS)
    established.execute(name_body("b"), by="ana")
    assert established.log.last()[1] == before + 1


def test_nothing_is_appended_while_the_newest_stamp_is_in_the_future(established: BareUptake) -> None:
    before = established.log.whole_rows_after(0, 10)
    established.clock.go_on(days=-30)
    with pytest.raises(ClockDisagrees, match="it is 2026-01-30T12:00:00Z and the newest entry is from 2026-03-01"):
        established.execute(name_body("b"), by="ana")
    assert established.log.whole_rows_after(0, 10) == before
    assert established.log.clock_problem().startswith("Nothing was saved")
    assert established.log.skew_seconds() == -30 * 86400
    established.clock.go_on(days=30)
    established.execute(name_body("b"), by="ana")
    assert established.log.clock_problem() == ""
    assert abs(established.log.skew_seconds()) < 0.001


def test_stamps_of_a_wrong_clock_count_as_recorded_at_their_correction(established: BareUptake) -> None:
    log, clock, right = established.log, established.clock, established.clock()
    clock.now = datetime(2099, 1, 1, tzinfo=UTC)
    for n in range(3):
        established.execute(name_body(f"wrong-{n}"), by="ana")
        clock.go_on(hours=1)
    clock.now = right + timedelta(hours=1)
    wrong = log.whole_rows_after(0, 10)
    assert established.tracker.correct_stamps("The clock was wrong.", by="operator", at=clock()) == 3
    established.execute(name_body("right"), by="ana")
    stamps = [from_microseconds(stamp) for _, stamp, _ in log.rows_after(0, 10)]
    assert stamps[:4] == [right, *[clock()] * 3]
    assert clock() < stamps[4] < stamps[5] < clock() + timedelta(seconds=1)
    assert log.whole_rows_after(0, 10)[:4] == wrong, "stored bytes and stamps stay"
    correction = read_event(log.rows_after(0, 10)[4][2])
    assert isinstance(correction, StampsCorrected)
    assert (correction.reason, len(correction.stamps)) == ("The clock was wrong.", 3)
    assert len(log.rows_after(1, 1)) == 3, "they are read as one transaction"
    events = list(established.tracker.events.get(register_id(REGISTER)))
    assert [e.recorded_at for e in events] == [*stamps[:4], stamps[5]]
    with pytest.raises(Refused, match="No event of the log is stamped in the future"):
        established.tracker.correct_stamps("Again.", by="operator", at=clock())


def test_a_correction_has_a_reason_and_a_wrong_stamp(established: BareUptake) -> None:
    with pytest.raises(Refused, match="there is nothing to correct"):
        established.tracker.correct_stamps("Why not.", by="operator", at=established.clock())
    established.clock.go_on(days=-1)
    with pytest.raises(Refused, match="Enter why the stamps are wrong. The reason is public."):
        established.tracker.correct_stamps(" ", by="operator", at=established.clock())
    assert len(established.log.rows_after(0, 10)) == 1


def test_another_process_learns_what_was_corrected(either: Services) -> None:
    clock = either.clock
    assert isinstance(clock, Clock)
    either.execute(ESTABLISH, by="ana")
    other = build_services(either.settings, clock=clock)
    clock.go_on(days=400)
    either.execute(name_body("wrong"), by="ana")
    clock.go_on(days=-399)
    other.tracker.correct_stamps("The clock was wrong.", by="operator", at=clock())
    either.execute(name_body("right"), by="ana")
    other.close()
    stamps = [stamp for _, stamp, _ in either.log.rows_after(0, 10)]
    assert stamps == sorted(stamps)
    assert max(stamps) < to_microseconds(clock()) + 10
    register = list(either.tracker.events.get(register_id(REGISTER)))
    assert [to_microseconds(e.recorded_at) for e in register if e.recorded_at] == [*stamps[:2], stamps[3]]


def test_postgresql_stamps_by_its_own_clock_and_refuses_a_machine_with_another(clock: Clock) -> None:
    database = Clock(clock() + timedelta(seconds=2))
    tracker = open_tracker(clock=clock, postgres=fresh_database(), create=True, database_clock=database)
    tracker.execute(ESTABLISH, by="ana", at=clock())
    assert from_microseconds(tracker.event_log.last()[1]) == database()
    clock.go_on(hours=6)
    with pytest.raises(ClockDisagrees, match="it is 2026-03-01T18:00:00Z by the clock of the server, 2026-03-01T12"):
        tracker.execute(name_body("b"), by="ana", at=clock())
    assert tracker.event_log.skew_seconds() == 6 * 3600 - 2
    assert len(tracker.event_log.rows_after(0, 10)) == 1
    tracker.close()


def test_postgresql_asks_its_own_clock_for_the_time() -> None:
    tracker = open_tracker(clock=system_clock, postgres=fresh_database(), create=True)
    tracker.execute(ESTABLISH, by="ana", at=system_clock())
    assert abs(tracker.event_log.skew_seconds()) < MAX_SKEW_SECONDS
    assert abs(from_microseconds(tracker.event_log.last()[1]) - system_clock()) < timedelta(minutes=1)
    tracker.close()


def test_one_transaction_has_one_stamp_and_is_read_whole(uptake: BareUptake) -> None:
    story = Story(uptake).evidence("official").recommendation().criteria()
    assessment = story.propose()
    before, _ = uptake.log.last()
    story.do(c.PublishAssessment(REGISTER, recommendation="post", assessment=assessment), by="ben")
    rows = uptake.log.rows_after(before, 1)
    assert len(rows) == 2
    assert len({stamp for _, stamp, _ in rows}) == 1


def test_of_two_changes_to_the_same_aggregate_one_conflicts(established: BareUptake) -> None:
    tracker = established.tracker
    one, other = tracker.load(Register, register_id(REGISTER)), tracker.load(Register, register_id(REGISTER))
    one.name_body(Body(id="one", name="One"), "ana")
    other.name_body(Body(id="other", name="Other"), "ben")
    tracker.save(one)
    with pytest.raises(Conflict, match="The register changed in the meantime. Import it again."):
        tracker.import_events(other.collect_events(), {}, ())
    assert len(established.log.rows_after(0, 10)) == 2


def test_a_name_is_claimed_once(established: BareUptake) -> None:
    register = established.tracker.load(Register, register_id(REGISTER))
    register.name_body(Body(id="one", name="One"), "ana")
    established.tracker.import_events(register.collect_events(), {"assessment/r/x": "post"}, ())
    register.name_body(Body(id="two", name="Two"), "ana")
    with pytest.raises(Conflict):
        established.tracker.import_events(register.collect_events(), {"new": "post", "assessment/r/x": "other"}, ())
    assert established.tracker.claims(["assessment/r/x", "assessment/r/y", "new"]) == {"assessment/r/x": "post"}
    assert established.tracker.claim("assessment/r/y") is None


def test_texts_are_stored_beside_the_log_and_found_by_key(established: BareUptake) -> None:
    record = EvidenceRecord(key="k", salt="s", text=EvidenceText(title="Title", summary="특사"))
    register = established.tracker.load(Register, register_id(REGISTER))
    register.name_body(Body(id="one", name="One"), "ana")
    established.tracker.import_events(register.collect_events(), {}, (record,))
    assert established.log.records(["k", "none"]) == {"k": record.stored}


@pytest.mark.parametrize("clash", ["event", "claim", "record"])
def test_a_transaction_that_fails_leaves_nothing(established: BareUptake, clash: str) -> None:
    tracker = established.tracker
    record = EvidenceRecord(key="k", salt="s", text=EvidenceText(title="Title", summary="S"))
    tracker.events.put([], claims={"claimed": "x"}, records=[record])
    register, outdated = tracker.load(Register, register_id(REGISTER)), tracker.load(Register, register_id(REGISTER))
    register.name_body(Body(id="one", name="One"), "ana")
    if clash == "event":
        tracker.save(register)
        outdated.name_body(Body(id="two", name="Two"), "ana")
        register = outdated
    before = established.log.whole_rows_after(0, 10)
    new = EvidenceRecord(key="new", salt="s", text=EvidenceText(title="New", summary="S"))
    with pytest.raises(IntegrityError):
        tracker.events.put(
            register.collect_events(),
            claims={"new": "y"} | ({"claimed": "y"} if clash == "claim" else {}),
            records=[new, record] if clash == "record" else [new],
        )
    assert established.log.whole_rows_after(0, 10) == before
    assert established.log.claims(["new", "claimed"]) == {"claimed": "x"}
    assert established.log.records(["new", "k"]) == {"k": record.stored}


def test_a_command_id_is_carried_out_once(established: BareUptake) -> None:
    for _ in range(2):
        established.execute(name_body("b"), by="ana", command_id="once")
    assert len(established.log.rows_after(0, 10)) == 2


def test_what_threads_append_is_all_there_and_no_reader_skips_a_row(established: BareUptake) -> None:
    writers = [Thread(target=append_bodies, args=(established, n, 15)) for n in range(4)]
    for writer in writers:
        writer.start()
    seen: list[int] = []
    while any(w.is_alive() for w in writers):
        seen += [row for row, _, _ in established.log.rows_after(seen[-1] if seen else 0, 7)]
    seen += [row for row, _, _ in established.log.rows_after(seen[-1] if seen else 0, 1000)]
    everything = [row for row, _, _ in established.log.rows_after(0, 1000)]
    assert len(everything) == 1 + 4 * 15
    assert seen == everything


def append_bodies(uptake: BareUptake | Services, writer: int, count: int) -> None:
    """What one of the competing writers does: each body in its own command, again after each conflict."""
    for n in range(count):
        while True:
            try:
                uptake.tracker.execute(name_body(f"w{writer}-{n}"), by=f"w{writer}", at=uptake.clock())
                break
            except Conflict:
                continue


# What only a database can promise


@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = 'x'", "DELETE FROM {}"])
@pytest.mark.parametrize(("table", "column"), [("stored_events", "topic"), ("claims", "stands_for")])
def test_the_database_itself_refuses_to_change_the_log(
    either: Services, statement: str, table: str, column: str
) -> None:
    Story(either).evidence("official").recommendation().propose()
    engine = _log_engine(either)
    with pytest.raises(DBAPIError, match="the log is append-only"), engine.begin() as db:
        db.execute(text(statement.format(table, column)))
    engine.dispose()


def test_a_command_id_is_honoured_by_every_process(either: Services) -> None:
    either.execute(ESTABLISH, by="ana")
    either.execute(name_body("b"), by="ana", command_id="once")
    other = build_services(either.settings, clock=either.clock)
    other.execute(name_body("b"), by="ana", command_id="once")
    assert len(either.log.rows_after(0, 10)) == 2
    other.close()


def test_what_many_processes_append_is_all_there_and_no_reader_skips_a_row(either: Services) -> None:
    either.execute(ESTABLISH, by="ana")
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=append_bodies_in_process, args=(either.settings, n, 15)) for n in range(4)]
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


def append_bodies_in_process(settings: Settings, writer: int, count: int) -> None:
    services = build_services(settings)
    append_bodies(services, writer, count)
    services.close()


def test_what_is_committed_survives_a_power_cut(services: Services) -> None:
    """The embedded log waits for the disk at each commit."""
    datastore = services.tracker.recorder.datastore  # type: ignore[attr-defined]
    with datastore.get_connection(commit=True) as connection:
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone()[0] == 2


def test_a_store_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="There is no store in .*. Create one with “uptake init”."):
        build_services(Settings(data_dir=tmp_path / "none"))


def test_making_a_store_twice_changes_nothing(new_services: Callable[..., Services]) -> None:
    services = new_services()
    services.execute(ESTABLISH, by="ana")
    again = build_services(services.settings, create=True, clock=services.clock)
    assert again.log.last() == services.log.last()
    again.close()


def _log_engine(services: Services) -> Engine:
    if services.settings.database_url:
        return create_engine(services.settings.database_url.replace("postgresql://", "postgresql+psycopg://"))
    return create_engine(f"sqlite:///{services.settings.data_dir / 'log.sqlite'}")
