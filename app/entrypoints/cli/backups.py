"""Commands about backups: write, run as scheduled, list and verify."""

import os
import signal
import sys
from pathlib import Path
from types import FrameType

import click
from rich.console import Console
from rich.table import Column, Table

from app.adapters.parent_watch import end_with_supervisor
from app.adapters.record import is_prepared
from app.adapters.settings import read_settings
from app.entrypoints.cli.common import as_json, composition, open_services, print_json, show_progress
from app.entrypoints.cli.group import CommandGroup
from app.services.operations.backups.backup import write_backup
from app.services.operations.backups.runs import RUN_TIMEOUT_SECONDS, backup_runs_of
from app.services.operations.backups.scheduled import (
    backup_folder,
    describe,
    list_backups,
    run_scheduled_backup,
    try_backup,
)
from app.services.operations.backups.trial_restore import TrialRestore, try_restore
from domain.errors import Refused

LOWEST_PRIORITY = 19


class BackupGroup(CommandGroup):
    """A first word that is not a command is the folder of `make`: `uptake backup FOLDER`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["make", *args]
        return super().parse_args(ctx, args)


@click.group(cls=BackupGroup)
def backup() -> None:
    """Write, list and verify backups. “uptake backup DEST” is short for “uptake backup make DEST”."""


@backup.command()
@click.argument("dest", type=click.Path(path_type=Path))
def make(dest: Path) -> None:
    """Write a consistent backup to a new or empty folder, while everything runs."""
    with open_services() as services, show_progress("Copying …"):
        manifest = write_backup(services, dest)
    click.echo(f"{dest} holds {manifest['rows']['log']['stored_events']:,} events and {len(manifest['files'])} files.")
    click.echo("It contains the signing keys: keep it as safe as the installation.")


@backup.command()
def run() -> None:
    """Do what the worker does: back up to UPTAKE_BACKUP_DIR, try to restore it, remove what is no longer kept.

    Runs at the lowest priority and ends after four hours.
    """
    os.nice(LOWEST_PRIORITY)
    for number in (signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, _end)
    signal.alarm(RUN_TIMEOUT_SECONDS)
    end_with_supervisor()
    with open_services() as services, show_progress("Copying, and restoring in a trial …"):
        result = run_scheduled_backup(services, composition().build)
    for sentence in describe(result):
        click.echo(sentence)
    if result.trial.problems:
        raise SystemExit(1)


@backup.command("list")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@as_json
def list_(folder: Path | None, as_json: bool) -> None:
    """List the backups in a folder, by default UPTAKE_BACKUP_DIR, newest first."""
    with open_services() as services:
        where = (folder or backup_folder(services)).absolute()
        runs = backup_runs_of(services.jobs) if where == services.settings.backup_dir else []
        backups = list_backups(where, runs)
    if as_json:
        print_json(backups)
        return
    if not where.is_dir():
        raise Refused(f"{where} is no folder. Create it, or mount its disk.")
    if not backups:
        click.echo(f"There is no backup in {where}.")
        return
    table = Table(Column("backup", no_wrap=True), "made at (UTC)", "events", "MB", "trial restore")
    for one in backups:
        result = one.problem or (f"passed at {one.tried_at[:16]}" if one.tried_at else "none yet")
        table.add_row(one.name, (one.made_at or "")[:16], f"{one.events:,}", f"{one.bytes / 1e6:,.1f}", result)
    Console(soft_wrap=not sys.stdout.isatty()).print(table)


@backup.command()
@click.argument("src", type=click.Path(path_type=Path))
@as_json
def verify(src: Path, as_json: bool) -> None:
    """Restore a backup in a trial, verify its log and check every file. Changes nothing but the recorded result.

    Works without a store too, such as on another machine. Exits with 1 if the backup cannot be relied on.
    """
    with show_progress("Restoring in a trial …"):
        trial = _try(src)
    if as_json:
        print_json(trial)
    for problem in trial.problems if not as_json else ():
        click.echo(problem, err=True)
    if trial.problems:
        raise SystemExit(1)
    if not as_json:
        click.echo(
            f"{src} can be restored: its {trial.events:,} events and {trial.files} files are unchanged, "
            f"and {trial.checkpoints:,} checkpoints confirm the log."
        )


def _try(src: Path) -> TrialRestore:
    settings, build = read_settings(), composition().build
    if not is_prepared(settings):
        return try_restore(settings, src, build)
    with open_services() as services:
        return try_backup(services, src, build)


def _end(number: int, _frame: FrameType | None) -> None:
    """Raise, so that nothing unfinished is left and the reason is recorded."""
    hours = RUN_TIMEOUT_SECONDS // 3600
    raise Refused(f"It did not end within {hours} hours." if number == signal.SIGALRM else "It was ended from outside.")


COMMANDS = (backup,)
