"""Workers as processes of their own, under clocks that are set for them, on both stores: each review is frozen once."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.services.container import Services
from app.services.snapshots import package_store
from app.services.snapshots.verify import verify
from tests.support.clock import Clock
from tests.support.repository import ROOT
from tests.support.reviews import YEARLY_REVIEW_DUE, frozen_reviews
from tests.support.small_register import open_small_register
from tests.support.waiting import wait_until

SHIFTED = """
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from app.bootstrap.container import build_services
from app.entrypoints.cli.common import Composition
from app.entrypoints.cli.main import command_line
from app.entrypoints.worker.worker import run_worker
shift = timedelta(seconds=float(sys.argv[1]))
build = partial(build_services, clock=lambda: datetime.now(UTC) + shift)
command_line(Composition(build, run_worker, lambda: None))(["worker"])
"""
AT_ONCE = """
import sys
from datetime import UTC, datetime
from app.entrypoints.worker.review_freezing import freeze_due
from app.adapters.settings import read_settings
from app.bootstrap.container import build_services
from tests.support.waiting import wait_until
services = build_services(read_settings(), clock=lambda: datetime(2026, 9, 14, 16, tzinfo=UTC))
print("ready", flush=True)
sys.stdin.readline()
freeze_due(services)
services.close()
"""
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(params=["sqlite", "postgres"])
def shared(request: pytest.FixtureRequest, new_services: Callable[..., Services], tmp_path: Path) -> Services:
    return open_small_register(new_services(postgres=request.param == "postgres"), tmp_path / "bundle")


@pytest.fixture
def start(shared: Services) -> Iterator[Start]:
    """Starts a process over the same store; what still runs at the end of a test is killed."""
    processes: list[subprocess.Popen[str]] = []
    environment = os.environ | {"PYTHONPATH": str(ROOT), "UPTAKE_DATA_DIR": str(shared.settings.data_dir)}
    environment |= {"UPTAKE_DATABASE_URL": shared.settings.database_url}

    def process(script: str, *words: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", script, *map(str, words)]
        pipe = subprocess.PIPE
        processes.append(subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True))
        return processes[-1]

    yield process
    for remaining in processes:
        remaining.kill()
        remaining.communicate()


def _shift(to: datetime) -> float:
    return (to - datetime.now(UTC)).total_seconds()


def _wait_until_frozen(services: Services, days: list[str]) -> None:
    wait_until(lambda: [day for _, day, _ in frozen_reviews(services)] == days, waits_for=f"the reviews of {days}")


def _stop(worker: "subprocess.Popen[str]") -> None:
    worker.send_signal(signal.SIGTERM)
    _, output = worker.communicate(timeout=120)
    assert worker.returncode == 0, output
    assert "Traceback" not in output, output


def test_two_processes_at_the_same_hour_freeze_once(shared: Services, start: Start, clock: Clock) -> None:
    workers = [start(AT_ONCE) for _ in range(2)]
    for worker in workers:
        assert worker.stdout
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("now\n")
        worker.stdin.flush()
    for worker in workers:
        _, output = worker.communicate(timeout=120)
        assert worker.returncode == 0, output
    ((review, day, snapshot),) = frozen_reviews(shared)
    assert (review, day) == ("yearly", "2026-09-14")
    packages = [f.stem for f in (shared.settings.data_dir / "snapshots").glob("*.zip")]
    assert packages == [snapshot.package], "both made the same bytes"
    assert verify(package_store.get(shared.settings, snapshot.package)).manifest == snapshot.manifest


@pytest.mark.parametrize("shared", ["sqlite"], indirect=True)
def test_a_worker_that_is_killed_before_the_hour_has_a_successor(shared: Services, start: Start, clock: Clock) -> None:
    """The hour comes for a worker that waited while another led; later ones catch up at once what they missed."""
    shift = _shift(YEARLY_REVIEW_DUE - timedelta(seconds=10))
    first = start(SHIFTED, shift)
    _said(first, "the worker runs")
    second = start(SHIFTED, shift)
    _said(second, "another worker leads; waiting")
    first.kill()
    clock.now = YEARLY_REVIEW_DUE + timedelta(hours=1)
    _wait_until_frozen(shared, ["2026-09-14"])
    second.kill()
    clock.now = datetime(2028, 1, 1, tzinfo=UTC)
    third = start(SHIFTED, _shift(clock.now))
    _wait_until_frozen(shared, ["2026-09-14", "2027-09-14"])
    _stop(third)
    back = start(SHIFTED, _shift(YEARLY_REVIEW_DUE - timedelta(days=30)))
    _said(back, "the worker runs")
    _stop(back)
    frozen = frozen_reviews(shared)
    assert [day for _, day, _ in frozen] == ["2026-09-14", "2027-09-14"]
    assert [s.known_at for _, _, s in frozen] == [YEARLY_REVIEW_DUE, YEARLY_REVIEW_DUE.replace(year=2027)]
    assert not any(s.reconstructed for _, _, s in frozen)


def _said(worker: "subprocess.Popen[str]", words: str) -> None:
    assert worker.stderr
    for line in worker.stderr:
        if words in line:
            return
    raise AssertionError(f"a worker ended without saying “{words}”")
