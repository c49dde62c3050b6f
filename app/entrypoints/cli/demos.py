"""The command that loads a demonstration register."""

import click

from app.entrypoints.cli.common import open_services, show_progress
from app.entrypoints.cli.rights import actor_of
from app.services.demos import demo_names, load_demo


@click.command(epilog=f"NAME is one of: {', '.join(demo_names())}.")
@click.argument("name")
@click.option("--by", default="operator", metavar="PERSON", help="Who loads it (an id).", show_default=True)
def demo(name: str, by: str) -> None:
    """Load an invented register to try Uptake with, and open it.

    Its sheet is imported as an office imports its own. Every page says that it is invented.
    """
    with open_services(create=True) as services, show_progress("Importing the sheet …"):
        register = load_demo(services, actor_of(services, by), name)
    click.echo(f"Loaded and opened the register “{register}”.")


COMMANDS = (demo,)
