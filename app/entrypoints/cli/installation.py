"""Commands about the installation: projections, doctor, restore."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from app.adapters.settings import read_settings
from app.entrypoints.cli.common import as_json, composition, open_services, print_json, show_progress
from app.entrypoints.cli.group import CommandGroup
from app.services.operations.backups.restore import restore_backup as put_all_back
from app.services.operations.doctor import examine
from app.services.removals.after_restore import remove_again
from app.services.removals.overwriting import overwrite_files
from app.services.removals.removal_list import removals_of
from app.services.transparency.log_length import describe, missing_end
from domain.times import from_microseconds, written
from projections.engine.differences import differences, row_count
from projections.engine.position import position_of


@click.group(cls=CommandGroup)
def projections() -> None:
    """The tables behind pages, built from the log. They can be rebuilt at any time."""


@projections.command()
@as_json
def status(as_json: bool) -> None:
    """Show how many events and rows each projection has."""
    with open_services() as services:
        last, _ = services.log.last()
        with services.views.connect() as db:
            position = position_of(db)
            rows = [
                {"projection": p.name, "version": p.version, "rows": row_count(db, p)}
                for p in services.views.projections
            ]
        generation = services.views.current()
    behind = last - position.row
    stamp = written(from_microseconds(position.stamp)) if position.stamp else None
    if as_json:
        print_json(
            {
                "generation": generation,
                "events_applied": position.count,
                "last_stamp": stamp,
                "behind": behind,
                "projections": rows,
            }
        )
        return
    table = Table("projection", "version", "rows")
    for row in rows:
        table.add_row(str(row["projection"]), str(row["version"]), f"{row['rows']:,}")
    Console().print(table)
    click.echo(
        f"{position.count:,} events applied, the last of {stamp or 'no time yet'}; {behind} to go. ({generation})"
    )


@projections.command()
def rebuild() -> None:
    """Rebuild all tables from the log, then swap them in."""
    with open_services() as services, show_progress("Rebuilding from the first event …"):
        name = services.views.rebuild()
        count = services.views.position().count
    click.echo(f"Rebuilt from {count:,} events as {name}.")


@projections.command()
def prune() -> None:
    """Delete tables that this version of Uptake does not use: those of earlier versions, and of rebuilds that ended.

    A version that still runs beside this one, or that you go back to, builds its own again.
    """
    with open_services() as services:
        names = services.views.prune()
    click.echo(f"Deleted {', '.join(names)}." if names else "There is nothing to delete.")


@projections.command()
def check() -> None:
    """Rebuild a copy of the tables and compare every row."""
    with open_services() as services, show_progress("Rebuilding a copy of the tables …"):
        services.catch_up()
        name = services.views.build()
        try:
            with (
                services.views.connect() as live,
                services.views.store.engine(name, writing=False).connect() as fresh,
            ):
                sentences = differences(live, fresh, tuple(services.views.projections))
                count = position_of(live).count
        finally:
            services.views.discard(name)
    for sentence in sentences:
        click.echo(sentence, err=True)
    if sentences:
        click.echo("Run “uptake projections rebuild” to build the tables again.", err=True)
        raise SystemExit(1)
    click.echo(f"All rows match the log of {count:,} events.")


@click.command()
@as_json
def doctor(as_json: bool) -> None:
    """Check this installation and list problems."""
    findings = examine(read_settings(), composition().build)
    if as_json:
        print_json(findings)
    else:
        for finding in findings:
            click.echo(f"{'ok   ' if finding.ok else 'WRONG'} {finding.sentence}")
    if not all(f.ok for f in findings):
        raise SystemExit(1)


@click.command()
@click.argument("src", type=click.Path(path_type=Path))
def restore(src: Path) -> None:
    """Restore a backup into a new installation."""
    settings = read_settings()
    with show_progress("Restoring the backup …"):
        manifest = put_all_back(settings, src)
    click.echo(f"{manifest['rows']['log']['stored_events']:,} events are restored, as of {manifest['made_at']}.")
    if removed := removals_of(settings):
        services = composition().build(settings)
        done = remove_again(services, removed)
        problems = overwrite_files(services)
        services.close()
        for sentence in done.sentences:
            click.echo(sentence)
        for sentence in (*done.problems, *problems):
            click.echo(f"Look at this: {sentence}", err=True)
    click.echo("If a list of removals is newer than this backup: “uptake removals again FILE”.")
    click.echo("Check them with “uptake log verify”. “uptake up” builds the pages' tables again.")
    with open_services() as services:
        services.log.read_corrections()
        if end := missing_end(settings, services.log.count, services.log.losses):
            for sentence in describe(services, end):
                click.echo(sentence, err=True)


COMMANDS = (projections, doctor, restore)
