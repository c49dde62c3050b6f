"""Scheduled backups: written while others write, tried by a restore, kept by a rule, and reported where people look."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.adapters.jobs_db.tables import open_jobs
from app.adapters.settings import Settings, read_settings
from app.bootstrap.command_line import main
from app.bootstrap.container import build_services
from app.bootstrap.flask_app import create_app
from app.entrypoints.worker.schedule import backup
from app.services.accounts import people
from app.services.accounts.actors import Operator
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.container import Services
from app.services.locker.copies import check_copy, store_copy
from app.services.operations.backups.backup import write_backup
from app.services.operations.backups.retention import KeptBackup, Retention, removable
from app.services.operations.backups.runs import backup_runs_of, is_due
from app.services.operations.backups.scheduled import list_backups, run_scheduled_backup, try_backup
from app.services.snapshots.freeze import freeze_review
from app.services.transparency.checkpoints import make_checkpoint
from domain import commands as c
from domain.errors import Refused
from domain.values import Theme
from tests.support.clock import Clock
from tests.support.small_register import import_and_open
from tests.support.staff_client import Member
from tests.support.waiting import wait_until

Build = Callable[[Settings], Services]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups"


@pytest.fixture
def build(clock: Clock) -> Build:
    return lambda settings: build_services(settings, clock=clock)


def _with_schedule(services: Services, folder: Path, **settings: int) -> Services:
    services.settings = replace(services.settings, backup_dir=folder, **settings)
    return services


@contextmanager
def _writers(services: Services, build: Build) -> Iterator[None]:
    """Three connections that write events, copies of sources and checkpoints until the block ends."""
    stop, others = threading.Event(), [build(services.settings) for _ in range(3)]
    jobs = open_jobs(services.settings)

    def repeat(act: Callable[[int], object]) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            act(number)

    def add_copy(number: int) -> None:
        content = f"Copy {number} of the oath.".encode()
        with suppress(Refused):  # no more copies of one source are accepted
            store_copy(others[1], Operator("ana"), "small", "oath", check_copy(others[1], content))

    def add_theme(number: int) -> None:
        others[0].execute(c.NameTheme("small", theme=Theme(id=f"t-{number}", title="T")), by="ana")

    writers = [
        threading.Thread(target=repeat, args=(act,))
        for act in (add_theme, add_copy, lambda _number: make_checkpoint(others[2], jobs))
    ]
    try:
        for writer in writers:
            writer.start()
        yield
    finally:
        stop.set()
        for writer in writers:
            writer.join(60)
        for other in others:
            other.close()
        jobs.dispose()


def test_a_backup_under_load_passes_its_trial_on_both_stores(
    either: Services, small_bundle: Path, folder: Path, build: Build
) -> None:
    services = _with_schedule(import_and_open(either, small_bundle), folder)
    freeze_review(services, "small", "ten", by="ana")
    before = services.views.position().count
    with _writers(services, build):
        wait_until(lambda: services.log.last()[0] > before + 3, waits_for="the writers to write")
        write_backup(services, folder / "under-load")
        written_meanwhile = services.log.last()[0]
    trial = try_backup(services, folder / "under-load", build)
    assert trial.problems == []
    assert before + 3 <= trial.events <= written_meanwhile
    assert trial.checkpoints > 0
    run = run_scheduled_backup(services, build)
    assert run.trial.problems == []
    for name in ("under-load", run.backup.name):
        assert (folder / name).stat().st_mode & 0o777 == 0o700
        assert {p.stat().st_mode & 0o777 for p in (folder / name).rglob("*") if p.is_file()} == {0o600}
    assert sorted(p.name for p in folder.iterdir()) == ["under-load", run.backup.name]
    assert not list(services.settings.data_dir.glob(".uptake-trial-*")), "the scratch folder is gone"


def _rewrite(folder: Path, name: str, content: bytes | None) -> None:
    """Change a file or delete it, and the list of digests with it, as one who tampers would."""
    manifest = json.loads((folder / "manifest.json").read_text())
    file = next(file for file in manifest["files"] if file.startswith(name))
    if content is None:
        (folder / file).unlink()
        del manifest["files"][file]
    else:
        (folder / file).write_bytes(content)
        manifest["files"][file] = sha256(content).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def _remove_event(folder: Path) -> None:
    rows = (folder / "log" / "stored_events.jsonl").read_bytes().splitlines(keepends=True)
    _rewrite(folder, "log/stored_events", b"".join(rows[:-1]))


DAMAGES: list[tuple[Callable[[Path], object], str]] = [
    (_remove_event, r"The checkpoint over \d+ events does not fit"),
    (lambda f: _rewrite(f, "log/stored_events", b"{}\n"), "It cannot be restored"),
    (lambda f: _rewrite(f, "locker/", None), "The copy of a source .* is missing from the backup"),
    (lambda f: _rewrite(f, "snapshots/", None), "The package of the review “ten” .* is missing from the backup"),
    (lambda f: (f / "keys" / "signing.pem").write_bytes(b"x"), "signing.pem has changed since the backup was made"),
    (lambda f: (f / "manifest.json").write_text("{}"), "is not a backup"),
    (lambda f: (f / "manifest.json").write_text('{"format": "uptake-backup-1", "files": []}'), "is not a backup"),
]


def test_each_kind_of_damage_fails_the_trial_and_is_shown_to_those_who_can_act(
    small: Services, staff_app: Flask, member: Callable[[str], Member], folder: Path, build: Build
) -> None:
    services = _with_schedule(small, folder)
    freeze_review(services, "small", "ten", by="ana")
    store_copy(services, Operator("ana"), "small", "oath", check_copy(services, b"A copy of the oath."))
    jobs = open_jobs(services.settings)
    make_checkpoint(services, jobs)
    jobs.dispose()
    ada, ben = member("ada"), member("ben")
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "person-ada"), ALL_REGISTERS, StaffRole.ADMINISTRATOR)
    ready = staff_app.test_client()
    assert "No backup has passed a trial restore yet." in ada.get("/staff/").text
    assert "No backup has passed" in str(ready.get("/readyz").json["warnings"])
    intact = run_scheduled_backup(services, build)
    assert intact.trial.problems == []
    answer = ready.get("/readyz").json
    assert answer["trial_restore_seconds"] == 0
    assert not [warning for warning in answer["warnings"] if "backup" in warning]
    assert "The backups work" in ada.get("/staff/").text
    assert "trial restore" not in ben.get("/staff/").text, "only administrators of the installation can act on it"
    shutil.copytree(intact.backup, folder.with_name("intact"))
    for damage, expected in DAMAGES:
        damage(intact.backup)
        assert re.search(expected, " ".join(try_backup(services, intact.backup, build).problems)), expected
        shutil.rmtree(intact.backup)
        shutil.copytree(folder.with_name("intact"), intact.backup)
        response = ready.get("/readyz")
        assert response.status_code == 200, "pages work without a backup"
        assert "The trial restore of the backup of 2026-03-03 failed." in str(response.json["warnings"])
    assert "The trial restore of the backup of 3 March 2026 failed." in ada.get("/staff/").text
    with services.accounts.work() as db:
        people.find_user(db, "person-ada").language = "ko"
    assert "시험 복원에 실패했습니다" in ada.get("/staff/").text


def test_a_trial_that_is_too_old_is_a_warning_and_a_failed_backup_is_tried_again(
    small: Services, folder: Path, build: Build
) -> None:
    services, now = _with_schedule(small, folder, backup_hours=6), small.clock()
    jobs = open_jobs(services.settings)
    client = create_app(services).test_client()

    def due_after(hours: float) -> bool:
        return is_due(services.settings, backup_runs_of(jobs), now + timedelta(hours=hours))

    assert due_after(0), "the first one"
    run_scheduled_backup(services, build)
    assert (due_after(5.9), due_after(6)) == (False, True)
    services.clock.go_on(hours=15)  # type: ignore[attr-defined]
    assert "backup" not in str(client.get("/readyz").json["warnings"])
    services.clock.go_on(hours=2)  # type: ignore[attr-defined]
    response = client.get("/readyz")
    assert response.status_code == 200
    assert "No backup has passed a trial restore since 2026-03-03." in str(response.json["warnings"])
    folder.rename(folder.with_name("unmounted"))
    with pytest.raises(Refused, match="There is no folder .* Create it, or mount its disk"):
        run_scheduled_backup(services, build)
    assert "The backup of 2026-03-04 failed." in str(client.get("/readyz").json["warnings"])
    assert not folder.exists(), "nothing is written where the disk is missing"
    assert (due_after(17.9), due_after(18)) == (False, True), "an hour after it failed"
    folder.with_name("unmounted").rename(folder)
    services.clock.go_on(hours=1)  # type: ignore[attr-defined]
    run_scheduled_backup(services, build)
    assert "backup" not in str(client.get("/readyz").json["warnings"])
    assert [run.problem for run in backup_runs_of(jobs)] == ["", ""]
    jobs.dispose()


@given(
    st.lists(st.tuples(st.integers(0, 900), st.booleans()), max_size=40, unique_by=lambda pair: pair[0]),
    st.builds(Retention, st.integers(0, 9), st.integers(0, 6), st.integers(0, 13)),
)
def test_retention_never_removes_the_newest_verified_backup(ages: list[tuple[int, bool]], keep: Retention) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    backups = [KeptBackup(str(age), start + timedelta(hours=20 * age), ok) for age, ok in ages]
    removed = removable(backups, keep)
    verified = [b for b in backups if b.is_verified]
    if not verified:
        assert removed == []
        return
    newest = max(verified, key=lambda b: b.made_at)
    assert newest not in removed
    left = [b for b in backups if b not in removed]
    assert removable(left, keep) == [], "what is kept once is kept by the next run"
    assert sum(b.is_verified for b in left) <= 2 + keep.daily + keep.weekly + keep.monthly


def test_retention_keeps_days_weeks_and_months() -> None:
    start = datetime(2026, 1, 1, 3, tzinfo=UTC)
    backups = [KeptBackup(f"{start + timedelta(days=n):%m-%d}", start + timedelta(days=n), True) for n in range(90)]
    left = {b.name for b in backups} - {b.name for b in removable(backups, Retention(3, 2, 4))}
    assert left == {"03-31", "03-30", "03-29", "02-28", "01-31"}


def test_a_killed_backup_leaves_nothing_that_looks_like_one(small: Services, folder: Path, build: Build) -> None:
    """The process ends when everything is written and nothing is yet on the disk: the worst moment."""
    environment = os.environ | {"UPTAKE_DATA_DIR": str(small.settings.data_dir), "UPTAKE_BACKUP_DIR": str(folder)}
    script = (
        "import os, app.services.operations.backups.backup as b; b._flush = lambda _: os.kill(os.getpid(), 9);"
        "from app.bootstrap.command_line import main; main()"
    )
    killed = subprocess.run([sys.executable, "-c", script, "backup", "run"], env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    (left,) = folder.iterdir()
    assert left.name.startswith(".uptake-backup-")
    assert (left / "manifest.json").is_file(), "it was that far"
    assert list_backups(folder, []) == []
    long_ago = left.stat().st_mtime - 90_000
    os.utime(left, (long_ago, long_ago))
    run = run_scheduled_backup(_with_schedule(small, folder), build)
    assert list(folder.iterdir()) == [run.backup], "a day later it is removed"


def test_the_worker_runs_the_schedule_in_a_process_of_its_own(
    small: Services, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = _with_schedule(small, folder)
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(services.settings.data_dir))
    monkeypatch.setenv("UPTAKE_BACKUP_DIR", str(folder))
    jobs = open_jobs(services.settings)
    backup(services)
    backup(services)  # one is enough
    (run,) = wait_until(lambda: [run for run in backup_runs_of(jobs) if run.tried_at], waits_for="the trial")
    assert run.has_passed, run.problem
    backup(services)
    assert [path.name for path in folder.iterdir()] == [run.name]
    jobs.dispose()
    command = CliRunner()
    listed = json.loads(command.invoke(main, ["backup", "list", "--json"]).output)
    assert [(b["name"], b["events"], b["problem"]) for b in listed] == [(run.name, small.views.position().count, "")]
    assert "passed at" in command.invoke(main, ["backup", "list"]).output
    verified = command.invoke(main, ["backup", "verify", str(folder / run.name)])
    assert (verified.exit_code, "can be restored" in verified.output) == (0, True), verified.output
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(folder.parent / "another machine"))
    verified = command.invoke(main, ["backup", "verify", str(folder / run.name)])
    assert (verified.exit_code, "can be restored" in verified.output) == (0, True), verified.output
    with (folder / run.name / "log" / "claims.jsonl").open("a") as file:
        file.write("{}")
    verified = command.invoke(main, ["backup", "verify", str(folder / run.name)])
    assert (verified.exit_code, "has changed since" in verified.output) == (1, True)


def test_a_folder_for_backups_in_the_data_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="both would be lost together"):
        read_settings({"UPTAKE_DATA_DIR": str(tmp_path), "UPTAKE_BACKUP_DIR": str(tmp_path / "backups")}, tmp_path)


def test_a_disk_that_is_not_mounted_makes_no_backup_forgotten(
    small: Services, folder: Path, build: Build, clock: Clock
) -> None:
    """The folder under the mount point is there and empty, and the next backup goes into it."""
    services = _with_schedule(small, folder)
    first = run_scheduled_backup(services, build).backup
    disk = folder.rename(folder.with_name("disk"))
    folder.mkdir()
    clock.go_on(days=1)
    second = run_scheduled_backup(services, build).backup
    jobs = open_jobs(services.settings)
    assert {run.name for run in backup_runs_of(jobs)} == {first.name, second.name}
    assert [b.name for b in list_backups(folder, backup_runs_of(jobs))] == [second.name], "it went to another disk"
    clock.go_on(days=366)
    third = run_scheduled_backup(services, build).backup
    assert {run.name for run in backup_runs_of(jobs)} == {second.name, third.name}, "a year later it is"
    jobs.dispose()
    assert (disk / first.name).is_dir()
