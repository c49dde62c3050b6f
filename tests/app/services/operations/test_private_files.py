"""No other account of the machine can use a file of an installation, whatever the umask of its processes."""

import os
import stat
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from app.adapters.jobs_db.leader_lock import leadership
from app.adapters.process_lock import process_lock
from app.adapters.settings import Settings
from app.bootstrap.command_line import main
from app.bootstrap.container import build_services
from app.bootstrap.flask_app import create_app
from app.entrypoints.worker.review_freezing import freeze_due
from app.services.operations.backups.backup import write_backup
from app.services.operations.backups.restore import restore_backup
from app.services.operations.doctor import examine
from app.services.transparency.signing_keys import rotate_signing_key
from tests.support.bundles import write_small_bundle
from tests.support.clock import Clock
from tests.support.processes import served
from tests.support.reviews import YEARLY_REVIEW_DUE
from tests.support.small_register import import_and_open


@pytest.fixture
def open_umask() -> Iterator[None]:
    """Without restraint, each file that is made can be used by all."""
    before = os.umask(0)
    yield
    os.umask(before)


def shared(folder: Path) -> list[str]:
    """What other accounts can use in a folder, with its mode."""
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}
    return sorted(f"{path.relative_to(folder)} {mode:o}" for path, mode in modes.items() if mode & 0o077)


def test_after_a_whole_story_every_file_is_private(open_umask: None, clock: Clock, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "deep" / "store", trial=True)
    services = build_services(settings, create=True, clock=clock)
    import_and_open(services, write_small_bundle(tmp_path / "small"))
    create_app(services)
    services.blobs.put(b"a copy of a source")
    services.mark_copies_changed()
    clock.now = YEARLY_REVIEW_DUE
    assert freeze_due(services) == 1
    rotate_signing_key(settings)
    services.views.rebuild()
    with leadership(settings) as leads, process_lock(settings, "form-a") as holds:
        assert leads
        assert holds
        assert shared(settings.data_dir) == []
    write_backup(services, tmp_path / "backup")
    assert shared(tmp_path / "backup") == []
    for path in (tmp_path / "backup").rglob("*"):  # copied by a program that opens everything
        path.chmod(0o777 if path.is_dir() else 0o666)
    restored = replace(settings, data_dir=tmp_path / "restored")
    restore_backup(restored, tmp_path / "backup")
    assert {path.name for path in settings.data_dir.iterdir()} >= {
        *("log.sqlite", "log.sqlite-wal", "jobs.sqlite", "accounts.sqlite", "views", "keys", "locker", "snapshots"),
        *("checkpoints.txt", "worker.lock"),
    }
    services.close()
    assert shared(settings.data_dir) == shared(tmp_path / "deep") == shared(restored.data_dir) == []


def test_files_of_processes_that_run_are_private(open_umask: None, tmp_path: Path) -> None:
    build_services(Settings(data_dir=tmp_path / "store"), create=True).close()
    with served("up", tmp_path / "store", UPTAKE_METRICS_TOKEN="secret", UPTAKE_WEB_PROCESSES="1") as address:
        urllib.request.urlopen(f"{address}/", timeout=60).close()
        assert list((tmp_path / "store" / "metrics").rglob("*.db"))
        assert shared(tmp_path / "store") == []


def test_doctor_names_files_that_others_can_use(tmp_path: Path) -> None:
    services = build_services(Settings(data_dir=tmp_path / "store", trial=True), create=True)
    settings = services.settings
    services.close()
    findings = examine(settings, build_services)
    assert f"Only this account can use the files in {settings.data_dir}." in [f.sentence for f in findings if f.ok]
    (settings.data_dir / "log.sqlite").chmod(0o644)
    wrong = [f.sentence for f in examine(settings, build_services) if not f.ok and "worker" not in f.sentence]
    expected = f"Other accounts of this machine can use {settings.data_dir / 'log.sqlite'}. "
    assert wrong == [f"{expected}Run “chmod -R go= {settings.data_dir}”."]


def test_a_store_of_commands_is_private(open_umask: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(tmp_path / "store"))
    for command in (["init"], ["log", "accept-clock"], ["projections", "rebuild"]):
        assert CliRunner().invoke(main, command).exit_code == 0
    assert CliRunner().invoke(main, ["doctor"]).stdout.count("WRONG") == 1, "no worker has run"
    assert shared(tmp_path / "store") == []
