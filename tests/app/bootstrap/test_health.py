"""What a load balancer learns: alive, ready, and faults that do not make it unready."""

import sqlite3
from contextlib import closing

import pytest
from werkzeug.test import Client, TestResponse

from app.adapters.jobs_db.job_locks import record_heartbeat
from app.adapters.jobs_db.tables import open_jobs
from app.bootstrap import health
from app.bootstrap.flask_app import create_app
from app.entrypoints.http.front_cache import FrontCache
from app.services.container import Services
from domain import commands as c
from domain.values import Body
from tests.support.story import REGISTER, Story


@pytest.fixture
def client(services: Services) -> Client:
    Story(services)
    return Client(FrontCache(create_app(services), services.public_state), TestResponse)


def test_a_worker_that_is_not_alive_is_told_and_sends_nobody_away(services: Services, client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ok",
        "events_behind": 0,
        "seconds_behind": 0.0,
        "events_skipped": 0,
        "worker_seconds": None,
        "clock_skew_seconds": 0.0,
        "warnings": [
            "No worker has run here, or its file cannot be read. Start one with “uptake worker”.",
        ],
    }
    jobs = open_jobs(services.settings)
    record_heartbeat(jobs, "worker", services.clock())
    jobs.dispose()
    services.clock.go_on(seconds=59)  # type: ignore[attr-defined]
    assert client.get("/readyz").json == {
        "status": "ok",
        "events_behind": 0,
        "seconds_behind": 0.0,
        "events_skipped": 0,
        "worker_seconds": 59,
        "clock_skew_seconds": 0.0,
    }
    services.clock.go_on(seconds=1)  # type: ignore[attr-defined]
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json["warnings"] == ["The worker was last alive 60 seconds ago. Check whether it still runs."]


def test_a_database_of_jobs_that_is_broken_sends_nobody_away(services: Services, client: Client) -> None:
    (services.settings.data_dir / "jobs.sqlite").write_bytes(b"no database" * 100)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["worker_seconds"]) == (200, None)
    assert "its file cannot be read" in answer.json["warnings"][0]


def test_pages_far_behind_the_log_are_not_ready(
    services: Services, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "MAX_READY_LAG_EVENTS", 2)
    for n, status in ((1, 200), (2, 503)):
        amend = c.NameBody(REGISTER, body=Body(id=f"body-{n}", name=f"Body {n}"))
        services.tracker.execute(amend, by="ana", at=services.clock())
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json["events_behind"]) == (status, n)
    assert answer.json["status"] == "behind"
    services.catch_up()
    assert client.get("/readyz").status_code == 200
    services.tracker.execute(c.NameBody(REGISTER, body=Body(id="late", name="Late")), by="ana", at=services.clock())
    services.clock.go_on(seconds=59)  # type: ignore[attr-defined]
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["seconds_behind"]) == (200, 59)
    services.clock.go_on(seconds=2)  # type: ignore[attr-defined]
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["status"], answer.json["events_behind"]) == (503, "behind", 1)


@pytest.mark.parametrize(
    ("file", "table"), [("log.sqlite", "stored_events"), ("accounts.sqlite", "people"), ("views/*.sqlite", "position")]
)
def test_a_store_that_cannot_be_read_is_not_ready_but_the_process_is_up(
    services: Services, client: Client, file: str, table: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.get("/readyz").status_code == 200
    (found,) = services.settings.data_dir.glob(file)
    with closing(sqlite3.connect(found)) as db:
        db.execute(f'ALTER TABLE "{table}" RENAME TO elsewhere')
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"status": "unreadable", "events_behind": None})
    assert "The store cannot be read (OperationalError)." in caplog.text
    assert client.get("/healthz").json == {"status": "ok"}
