"""A large import on PostgreSQL: it is sent before it takes the lock, and stored as a small one is."""

from collections.abc import Iterator
from hashlib import sha256
from threading import Thread

import psycopg
import pytest

from app.adapters.event_store import open_tracker, postgres
from app.adapters.event_store.postgres_tables import APPEND_FUNCTION, LOG_LOCK, TABLES
from domain import commands as c
from domain.application import Tracker
from domain.events import read_event
from domain.evidence.record import EvidenceRecord
from domain.ids import register_id
from domain.register.aggregate import Register
from domain.values import Body, EvidenceText, RegisterSettings
from tests.support.clock import Clock
from tests.support.postgres import fresh_database
from tests.support.story import REGISTER
from tests.support.waiting import wait_until

EVENTS = 300
ESTABLISH = c.EstablishRegister(REGISTER, settings=RegisterSettings(id=REGISTER, title="T"))


@pytest.fixture
def address() -> str:
    return fresh_database()


@pytest.fixture
def tracker(address: str, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tracker]:
    """A log that takes what has more than a kilobyte for large."""
    monkeypatch.setattr(postgres, "MAX_STATEMENT_BYTES", 1024)
    tracker = open_tracker(clock=clock, postgres=address, create=True, database_clock=clock)
    tracker.execute(ESTABLISH, by="ana", at=clock())
    yield tracker
    tracker.close()


def large_import(tracker: Tracker) -> None:
    register = tracker.load(Register, register_id(REGISTER))
    for n in range(EVENTS):
        register.name_body(Body(id=f"b{n}", name="Amt für Löschung und Schrägstriche \\ \t"), "import")
    record = EvidenceRecord(key="k", salt="s", text=EvidenceText(title="Title", summary="특사\n\\."))
    tracker.import_events(register.collect_events(), {"assessment/r/x": "post"}, (record,))
    assert tracker.event_log.records(["k"]) == {"k": record.stored}


def test_a_large_import_is_stored_as_a_small_one(tracker: Tracker, clock: Clock) -> None:
    large_import(tracker)
    rows = tracker.event_log.whole_rows_after(0, 1000)
    assert [row[2] for row in rows] == list(range(1, EVENTS + 2)), "in its order"
    assert len({row[4] for row in rows[1:]}) == 1, "with one stamp"
    assert all(read_event(row[5]).recorded_at for row in rows)
    assert tracker.claim("assessment/r/x") == "post"
    tracker.execute(c.NameBody(REGISTER, body=Body(id="after", name="B")), by="ana", at=clock())
    assert tracker.event_log.count() == EVENTS + 2


def test_a_large_import_takes_the_lock_when_all_of_it_is_there(tracker: Tracker, address: str) -> None:
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", (LOG_LOCK,))
        importing = Thread(target=large_import, args=(tracker,))
        importing.start()

        def began_before_it_asked() -> bool:
            waiting = other.execute(
                "SELECT s.xact_start < s.query_start FROM pg_stat_activity s JOIN pg_locks l USING (pid)"
                " WHERE l.locktype = 'advisory' AND NOT l.granted AND s.query LIKE '%append_to_log%'"
            ).fetchone()
            return waiting is not None and bool(waiting[0])

        wait_until(began_before_it_asked, waits_for="the import to ask for the lock after its copy")
        other.execute("SELECT pg_advisory_unlock(%s)", (LOG_LOCK,))
    importing.join(120)
    assert tracker.event_log.count() == EVENTS + 1


def test_a_store_of_an_older_version_gets_the_function_when_it_is_first_needed(tracker: Tracker, address: str) -> None:
    with psycopg.connect(address) as other:
        other.execute(f"DROP FUNCTION {APPEND_FUNCTION}")
    large_import(tracker)
    assert tracker.event_log.count() == EVENTS + 1


def test_a_changed_function_has_another_name_so_no_version_replaces_that_of_another() -> None:
    made = next(statement for statement in TABLES if APPEND_FUNCTION in statement)
    body = made.partition(APPEND_FUNCTION)[2]
    assert f"append_to_log_{sha256(body.encode()).hexdigest()[:8]}" == APPEND_FUNCTION
