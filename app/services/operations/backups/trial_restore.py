"""Tries a backup: restores it into a scratch folder, builds the tables, and checks the log and every file."""

import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import select

from app.adapters.settings import Settings
from app.services.container import Services
from app.services.locker.models import StoredFile
from app.services.operations.backups.manifest import Manifest, read_manifest
from app.services.operations.backups.restore import restore_backup
from app.services.snapshots.review_schedule import review_occurrences
from app.services.transparency.log_verification import verify
from domain.errors import Refused
from projections.catalogue import queries as catalogue

SCRATCH_PREFIX = ".uptake-trial-"
ABANDONED_AFTER_SECONDS = 86_400
"""After this time a folder of an unfinished backup or trial has no process any more."""
SPACE_FACTOR = 4
"""The store and its tables need at most so many times the space of the rows in a backup."""
RESERVED_BYTES = 200 * 2**20
"""What must remain free next to a trial."""
OpenServices = Callable[[Settings], Services]

log = logging.getLogger("uptake.backup")


class TrialRestore(Struct, frozen=True):
    """What a trial found. `problems` are sentences; empty if the backup can be relied on."""

    events: int = 0
    checkpoints: int = 0
    files: int = 0
    problems: list[str] = []


def try_restore(settings: Settings, src: Path, open_services: OpenServices) -> TrialRestore:
    """Restore into SQLite in a scratch folder, which is removed afterwards. Never raises for a bad backup.

    Copies of sources and packages are read where they are, so the scratch folder contains only the store and its
    tables.
    """
    try:
        manifest = read_manifest(src)
        with scratch_folder(settings, src, manifest) as folder:
            trial = replace(settings, data_dir=folder / "data", database_url="", checkpoint_file=None, objects="")
            restore_backup(trial, src, folders=("keys",))
            services = open_services(trial)
            try:
                return _examine(services, manifest)
            finally:
                services.close()
    except Refused as refused:
        return TrialRestore(problems=[str(problem) for problem in refused.refusals])
    except Exception as e:  # a damaged file can fail anywhere, and each failure is the answer to the question
        log.exception("The trial restore of %s failed.", src)
        return TrialRestore(problems=[f"It cannot be restored: {type(e).__name__}: {str(e).splitlines()[0]}"])


@contextmanager
def scratch_folder(settings: Settings, src: Path, manifest: Manifest) -> Iterator[Path]:
    """A private folder in the data folder, or in that of temporary files if there is none. Raises `Refused`."""
    parent = settings.data_dir if settings.data_dir.is_dir() else Path(tempfile.gettempdir())
    remove_abandoned(parent, SCRATCH_PREFIX)
    rows = sum((src / name).stat().st_size for name in manifest["files"] if name.endswith(".jsonl"))
    needed, free = rows * SPACE_FACTOR + RESERVED_BYTES, shutil.disk_usage(parent).free
    if free < needed:
        raise Refused(
            f"A trial restore needs {needed // 2**20:,} MB in {parent}, and {free // 2**20:,} MB are free. "
            "Free some space, and try again."
        )
    folder = Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX, dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned(parent: Path, prefix: str) -> None:
    """Remove folders that a process left when it was killed."""
    for path in parent.glob(f"{prefix}*"):
        if time.time() - path.stat().st_mtime > ABANDONED_AFTER_SECONDS:
            shutil.rmtree(path, ignore_errors=True)


def _examine(services: Services, manifest: Manifest) -> TrialRestore:
    services.catch_up()
    report = verify(services)
    problems = [*report.problems, *_missing_files(services, set(manifest["files"]))]
    return TrialRestore(report.events, report.checkpoints, len(manifest["files"]), problems)


def _missing_files(services: Services, files: set[str]) -> Iterator[str]:
    """Names what the record or the accounts refer to and the backup lacks. The digest is the file's name."""
    with services.accounts.work() as db:
        for sha256 in sorted(set(db.scalars(select(StoredFile.sha256)))):
            if f"locker/{sha256[:2]}/{sha256}" not in files:
                yield f"The copy of a source {sha256} is missing from the backup."
    with services.views.connect() as views:
        for register in catalogue.registers(views):
            for occurrence in review_occurrences(views, register.id, services.clock().date()):
                snapshot = occurrence.preparation.snapshot
                if occurrence.preparation.withdrawal:
                    continue
                if snapshot and f"snapshots/{snapshot.package}.zip" not in files:
                    day = f"“{occurrence.schedule.id}” of {occurrence.as_of} in “{register.id}”"
                    yield f"The package of the review {day} is missing from the backup."
