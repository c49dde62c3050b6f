"""The command that moves an installation between SQLite and PostgreSQL."""

from pathlib import Path

import click
from msgspec.structs import replace

from app.adapters.setting_values import parse_setting
from app.adapters.settings import Settings, read_settings
from app.adapters.store_marks import describe_store
from app.entrypoints.cli.common import counted, show_progress
from app.services.operations.moving.move import give_up, move_store
from domain.errors import Refused


@click.command("migrate-store")
@click.option("--from", "source", metavar="STORE", help="The store to move: a folder, or postgresql://…")
@click.option("--to", "target", metavar="STORE", help="The empty store to fill: a folder, or postgresql://…")
@click.option("--undo", is_flag=True, help="Give the move up, also a finished one: the source can be used again.")
def migrate_store(source: str | None, target: str | None, undo: bool) -> None:
    """Move an installation between SQLite (a folder) and PostgreSQL, in either direction, while it is stopped.

    A store that is not named is that of the settings. Of PostgreSQL the files stay in UPTAKE_DATA_DIR. Run it again
    if it was interrupted: it goes on where it stopped.
    """
    settings = read_settings()
    old, new = _store(settings, source, "--from"), _store(settings, target, "--to")
    if undo:
        give_up(old, new)
        click.echo(f"The move is given up. The store {describe_store(old)} can be used again.")
        click.echo(f"Delete the one {describe_store(new)}: nothing starts on it.")
        return
    with show_progress("Moving …"):
        result = move_store(old, new)
    click.echo(
        f"The store is {describe_store(new)} now, with {counted(result.events, 'event', 'events')}, "
        f"{counted(result.rows, 'other row', 'other rows')} and {counted(result.files, 'file', 'files')} copied; "
        f"{counted(result.checkpoints, 'checkpoint confirms', 'checkpoints confirm')} the log."
    )
    click.echo(f"Its files are in {new.data_dir.absolute()}.")
    click.echo(f"Root: {result.root}")
    click.echo("Let the settings name it, and start Uptake. The old store is unchanged, and nothing starts on it.")


def _store(settings: Settings, text: str | None, option: str) -> Settings:
    """The settings with which a store is opened."""
    if text is None:
        return settings
    if not text.strip():
        raise Refused(f"{option} is empty. Name a folder or an address of PostgreSQL, or leave the option out.")
    if "://" not in text:
        return replace(settings, data_dir=Path(text).absolute(), database_url="")
    try:
        return replace(settings, database_url=parse_setting("database_url", text))
    except ValueError as e:
        raise Refused(f"{option}: {e}.") from None


COMMANDS = (migrate_store,)
