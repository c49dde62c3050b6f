"""The database is stopped and started again: no process ends, readers get what is cached, and nothing typed is lost."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from email.message import Message
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner

from app.adapters.settings import Settings
from app.bootstrap.command_line import main
from app.bootstrap.container import build_services
from app.bootstrap.flask_app import create_app
from app.services.container import Services
from tests.support.clock import Clock
from tests.support.processes import free_port, stop
from tests.support.small_register import open_small_register
from tests.support.staff_client import PROPOSAL_FIELDS, PROPOSE_PATH, Member, add_people, form_version, set_passwords
from tests.support.stoppable_postgres import StoppablePostgres, stoppable_postgres
from tests.support.waiting import wait_until


@pytest.fixture
def server() -> Iterator[StoppablePostgres]:
    with stoppable_postgres() as server:
        yield server


@pytest.fixture
def store(server: StoppablePostgres, tmp_path: Path, clock: Clock, hashing_cost: None) -> Iterator[Services]:
    """The small register in that database."""
    settings = Settings(data_dir=tmp_path / "data", database_url=server.address, publish_hold_seconds=0, trial=True)
    services = build_services(settings, create=True, clock=clock)
    yield open_small_register(services, tmp_path / "small")
    services.close()


def get(address: str) -> tuple[int, Message, str]:
    try:
        response: HTTPResponse = urllib.request.urlopen(address, timeout=60)
        with response:
            return response.status, response.headers, response.read().decode()
    except urllib.error.HTTPError as e:
        with e:
            return e.code, e.headers, e.read().decode()


@contextmanager
def process(command: str, settings: Settings, log: Path, *arguments: str) -> "Iterator[subprocess.Popen[bytes]]":
    environment = {"UPTAKE_DATA_DIR": str(settings.data_dir), "UPTAKE_DATABASE_URL": settings.database_url}
    with log.open("w") as output:
        running = subprocess.Popen(
            [sys.executable, "-m", "app.bootstrap", command, *arguments],
            env=os.environ | environment | {"UPTAKE_WEB_PROCESSES": "1"},
            stdout=subprocess.DEVNULL,
            stderr=output,
        )
    try:
        yield running
    finally:
        stop(running)


def has(log: Path, text: str, times: int = 1) -> Callable[[], bool]:
    return lambda: log.read_text().count(text) >= times


LOST, BACK = "The database does not answer: ", "The database answers again"


def test_no_process_ends_at_the_start_or_while_it_runs(
    server: StoppablePostgres, store: Services, tmp_path: Path
) -> None:
    store.close()
    port, web_log, worker_log, second_log = free_port(), *(tmp_path / f"{n}.log" for n in ("web", "worker", "second"))
    page = f"http://127.0.0.1:{port}/small/"
    server.stop()
    with ExitStack() as stack:
        web = stack.enter_context(process("serve", store.settings, web_log, "--port", str(port)))
        workers = [stack.enter_context(process("worker", store.settings, log)) for log in (worker_log, second_log)]
        for log in (web_log, worker_log, second_log):
            wait_until(has(log, LOST), waits_for=f"{log.name} to notice")
        server.start()
        wait_until(lambda: _answers(page), waits_for="the first page")
        wait_until(
            lambda: (worker_log.read_text() + second_log.read_text()).count("the worker runs") == 1,
            waits_for="one worker to lead",
        )
        wait_until(lambda: "review.frozen" in _topics(server), waits_for="the reviews that were due to be frozen")
        assert get(page)[0] == 200, "a page to keep"

        server.stop()
        status, headers, text = wait_until(lambda: _stale(page), waits_for="the page with its age")
        assert (status, "ETag" in headers, int(headers["Age"]) >= 0) == (200, False, True)
        assert "This page may be out of date." in text
        assert "This page may be out of date." not in get(f"http://127.0.0.1:{port}/healthz")[2]
        status, headers, text = get(f"{page}recommendations/")
        assert (status, headers["Retry-After"], headers["Cache-Control"]) == (503, "5", "no-store")
        assert "The database does not answer at the moment" in text
        assert get(f"http://127.0.0.1:{port}/api/v1/registers/small")[0] == 503
        for log in (worker_log, second_log):
            wait_until(has(log, LOST, 2), waits_for=f"{log.name} to notice again")
        server.start()
        wait_until(lambda: get(f"{page}recommendations/")[0] == 200, waits_for="a new page")
        assert "Age" not in get(page)[1]
        for log in (worker_log, second_log):
            wait_until(has(log, BACK, 2), waits_for=f"{log.name} to go on")
        assert [running.poll() for running in (web, *workers)] == [None, None, None]
    for log in (web_log, worker_log, second_log):
        text = log.read_text()
        assert "Traceback" not in text
        assert text.count(BACK) <= text.count(LOST) <= text.count(BACK) + 1


def _topics(server: StoppablePostgres) -> set[str]:
    with psycopg.connect(server.address) as db:
        return {topic for (topic,) in db.execute("SELECT DISTINCT topic FROM stored_events")}


def _answers(page: str) -> bool:
    try:
        return get(page)[0] == 200
    except OSError:
        return False


def _stale(page: str) -> tuple[int, Message, str] | None:
    answer = get(page)
    return answer if "Age" in answer[1] else None


def test_what_staff_typed_is_on_the_page_and_can_be_sent_again(server: StoppablePostgres, store: Services) -> None:
    add_people(store)
    app = create_app(store)
    set_passwords(app, store)
    ana = Member(app, "ana")
    ana.sign_in()
    form: dict[str, Any] = PROPOSAL_FIELDS | {"action": "send", "version": form_version(ana, PROPOSE_PATH)}
    ana.post(PROPOSE_PATH, **form | {"rationale": ""})  # so that it has a token
    server.stop()
    refused = ana.post(PROPOSE_PATH, **form)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    for text in ("The bill passed one chamber.", "March 2025", "What you typed is kept on this page."):
        assert text in refused.text
    assert ana.client.get("/staff/").status_code == 503
    signing_in = ana.client.post("/staff/sign-in", data={"email": "ana@example.org", "password": "correct horse"})
    assert signing_in.status_code == 503
    assert "correct horse" not in signing_in.text
    server.start()
    wait_until(lambda: not store.availability.is_away, waits_for="the database to be back")
    assert ana.post(PROPOSE_PATH, **form).status_code == 302


def test_a_command_says_that_the_database_does_not_answer(server: StoppablePostgres, store: Services) -> None:
    server.stop()
    environment = {"UPTAKE_DATABASE_URL": server.address, "UPTAKE_DATA_DIR": str(store.settings.data_dir)}
    refused = CliRunner().invoke(main, ["init"], env=environment)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("The store cannot be used: The database does not answer: ")
    assert "Traceback" not in refused.stderr
