"""What runs by the clock: claimed once, led by one worker, caught up after a stop."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.adapters.jobs_db.job_locks import claim, last_heartbeat, record_heartbeat
from app.adapters.jobs_db.leader_lock import leadership
from app.adapters.jobs_db.tables import open_jobs
from app.adapters.settings import Settings
from app.entrypoints.worker.schedule import TIMETABLE, catch_up, hour_of, once_per_slot
from app.entrypoints.worker.worker import run_worker, schedule
from app.services.container import Services
from domain import commands as c
from domain.values import Body
from tests.support.story import REGISTER, Story
from tests.support.waiting import wait_until


def test_a_slot_is_claimed_by_exactly_one(either: Services) -> None:
    jobs = open_jobs(either.settings)
    won: list[bool] = []
    threads = [
        threading.Thread(target=lambda: won.append(claim(open_jobs(either.settings), "review", "2027", either.clock())))
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False, False, False, False, True]
    assert claim(jobs, "review", "2028", either.clock())
    jobs.dispose()


def test_a_job_acts_once_for_its_slot(services: Services) -> None:
    acted: list[str] = []
    for _ in range(3):
        once_per_slot(services, "job", hour_of(services.clock()), lambda: acted.append("x"))
    assert acted == ["x"]
    services.clock.go_on(hours=1)  # type: ignore[attr-defined]
    assert once_per_slot(services, "job", hour_of(services.clock()), lambda: acted.append("y"))


def test_one_worker_leads_and_the_next_follows(either: Services) -> None:
    with leadership(either.settings) as first, leadership(either.settings) as second:
        assert first
        assert second is None
    with leadership(either.settings) as third:
        assert third


def test_the_pulse_of_a_worker_is_kept(either: Services) -> None:
    jobs = open_jobs(either.settings)
    assert last_heartbeat(jobs, "worker") is None
    record_heartbeat(jobs, "worker", either.clock())
    either.clock.go_on(seconds=10)  # type: ignore[attr-defined]
    record_heartbeat(jobs, "worker", either.clock())
    assert last_heartbeat(jobs, "worker") == "2026-03-01T12:00:10.000000Z"
    jobs.dispose()


def test_the_timetable_is_kept_in_utc_and_makes_up_for_missed_runs(services: Services) -> None:
    scheduler = schedule(services)
    scheduler.start(paused=True)
    jobs = {job.id: job for job in scheduler.get_jobs()}
    assert set(jobs) == {job.id for job in TIMETABLE}
    assert {(j.coalesce, j.max_instances, j.misfire_grace_time) for j in jobs.values()} == {(True, 1, 3600)}
    assert {str(j.trigger.timezone) for j in jobs.values()} == {"UTC"}
    scheduler.shutdown()


def test_what_nobody_showed_is_shown_by_the_worker(services: Services) -> None:
    Story(services)
    services.tracker.execute(c.NameBody(REGISTER, body=Body(id="late", name="Late")), by="ana", at=services.clock())
    assert services.views.position().row < services.log.last()[0]
    catch_up(services)
    assert services.views.position().row == services.log.last()[0]


def test_a_worker_runs_until_it_is_told_to_stop(new_services: Callable[..., Services]) -> None:
    services = new_services()
    Story(services)
    stop = threading.Event()
    worker = threading.Thread(target=run_worker, args=(services, stop))
    worker.start()
    jobs = open_jobs(services.settings)
    wait_until(lambda: last_heartbeat(jobs, "worker"), waits_for="a beat of the worker")
    stop.set()
    worker.join(120)
    assert not worker.is_alive()


def test_a_second_worker_waits_for_the_first(services: Services, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "uptake.worker")
    stop = threading.Event()
    with leadership(services.settings) as leading:
        assert leading
        waiting = threading.Thread(target=run_worker, args=(services, stop, 0.05))
        waiting.start()
        wait_until(lambda: "another worker leads" in caplog.text, waits_for="an attempt to lead")
        assert last_heartbeat(open_jobs(services.settings), "worker") is None
        stop.set()
        waiting.join(120)
        assert not waiting.is_alive()


@pytest.mark.parametrize("job", TIMETABLE, ids=lambda j: j.id)
def test_every_job_can_run_twice(services: Services, job: object) -> None:
    for _ in range(2):
        job.run(services)  # type: ignore[attr-defined]


def test_several_that_open_a_new_file_at_once_all_get_it(tmp_path: Path) -> None:
    for n in range(10):
        settings = Settings(data_dir=tmp_path / str(n))
        settings.data_dir.mkdir()
        with ThreadPoolExecutor(4) as pool:
            for jobs in pool.map(lambda _, s=settings: open_jobs(s), range(4)):
                jobs.dispose()
