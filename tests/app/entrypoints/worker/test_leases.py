"""The lease of the worker that leads, on PostgreSQL: one that lost it writes nothing any more."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from app.adapters.jobs_db.job_locks import claim
from app.adapters.jobs_db.leader_lock import Fence, LeadershipLost, leadership
from app.adapters.jobs_db.tables import open_jobs
from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.entrypoints.worker.worker import run_worker
from app.services.container import Services
from domain import commands as c
from domain.values import Body
from tests.support.processes import stop
from tests.support.story import REGISTER, Story
from tests.support.waiting import wait_until


@pytest.fixture
def services(new_services: Callable[..., Services]) -> Services:
    return new_services(postgres=True)


def end_lease(settings: Settings) -> None:
    """As time does, for a leader that was paused or cut off."""
    with psycopg.connect(settings.database_url) as db:
        db.execute("UPDATE leases SET ends_at = clock_timestamp() - interval '1 second'")


def test_numbers_grow_with_each_leader(services: Services) -> None:
    with leadership(services.settings) as first:
        assert first
        assert first.keep()
        with leadership(services.settings) as other:
            assert other is None
        end_lease(services.settings)
        with leadership(services.settings) as second:
            assert first.number is not None
            assert second
            assert second.number == first.number + 1
            assert second.keep()
            assert not first.keep(), "it learns that it does not lead any more"
            with leadership(services.settings) as third:
                assert third is None, "that the first one ended does not end the lease of the second"


def test_of_two_leaders_after_a_failover_only_the_new_one_writes(services: Services) -> None:
    Story(services)
    old, new = services, build_services(services.settings, clock=services.clock)
    jobs, fence = open_jobs(services.settings), Fence()
    for engine in (jobs, old.accounts.engine):
        fence.guard(engine)

    def write(by: Services, ident: str) -> None:
        by.tracker.execute(c.NameBody(REGISTER, body=Body(id=ident, name="B")), by="ana", at=by.clock())

    with leadership(services.settings) as first:
        assert first
        old.log.lease_number = fence.number = first.number
        write(old, "one")
        assert claim(jobs, "mail", "one", services.clock())
        end_lease(services.settings)
        with leadership(services.settings) as second:
            assert second
            new.log.lease_number = second.number
            write(new, "two")
            count = new.log.count()
            with pytest.raises(LeadershipLost):
                write(old, "three")
            with pytest.raises(LeadershipLost):
                claim(jobs, "mail", "two", services.clock())
            with pytest.raises(LeadershipLost), old.accounts.work() as db:
                db.execute(text("DELETE FROM people"))
            assert new.log.count() == count
            write(new, "four")
    with leadership(services.settings) as third:
        assert third, "a worker that ends in order ends its lease"
    new.close()
    jobs.dispose()


def test_a_lease_cannot_change_hands_while_a_job_writes_under_it(services: Services) -> None:
    jobs, fence = open_jobs(services.settings), Fence()
    fence.guard(jobs)
    with leadership(services.settings) as first:
        assert first
        fence.number = first.number
        with jobs.begin(), psycopg.connect(services.settings.database_url, autocommit=True) as other:
            other.execute("SET lock_timeout = '100ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute("UPDATE leases SET number = number + 1")
    jobs.dispose()


def test_a_worker_that_lost_its_lease_stops_its_jobs_and_waits(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "uptake.worker")
    end = threading.Event()
    worker = threading.Thread(target=run_worker, args=(services, end, 0.05, 0.6))
    worker.start()
    wait_until(lambda: "the worker runs" in caplog.text, waits_for="the worker to lead")
    with psycopg.connect(services.settings.database_url, autocommit=True) as db:
        db.execute("UPDATE leases SET holder = 'other', number = number + 1, ends_at = now() + interval '1 day'")
        wait_until(lambda: "another worker took over" in caplog.text, waits_for="the worker to notice")
        wait_until(lambda: "another worker leads; waiting" in caplog.text, waits_for="the worker to wait")
        db.execute("UPDATE leases SET ends_at = now()")
        wait_until(lambda: caplog.text.count("the worker runs") == 2, waits_for="the worker to lead again")
    end.set()
    worker.join(120)
    assert not worker.is_alive()


def test_a_killed_leader_is_followed_within_the_time_of_the_lease(services: Services, tmp_path: Path) -> None:
    settings = services.settings
    environment = {"UPTAKE_DATA_DIR": str(settings.data_dir), "UPTAKE_DATABASE_URL": settings.database_url}

    def start(name: str) -> "subprocess.Popen[bytes]":
        with (tmp_path / name).open("w") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "app.bootstrap", "worker"], env=os.environ | environment, stderr=log
            )

    def runs(name: str) -> bool:
        return "the worker runs" in (tmp_path / name).read_text()

    first = start("first.log")
    wait_until(lambda: runs("first.log"), waits_for="the first worker to lead")
    second = start("second.log")
    wait_until(lambda: "waiting" in (tmp_path / "second.log").read_text(), waits_for="the second worker to wait")
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    with psycopg.connect(settings.database_url) as db:
        ((left,),) = db.execute("SELECT extract(epoch FROM ends_at - clock_timestamp()) FROM leases").fetchall()
        assert 0 < left <= 15
    wait_until(lambda: runs("second.log"), waits_for="the second worker to lead")
    stop(second)
