"""The command that moves an installation to another store."""

from pathlib import Path

import click
from msgspec.structs import replace

from app.adapters.old_stores import deleting
from app.adapters.setting_values import parse_setting
from app.adapters.settings import Settings, read_settings
from app.adapters.store_marks import describe_store
from app.entrypoints.cli.common import counted, show_progress
from app.services.operations.moving.move import delete_old as delete_old_store
from app.services.operations.moving.move import give_up, move_store
from domain.errors import Refused


@click.command("migrate-store")
@click.option("--from", "source", metavar="STORE", help="The store to move: a folder, or postgresql://…")
@click.option("--to", "target", metavar="STORE", help="The empty store to fill: a folder, or postgresql://…")
@click.option("--undo", is_flag=True, help="Give the move up, also a finished one: the source can be used again.")
@click.option("--delete-old", is_flag=True, help="Delete only the databases and views of --from, after the move.")
def migrate_store(source: str | None, target: str | None, undo: bool, delete_old: bool) -> None:
    """Move a stopped installation from SQLite (a folder) to PostgreSQL, or back, or to another store of its kind.

    A store that is not named is that of the settings. Of PostgreSQL the files stay in UPTAKE_DATA_DIR. Run it again
    if it was interrupted: it goes on where it stopped.
    """
    settings = read_settings()
    old, new = _store(settings, source, "--from"), _store(settings, target, "--to")
    if undo and delete_old:
        raise Refused("Give either --undo or --delete-old.")
    if delete_old:
        delete_old_store(old, new)
        click.echo(f"The databases and views in {old.data_dir.absolute()} are deleted. {_files_of_folder(old, new)}")
        return
    if undo:
        give_up(old, new)
        click.echo(f"The move is given up. The store {describe_store(old)} can be used again.")
        click.echo(f"Nothing starts on the one {describe_store(new)}. {_deleting(new, old)}")
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
    click.echo(
        "Let the settings name it, run “uptake init”, then “uptake log verify”, which prints the same root, and start "
        "Uptake."
    )
    click.echo(f"The old store is unchanged, and nothing starts on it. {_deleting(old, new)}")


def _deleting(left: Settings, used: Settings) -> str:
    """How to delete what is left, and what not."""
    if left.database_url:
        return (
            f"When you are sure, drop its database; keep the folder {left.data_dir.absolute()} if the settings name it."
        )
    command = f"“{deleting(left.data_dir.absolute())}”"
    return f"When you are sure, delete its databases with {command}. {_files_of_folder(left, used)}"


def _files_of_folder(left: Settings, used: Settings) -> str:
    folder = left.data_dir.absolute()
    if used.data_dir.resolve().is_relative_to(folder.resolve()):
        return f"Delete nothing else in {folder}: keys, packages, copies and checkpoints there are in use."
    return (
        f"The other files in {folder} were copied to {used.data_dir.absolute()}: see that no setting names them first."
    )


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
