"""The worker freezes a review at its hour: once, whatever stops it and however the clock jumps."""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.adapters.jobs_db.tables import open_jobs
from app.bootstrap.container import build_services
from app.entrypoints.worker.review_freezing import freeze_due
from app.entrypoints.worker.worker import run_worker
from app.services.container import Services
from app.services.snapshots import package_store
from app.services.snapshots.freeze import freeze_review
from app.services.snapshots.review_schedule import review_occurrences
from app.services.snapshots.verify import verify
from app.services.transparency import checkpoints
from domain import commands as c
from domain.errors import Refused
from domain.values import ReviewSchedule
from tests.support.clock import Clock
from tests.support.repository import ROOT
from tests.support.reviews import YEARLY_REVIEW_DUE, frozen_reviews
from tests.support.small_register import open_small_register
from tests.support.waiting import wait_until

STEPS = (
    "public_lines",
    "build_payload",
    "bagit.write_bag",
    "package_store.put",
    "after package_store.put",
    "checkpoints.make_checkpoint",
    "after checkpoints.make_checkpoint",
)
KILLED = """
import os, signal, sys
from datetime import datetime, UTC
from pathlib import Path
import app.services.snapshots.freeze as freeze
from app.entrypoints.worker.review_freezing import freeze_due
from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from tests.support.waiting import wait_until
step = sys.argv[2]
after, _, name = step.rpartition(" ")
home, _, name = name.rpartition(".")
holder = getattr(freeze, home) if home else freeze
real = getattr(holder, name)
def stop(*args, **kwargs):
    if after:
        real(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(holder, name, stop)
services = build_services(Settings(data_dir=Path(sys.argv[1]), database_url=sys.argv[3], trial=True), clock=lambda: datetime(2026, 9, 14, 16, tzinfo=UTC))
freeze_due(services)
"""


def test_a_review_is_frozen_at_the_end_of_its_day_where_the_register_is(small: Services, clock: Clock) -> None:
    clock.now = YEARLY_REVIEW_DUE - timedelta(microseconds=1)
    assert freeze_due(small) == 0
    clock.now = YEARLY_REVIEW_DUE
    assert freeze_due(small) == 1
    assert freeze_due(small) == 0
    ((review, as_of, snapshot),) = frozen_reviews(small)
    assert (review, as_of) == ("yearly", "2026-09-14")
    assert snapshot.known_at == YEARLY_REVIEW_DUE
    assert not snapshot.reconstructed
    assert verify(package_store.get(small.settings, snapshot.package)).manifest == snapshot.manifest
    jobs = open_jobs(small.settings)
    assert any(f"\n{snapshot.log_position}\n" in note for note in checkpoints.stored_notes(jobs))
    jobs.dispose()


@pytest.mark.parametrize(
    ("zone", "first", "day", "due"),
    [
        ("America/New_York", "2023-03-07", "2026-03-07", "2026-03-08T05:00:00"),  # the night that loses an hour
        ("America/New_York", "2023-03-08", "2026-03-08", "2026-03-09T04:00:00"),
        ("America/New_York", "2023-10-31", "2026-10-31", "2026-11-01T04:00:00"),  # the night that gains one
        ("America/New_York", "2023-11-01", "2026-11-01", "2026-11-02T05:00:00"),
        ("Africa/Cairo", "2023-04-23", "2026-04-23", "2026-04-23T22:00:00"),  # a night without a midnight
        ("Asia/Seoul", "2024-02-29", "2027-02-28", "2027-02-28T15:00:00"),
        ("Asia/Seoul", "2024-02-29", "2028-02-29", "2028-02-29T15:00:00"),
    ],
)
def test_the_hour_comes_once_in_every_night(
    services: Services, tmp_path: Path, clock: Clock, zone: str, first: str, day: str, due: str
) -> None:
    """A second before, at it, and at the same hour of the wall once more, with a clock that goes back in between."""
    open_small_register(services, tmp_path / "small", time_zone=zone, anniversary_of=first)
    clock.now = hour = datetime.fromisoformat(f"{due}+00:00")
    clock.go_on(seconds=-1)
    freeze_due(services)  # those of the years before
    assert day not in [d for _, d, _ in frozen_reviews(services)]
    for now in (hour, hour - timedelta(seconds=1), hour + timedelta(hours=1), hour - timedelta(hours=25), hour):
        clock.now = now
        freeze_due(services)
        assert [(s.known_at, s.reconstructed) for _, d, s in frozen_reviews(services) if d == day] == [(hour, False)]


def test_missed_ones_are_caught_up_with_what_was_known_at_their_hour(small: Services, clock: Clock) -> None:
    clock.now = datetime(2026, 10, 1, tzinfo=UTC)
    late = "Written after the hour."
    small.execute(c.DraftSummary("small", review="yearly", as_of="2026-09-14", summary=late), by="ana")
    small.execute(c.SignOffReview("small", review="yearly", as_of="2026-09-14"), by="ben")
    small.execute(c.SignOffReview("small", review="yearly", as_of="2026-09-14"), by="cem")
    clock.now = datetime(2028, 1, 1, tzinfo=UTC)
    assert freeze_due(small) == 2
    assert [as_of for _, as_of, _ in frozen_reviews(small)] == ["2026-09-14", "2027-09-14"]
    first, second = (s for _, _, s in frozen_reviews(small))
    assert first.summary == ""
    assert not first.signed_off
    assert first.log_position < second.log_position


def test_a_signed_review_says_so_and_an_embargo_moves_its_hour(small: Services, clock: Clock) -> None:
    occurrence: dict[str, Any] = {"review": "yearly", "as_of": "2026-09-14"}
    small.execute(
        c.DraftSummary("small", **occurrence, summary="So it stands.", translations={"ko": {"summary": "이러하다."}}),
        by="ana",
    )
    small.execute(c.SignOffReview("small", **occurrence), by="ana")
    small.execute(c.SignOffReview("small", **occurrence), by="ben")
    later = datetime(2026, 9, 20, 9, tzinfo=UTC)
    small.execute(c.EmbargoReview("small", **occurrence, freeze_at=later), by="ben")
    clock.now = YEARLY_REVIEW_DUE
    assert freeze_due(small) == 0
    clock.now = later
    assert freeze_due(small) == 1
    ((_, _, snapshot),) = frozen_reviews(small)
    assert snapshot.known_at == later
    assert snapshot.signed_off
    package = verify(package_store.get(small.settings, snapshot.package))
    assert package.metadata.signed_off
    assert "So it stands." in package.payload["index.html"].decode()
    assert "이러하다." in package.payload["index.html"].decode()
    assert "Not signed off" not in package.payload["index.html"].decode()


def test_a_clock_that_jumps_back_freezes_nothing_twice(small: Services, clock: Clock) -> None:
    clock.now = YEARLY_REVIEW_DUE
    assert freeze_due(small) == 1
    clock.now = datetime(2026, 9, 13, tzinfo=UTC)
    assert freeze_due(small) == 0
    clock.now = datetime(2026, 9, 14, 15, 0, 1, tzinfo=UTC)
    assert freeze_due(small) == 0
    assert len(frozen_reviews(small)) == 1


def test_what_fell_due_before_the_opening_is_taken_by_hand_alone(small: Services) -> None:
    assert freeze_due(small) == 0
    with small.views.connect() as db:
        assert not any(p.is_automatic for p in review_occurrences(db, "small", small.clock().date()))
    freeze_review(small, "small", "yearly", as_of="2025-09-14", by="ana")
    ((_, as_of, snapshot),) = frozen_reviews(small)
    assert (as_of, snapshot.reconstructed) == ("2025-09-14", True)


def test_a_later_review_compares_with_the_one_before(small: Services, clock: Clock) -> None:
    freeze_review(small, "small", "yearly", as_of="2024-09-14", by="ana")
    frozen = freeze_review(small, "small", "yearly", as_of="2025-09-14", by="ana")
    file = package_store.get(small.settings, frozen_reviews(small)[1][2].package)
    assert b'"as_of":"2024-09-14"' in verify(file).payload["compare.json"]
    assert frozen.manifest == verify(file).manifest


@pytest.mark.parametrize(
    ("store", "step"), [*(("sqlite", step) for step in STEPS), *(("postgres", step) for step in STEPS[3::3])]
)
def test_a_worker_killed_at_any_step_leaves_one_whole_snapshot(
    new_services: Callable[..., Services], tmp_path: Path, clock: Clock, store: str, step: str
) -> None:
    services = open_small_register(new_services(postgres=store == "postgres"), tmp_path / "bundle")
    settings = services.settings
    command = [sys.executable, "-c", KILLED, str(settings.data_dir), step, settings.database_url]
    run = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    assert run.returncode == -signal.SIGKILL, run.stderr
    assert frozen_reviews(services) == []
    for leftover in (services.settings.data_dir / "snapshots").glob(".new-*"):
        os.utime(leftover, (0, 0))
    clock.now = datetime(2026, 9, 14, 17, tzinfo=UTC)
    assert freeze_due(services) == 1
    ((_, _, snapshot),) = frozen_reviews(services)
    assert verify(package_store.get(services.settings, snapshot.package)).manifest == snapshot.manifest
    packages = list((services.settings.data_dir / "snapshots").glob("*.zip"))
    assert [f.stem for f in packages] == [snapshot.package], "the same bytes came out again"
    assert not list((services.settings.data_dir / "snapshots").glob(".new-*"))


def test_two_workers_freeze_it_once(small: Services, clock: Clock) -> None:
    clock.now = YEARLY_REVIEW_DUE
    other = build_services(small.settings, clock=clock)
    done: list[int] = []
    threads = [threading.Thread(target=lambda s=s: done.append(freeze_due(s))) for s in (small, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(done) == 2
    assert len(frozen_reviews(small)) == 1
    other.close()


def test_the_running_worker_freezes_when_the_hour_comes(
    small: Services, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "uptake.worker")
    clock.now = YEARLY_REVIEW_DUE - timedelta(seconds=30)
    stop = threading.Event()
    worker = threading.Thread(target=run_worker, args=(small, stop))
    worker.start()
    try:
        wait_until(lambda: "the worker runs" in caplog.text, waits_for="the worker to start")
        clock.now = YEARLY_REVIEW_DUE + timedelta(seconds=1)
        wait_until(lambda: frozen_reviews(small), waits_for="the frozen review")
    finally:
        stop.set()
        worker.join(120)
    assert [(r, d) for r, d, _ in frozen_reviews(small)] == [("yearly", "2026-09-14")]


def test_refusals_name_what_is_wrong(small: Services, clock: Clock) -> None:
    freeze_review(small, "small", "ten", by="ana")
    cases: list[tuple[dict[str, Any], str]] = [
        ({"review": "ten"}, "The review “ten” of 2024-02-17 is already frozen, as known at 2026-03-02T12:00:00"),
        ({"review": "twenty"}, "There is no review “twenty”. Use one of: ten, yearly."),
        ({"review": "ten", "as_of": "2024-02-18"}, "The review “ten” is not due on 2024-02-18."),
        (
            {"review": "yearly", "as_of": "2030-09-14"},
            "is not over yet. It will be frozen at 2030-09-14T15:00:00.000000Z.",
        ),
        (
            {"review": "yearly", "as_of": "2025-09-14", "known_at": datetime(2025, 9, 14, 14, tzinfo=UTC)},
            "is before the end of the review’s day, 2025-09-14. Enter a later time.",
        ),
        (
            {"review": "yearly", "as_of": "2025-09-14", "known_at": datetime(2030, 1, 1, tzinfo=UTC)},
            "is in the future. Enter today or an earlier date.",
        ),
    ]
    for arguments, message in cases:
        review = arguments.pop("review")
        with pytest.raises(Refused) as refused:
            freeze_review(small, "small", review, by="ana", **arguments)
        assert message in str(refused.value)
    before = ReviewSchedule(id="early", title="Early", as_of="1999-01-01")
    small.execute(c.ScheduleReview("small", schedule=before), by="ana")
    with pytest.raises(Refused, match="No recommendation was on the scorecard of “small” on 1999-01-01."):
        freeze_review(small, "small", "early", by="ana")
    assert len(frozen_reviews(small)) == 1


def test_a_full_disk_leaves_no_part_of_a_package(small: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(
        Refused, match="The package cannot be saved: No space left on device. The review was not frozen."
    ):
        freeze_review(small, "small", "ten", by="ana")
    monkeypatch.undo()
    folder = small.settings.data_dir / "snapshots"
    assert list(folder.iterdir()) == []
    assert frozen_reviews(small) == []
