"""The command `uptake`, put together from its command families."""

import click

from app.entrypoints.cli import (
    backups,
    bundles,
    demos,
    installation,
    keys,
    log,
    mappings,
    operation,
    people,
    reading,
    removals,
    snapshots,
    staff,
    templates,
    witness,
)
from app.entrypoints.cli.common import Composition
from app.entrypoints.cli.group import CommandGroup

COMMANDS = (
    *operation.COMMANDS,
    *bundles.COMMANDS,
    *mappings.COMMANDS,
    *demos.COMMANDS,
    *templates.COMMANDS,
    *reading.COMMANDS,
    *staff.COMMANDS,
    *people.COMMANDS,
    *installation.COMMANDS,
    *removals.COMMANDS,
    *backups.COMMANDS,
    *log.COMMANDS,
    *keys.COMMANDS,
    *witness.COMMANDS,
    *snapshots.COMMANDS,
)


def command_line(composition: Composition) -> click.Group:
    """The command `uptake` over what the composition root provides."""
    settings = {"help_option_names": ["-h", "--help"], "max_content_width": 110, "obj": composition}

    @click.group(cls=CommandGroup, context_settings=settings)
    @click.version_option(package_name="uptake")
    def main() -> None:
        """Who acted on what was recommended: a progress tracker for policy recommendations.

        Settings come from UPTAKE_… in the environment or from uptake.toml; “uptake doctor” shows them.
        """

    for command in COMMANDS:
        main.add_command(command)
    return main
