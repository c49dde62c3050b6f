"""A log that was replaced by an older copy of itself is named, takes nothing, and goes on only under another origin."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from app.adapters.jobs_db.tables import open_jobs
from app.adapters.settings import Settings
from app.bootstrap.command_line import main
from app.bootstrap.container import build_services
from app.bootstrap.flask_app import create_app
from app.entrypoints.worker.schedule import checkpoint
from app.services.container import Services
from app.services.operations.backups.backup import write_backup
from app.services.operations.backups.restore import restore_backup
from app.services.snapshots.freeze import freeze_review
from app.services.transparency import checkpoints
from app.services.transparency.log_length import accept_loss
from app.services.transparency.log_verification import verify
from app.services.transparency.signed_notes import parse_note
from app.services.transparency.signing_keys import checkpoint_key
from domain import commands as c
from domain.errors import LogIsOlder, Refused
from domain.log.events import LossAccepted
from domain.values import Theme
from tests.support.clock import Clock
from tests.support.postgres import fresh_database
from tests.support.small_register import import_and_open

Make = Callable[..., Services]


def _add_theme(services: Services, ident: str) -> None:
    services.execute(c.NameTheme("small", theme=Theme(id=ident, title="Theme")), by="ana")


def _sign(services: Services) -> str | None:
    jobs = open_jobs(services.settings)
    try:
        return checkpoints.make_checkpoint(services, jobs)
    finally:
        jobs.dispose()


@pytest.fixture(params=[False, True], ids=["SQLite", "PostgreSQL"])
def restored(
    request: pytest.FixtureRequest, new_services: Make, small_bundle: Path, tmp_path: Path, clock: Clock
) -> Services:
    """A backup, restored where the file of checkpoints on another disk knows of three later entries."""
    services = import_and_open(new_services(postgres=request.param), small_bundle)
    services.settings = replace(services.settings, checkpoint_file=tmp_path / "other-disk" / "checkpoints.txt")
    _sign(services)
    write_backup(services, tmp_path / "backup")
    for ident in ("one", "two", "three"):
        _add_theme(services, ident)
    _sign(services)
    target = Settings(
        data_dir=tmp_path / "restored",
        database_url=fresh_database() if request.param else "",
        checkpoint_file=services.settings.checkpoint_file,
    )
    restore_backup(target, tmp_path / "backup")
    back = build_services(target, clock=clock)
    request.addfinalizer(back.close)
    back.catch_up()
    return back


def test_nothing_is_recorded_until_the_loss_is_accepted_and_then_it_is_another_log(
    restored: Services, clock: Clock
) -> None:
    kept, file = restored.log.count(), checkpoints.archive_file(restored.settings)
    assert [parse_note(note)[0].size for note in checkpoints.archived_notes(file)] == [kept, kept + 3]
    with pytest.raises(LogIsOlder, match=f"it has {kept} entries, and {kept + 3} were signed"):
        _add_theme(restored, "other")
    assert restored.log.count() == kept
    report = verify(restored)
    assert any(f"The checkpoint over {kept + 3} events does not fit" in problem for problem in report.problems)
    (lost,) = checkpoints.archived_notes(file)[1:]
    before = checkpoint_key(restored.settings).name
    with pytest.raises(Refused, match="Enter how the entries were lost"):
        accept_loss(restored, " ")
    loss = accept_loss(restored, "The disk broke; the newest backup was of Monday.")
    assert (loss.origin, loss.kept, loss.signed) == (before, kept, kept + 3)
    assert loss.root in lost
    assert checkpoint_key(restored.settings).name == loss.continues_as != before
    _add_theme(restored, "other")
    for ident in ("four", "five"):
        _add_theme(restored, ident)
    note = _sign(restored)
    assert note is not None
    assert parse_note(note)[0].origin == loss.continues_as, "a witness sees another log, not a fork"
    report = verify(restored, [lost])
    assert report.problems == []
    assert f"entries {kept + 1} to {kept + 3} of {before} were lost" in report.losses[0]
    assert lost in checkpoints.archived_notes(file), "what was signed stays on record"
    other = build_services(restored.settings, clock=clock)
    _add_theme(other, "six")
    other.close()
    with pytest.raises(Refused, match="has all that was signed"):
        accept_loss(restored, "Again.")


def test_an_older_file_of_the_log_is_named_everywhere(
    small: Services, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Only the file of the log is put back; a package and a checkpoint in the database know of more."""
    settings, log = small.settings, small.settings.data_dir / "log.sqlite"
    small.tracker.close()
    shutil.copyfile(log, tmp_path / "old.sqlite")
    services = build_services(settings, clock=clock)
    kept = services.log.count()
    _sign(services)
    _add_theme(services, "one")
    freeze_review(services, "small", "ten", by="ana")
    services.close()
    (settings.data_dir / "checkpoints.txt").unlink()
    for file in settings.data_dir.glob("log.sqlite*"):
        file.unlink()
    shutil.copyfile(tmp_path / "old.sqlite", log)
    log.chmod(0o600)

    services = build_services(settings, clock=clock)
    jobs = open_jobs(settings)
    signed = len(checkpoints.stored_notes(jobs))
    checkpoint(services)
    assert len(checkpoints.stored_notes(jobs)) == signed, "no fork is signed"
    assert "does not continue its tables of" in caplog.text
    jobs.dispose()
    warnings = create_app(services).test_client().get("/readyz").json["warnings"]
    assert any(f"it has {kept} entries" in warning for warning in warnings)
    services.close()

    monkeypatch.setenv("UPTAKE_DATA_DIR", str(settings.data_dir))
    run = CliRunner()
    doctor = run.invoke(main, ["doctor"])
    assert doctor.exit_code == 1
    assert f"it has {kept} entries, the last of 2026-03-0" in doctor.output
    assert f"Entries {kept + 1} to " in doctor.output
    assert "The review “ten” of 2024-02-17 in “small” was frozen after what is here." in doctor.output
    assert "run “uptake log accept-loss”" in doctor.output
    accepted = run.invoke(main, ["log", "accept-loss", "--reason", "Someone copied an old file."])
    assert "Say so to witnesses" in accepted.output, accepted.output
    assert "The log has all entries that" in run.invoke(main, ["doctor"]).output
    verified = run.invoke(main, ["log", "verify"])
    assert (verified.exit_code, "were lost: “Someone copied an old file.”" in verified.output) == (0, True)
    services = build_services(settings, clock=clock)
    loss = services.log.losses or services.log.read_corrections() or services.log.losses
    assert isinstance(loss[0], LossAccepted)
    assert loss[0].packages == tuple(p.stem for p in (settings.data_dir / "snapshots").glob("*.zip"))
    services.close()
