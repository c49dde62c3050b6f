"""One run of the schedule: writes a backup, tries to restore it, and removes those that are no longer needed."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

from app.services.container import Services
from app.services.operations.backups.backup import STAGING_PREFIX, write_backup
from app.services.operations.backups.manifest import MANIFEST, read_manifest
from app.services.operations.backups.retention import KeptBackup, Retention, removable
from app.services.operations.backups.runs import BackupRun, backup_runs_of, change_run, forget_run, start_run
from app.services.operations.backups.trial_restore import OpenServices, TrialRestore, remove_abandoned, try_restore
from domain.errors import Refused
from domain.times import instant, written

REMOVED_PREFIX = ".uptake-removed-"
"""A backup gets another name before it is deleted, so that a half deleted one does not look whole."""


MISSING_FOR = timedelta(days=366)
"""For so long a backup that is not in the folder is remembered: its disk may be mounted again."""


class ScheduledResult(Struct, frozen=True):
    backup: Path
    trial: TrialRestore
    removed: list[str]


class ListedBackup(Struct, frozen=True):
    """A backup in a folder. `tried_at` and `problem` are known of scheduled backups of this installation only."""

    name: str
    made_at: str | None
    events: int
    bytes: int
    tried_at: str | None
    problem: str


def run_scheduled_backup(services: Services, open_services: OpenServices) -> ScheduledResult:
    """Write, try and clean up. Raises `Refused` or `OSError` if no backup was written, which is recorded too."""
    folder = backup_folder(services)
    now = services.clock()
    name = f"uptake-{now:%Y%m%dT%H%M%SZ}"
    start_run(services.jobs, name, now)
    try:
        _check_folder(folder)
        write_backup(services, folder / name)
    except Exception as e:
        change_run(services.jobs, name, problem=str(e).splitlines()[0])
        raise
    change_run(services.jobs, name, made_at=written(services.clock()))
    trial = try_backup(services, folder / name, open_services)
    return ScheduledResult(folder / name, trial, _clean_up(services, folder))


def try_backup(services: Services, src: Path, open_services: OpenServices) -> TrialRestore:
    """Try a backup, and record the result if it is one of the schedule."""
    trial = try_restore(services.settings, src, open_services)
    if services.settings.backup_dir == src.absolute().parent:
        problem = " ".join(trial.problems)
        change_run(services.jobs, src.name, tried_at=written(services.clock()), problem=problem)
    return trial


def backup_folder(services: Services) -> Path:
    """The folder of the schedule. Raises `Refused` if there is none."""
    if services.settings.backup_dir is None:
        raise Refused("No folder for backups is set. Set UPTAKE_BACKUP_DIR.")
    return services.settings.backup_dir


def list_backups(folder: Path, runs: list[BackupRun]) -> list[ListedBackup]:
    """The backups in a folder, and the runs that made none, newest first; a backup may have gone to another folder."""
    runs_by_name = {run.name: run for run in runs}
    found = []
    for path in {p.parent for p in folder.glob(f"*/{MANIFEST}") if not p.parent.name.startswith(".")}:
        run = runs_by_name.pop(path.name, None)
        try:
            manifest = read_manifest(path)
        except Refused as refused:
            found.append(ListedBackup(path.name, None, 0, 0, None, str(refused)))
            continue
        size = sum((path / name).stat().st_size for name in manifest["files"] if (path / name).is_file())
        tried_at, problem = (run.tried_at, run.problem) if run else (None, "")
        events = manifest["rows"]["log"]["stored_events"]
        found.append(ListedBackup(path.name, manifest["made_at"], events, size, tried_at, problem))
    found += [
        ListedBackup(r.name, None, 0, 0, r.tried_at, r.problem or "It has not ended yet.")
        for r in runs_by_name.values()
        if not r.made_at
    ]
    return sorted(found, key=lambda b: (b.made_at or "", b.name), reverse=True)


def _check_folder(folder: Path) -> None:
    """Raise `Refused` unless the folder is there: the disk that should be mounted may not be."""
    if not folder.is_dir():
        raise Refused(f"There is no folder {folder} for backups. Create it, or mount its disk.")
    for prefix in (STAGING_PREFIX, REMOVED_PREFIX):
        remove_abandoned(folder, prefix)


def _clean_up(services: Services, folder: Path) -> list[str]:
    """Remove backups of the schedule that are no longer needed; returns their names. Others are never touched."""
    settings, kept = services.settings, []
    for run in backup_runs_of(services.jobs):
        if run.made_at and (folder / run.name).is_dir():
            kept.append(KeptBackup(run.name, instant(run.made_at), run.has_passed))
        elif _is_forgotten(run, services.clock()):
            forget_run(services.jobs, run.name)
    retention = Retention(settings.backup_keep_daily, settings.backup_keep_weekly, settings.backup_keep_monthly)
    removed = [backup.name for backup in removable(kept, retention)]
    for name in removed:
        hidden = (folder / name).rename(folder / f"{REMOVED_PREFIX}{name}")
        forget_run(services.jobs, name)
        shutil.rmtree(hidden, ignore_errors=True)
    return removed


def _is_forgotten(run: BackupRun, now: datetime) -> bool:
    """Whether a run without a backup in the folder failed, or its backup is missing for long."""
    return instant(run.made_at) < now - MISSING_FOR if run.made_at else bool(run.problem)


def describe(result: ScheduledResult) -> Iterator[str]:
    """Sentences about a run."""
    yield f"{result.backup} holds {result.trial.events:,} events and {result.trial.files} files."
    yield from (f"{result.backup.name} was not restored in a trial: {problem}" for problem in result.trial.problems)
    yield from (f"{name} was removed: it is older than what the settings keep." for name in result.removed)
