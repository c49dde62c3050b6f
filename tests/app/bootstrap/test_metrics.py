"""Metrics for the operator: closed without the token, counted across processes, equal to the store."""

import os
import re
import socket
import urllib.request
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError

import pytest
from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import Client, TestResponse

from app.adapters.jobs_db.job_locks import claim, last_heartbeat, record_heartbeat
from app.adapters.jobs_db.tables import open_jobs
from app.adapters.settings import Settings
from app.bootstrap.flask_app import create_app
from app.entrypoints.cli.serving import count_together
from app.entrypoints.http.front_cache import FrontCache
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from app.services.transparency.checkpoints import make_checkpoint
from domain import commands as c
from domain.times import written
from domain.values import Body
from tests.support.bundles import write_small_bundle
from tests.support.processes import served
from tests.support.story import REGISTER, Story
from tests.support.waiting import wait_until

TOKEN = "a-token-of-a-test"
RIGHT = {"Authorization": f"Bearer {TOKEN}"}


def _front(services: Services, token: str = TOKEN) -> Client:
    services.settings = replace(services.settings, metrics_token=token)
    return Client(FrontCache(create_app(services), services.public_state), TestResponse)


def _numbers(text: str) -> dict[str, float]:
    """Each sample by its name and labels, as Prometheus reads them."""
    samples = (s for family in text_string_to_metric_families(text) for s in family.samples)
    return {" ".join([s.name, *(s.labels[name] for name in sorted(s.labels))]): s.value for s in samples}


def test_without_a_token_of_the_site_there_is_no_such_page(services: Services) -> None:
    client = _front(services, token="")
    nothing = client.get("/nothing.txt")
    for headers in ({}, {"Authorization": "Bearer "}, RIGHT):
        answer = client.get("/metrics", headers=headers)
        assert (answer.status_code, answer.data) == (404, nothing.data)


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}ü"])
def test_a_wrong_token_is_answered_as_if_it_were_not_there(services: Services, sent: str) -> None:
    client = _front(services)
    assert client.get("/metrics", headers=RIGHT).status_code == 200
    answer = client.get("/metrics", headers={"Authorization": sent} if sent else {})
    assert (answer.status_code, answer.data) == (404, client.get("/nothing.txt").data)
    assert client.get("/metrics", headers=RIGHT).headers["Cache-Control"] == "no-store"


def test_what_lies_in_the_store_is_looked_up(either: Services) -> None:
    services = either
    client, jobs = _front(services), open_jobs(services.settings)
    numbers = _numbers(client.get("/metrics", headers=RIGHT).text)
    assert (numbers["uptake_events_behind"], numbers["uptake_proposals_waiting"]) == (0, 0)
    for name in ("worker", "checkpoint", "backup"):
        assert f"uptake_{name}_seconds" not in numbers, "it never was"
    story = Story(services).evidence("official").evidence("news", "news").recommendation().criteria()
    _, two, three = (story.propose(effective_on=f"202{n}") for n in (1, 2, 3))
    numbers = _numbers(client.get("/metrics", headers=RIGHT).text)
    assert numbers["uptake_proposals_waiting"] == 0, "nobody outside knows of a register that is not open"
    services.execute(c.OpenRegister(REGISTER, origin="x"), by="ana")
    story.do(c.ReturnAssessment(REGISTER, recommendation="post", assessment=two, note="Which day?"), by="ben")
    at = services.clock() + timedelta(days=1)
    approved = c.ScheduleAssessment(REGISTER, recommendation="post", assessment=three, publish_at=at)
    numbers = _numbers(client.get("/metrics", headers=RIGHT).text)
    assert numbers["uptake_proposals_waiting"] == 2, "what was returned waits for its author"
    story.do(approved, by="ben")
    make_checkpoint(services, jobs)
    services.clock.go_on(seconds=60)  # type: ignore[attr-defined]
    claim(jobs, "backup", written(services.clock()), services.clock())
    services.clock.go_on(seconds=30)  # type: ignore[attr-defined]
    record_heartbeat(jobs, "worker", services.clock())
    services.clock.go_on(seconds=5)  # type: ignore[attr-defined]
    services.tracker.execute(c.NameBody(REGISTER, body=Body(id="state", name="State")), by="ana", at=services.clock())
    numbers = _numbers(client.get("/metrics", headers=RIGHT).text)
    assert {name.removeprefix("uptake_"): value for name, value in numbers.items() if " " not in name} == {
        "events_behind": 1,
        "seconds_behind": 0,
        "events_skipped": 0,
        "proposals_waiting": 1,
        "clock_skew_seconds": 0,
        "worker_seconds": 5,
        "backup_seconds": 35,
        "checkpoint_seconds": 95,
    }
    jobs.dispose()


def test_requests_to_two_processes_are_counted_together(services: Services, tmp_path: Path) -> None:
    import_bundle(services, write_small_bundle(tmp_path / "small"), ImportOptions(approve_cards="cem"))
    services.execute(c.OpenRegister("small", origin="x"), by="ana")
    at = services.settings.data_dir
    with served("up", at, UPTAKE_WEB_PROCESSES="2", UPTAKE_METRICS_TOKEN=TOKEN) as address:
        jobs = open_jobs(services.settings)
        wait_until(lambda: last_heartbeat(jobs, "worker"), waits_for="a beat of the worker")
        jobs.dispose()
        folder = at / "metrics" / f"{socket.gethostname()}-{address.rsplit(':', 1)[1]}"
        asked = 0
        while len(list(folder.glob("counter_*.db"))) < 2 or asked < 40:
            assert asked < 2000, "one process answers everything"
            urllib.request.urlopen(f"{address}/small/?as_of=2025-01-0{1 + asked % 2}").close()
            asked += 1
        for path in ("/small/secretword", "/small/?as_of=secretword", "/api/v1/registers/small/secretword"):
            with pytest.raises(HTTPError):
                urllib.request.urlopen(address + path)
        said = [_read(address), _read(address)]
    numbers = _numbers(said[0])
    endpoint = "public.scorecard"
    hits, misses = (
        numbers[f"uptake_answers_total hit {endpoint} 2xx"],
        numbers[f"uptake_answers_total miss {endpoint} 2xx"],
    )
    assert hits + misses == asked
    assert misses >= 2
    assert hits >= 20
    assert numbers["uptake_answers_total miss none 4xx"] == 2
    assert numbers["uptake_making_seconds_count public"] == misses + 1
    assert _numbers(said[1])["uptake_answers_total miss metrics 2xx"] == 1
    assert numbers["uptake_worker_seconds"] < 60
    assert not re.search("secretword|as_of|127.0.0.1", said[0])


def test_counts_begin_anew_when_the_site_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")  # put back afterwards
    left = tmp_path / "metrics" / f"{socket.gethostname()}-8000" / "counter_1.db"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"of processes that have ended")
    count_together(Settings(data_dir=tmp_path))
    assert list(left.parent.iterdir()) == []
    assert os.environ["PROMETHEUS_MULTIPROC_DIR"] == str(left.parent)


def _read(address: str) -> str:
    with urllib.request.urlopen(urllib.request.Request(f"{address}/metrics", headers=RIGHT)) as answer:
        return str(answer.read().decode())
