"""Starts scheduled backups as a process with the lowest priority, which ends with the worker."""

import subprocess
import sys

from sqlalchemy import Engine

from app.adapters.parent_watch import supervised
from app.services.container import Services
from app.services.operations.backups.runs import backup_runs_of, is_due

_running: list["subprocess.Popen[bytes]"] = []
"""The process of the last backup, until it ended and was waited for."""


def start_due_backup(services: Services, jobs: Engine) -> None:
    """Start a backup if one is due and none runs. Its result is recorded, so this does not wait for it."""
    _running[:] = [process for process in _running if process.poll() is None]
    if not _running and is_due(services.settings, backup_runs_of(jobs), services.clock()):
        _running.append(subprocess.Popen([sys.executable, "-m", "app.bootstrap", "backup", "run"], env=supervised()))
