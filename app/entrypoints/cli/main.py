"""The command `uptake`, put together from its command families."""

from functools import partial
from importlib import import_module

import click

from app.entrypoints.cli.common import Composition
from app.entrypoints.cli.group import LazyCommand, LazyGroup

FAMILIES = {
    "operation": {
        "up": "Run everything on one machine: store, pages, projections and scheduler.",
        "init": "Create the store, or bring its views up to date.",
        "migrate": "Bring the tables of log, accounts and jobs to this version of Uptake.",
    },
    "serving": {
        "serve": "Serve pages and the API.",
        "worker": "Run the scheduler.",
    },
    "bundles": {
        "import": "Import a register from a folder, a zip, an .xlsx or a .csv that Uptake wrote: completely or not at "
        "all.",
        "export": "Write a register as a bundle: a folder, a zip if DEST ends with .zip, or a workbook if it ends with "
        ".xlsx.",
        "open": "Make a register public.",
        "discard": "Discard a register that was never opened.",
    },
    "mappings": {
        "map": "Guess how a spreadsheet becomes a register, and write it down.",
    },
    "demos": {
        "demo": "Load an invented register to try Uptake with, and open it.",
    },
    "templates": {
        "template": "Write a workbook to fill in: empty, or with a row for each recommendation of REGISTER.",
    },
    "reading": {
        "scorecard": "Show a register's scorecard on any day, as known at any instant.",
    },
    "comparing": {
        "compare": "Show what changed between two days: in the world, and in our knowledge.",
    },
    "staff": {
        "assess": "Propose a status for a recommendation or an element.",
        "publish": "Publish a proposed assessment.",
        "decline": "Decline a proposed assessment; it never becomes public.",
        "withdraw": "Withdraw a published assessment.",
    },
    "people": {
        "user": "Manage staff accounts.",
        "forget-follower": "Delete the address of a reader who follows something by e-mail, and what it follows.",
    },
    "installation": {
        "projections": "The tables behind pages, built from the log.",
        "doctor": "Check this installation and list problems.",
        "restore": "Restore a backup into a new installation.",
    },
    "moving": {
        "migrate-store": "Move a stopped installation from SQLite (a folder) to PostgreSQL, or back, or to "
        "another store of its kind.",
    },
    "removals": {
        "removals": "Texts that are removed permanently, for a person’s safety or because they may not be kept.",
    },
    "backups": {
        "backup": "Write, list and verify backups.",
    },
    "log": {
        "log": "Verify and export the log, and sign checkpoints.",
    },
    "keys": {
        "key": "The keys that sign checkpoints and packages.",
    },
    "witness": {
        "witness": "Run a witness, which cosigns the checkpoints of logs that it knows.",
    },
    "snapshots": {
        "snapshot": "Freeze reviews as packages that anyone can verify.",
    },
}
"""The commands of each module with what `uptake --help` says of them. A module is loaded when one of them is called."""


def load_commands() -> list[click.Command]:
    """Every command, loaded, in the order of `uptake --help`."""
    return [_load(family, name) for family, names in FAMILIES.items() for name in names]


def command_line(composition: Composition) -> click.Group:
    """The command `uptake` over what the composition root provides."""
    settings = {"help_option_names": ["-h", "--help"], "max_content_width": 110, "obj": composition}

    @click.group(cls=LazyGroup, context_settings=settings)
    @click.version_option(package_name="uptake")
    def main() -> None:
        """Who acted on what was recommended: a progress tracker for policy recommendations.

        Settings come from UPTAKE_… in the environment or from uptake.toml; “uptake doctor” shows them.
        """

    for family, names in FAMILIES.items():
        for name, summary in names.items():
            main.add_command(LazyCommand(name, summary, partial(_load, family, name)))
    return main


def _load(family: str, name: str) -> click.Command:
    commands: tuple[click.Command, ...] = import_module(f"app.entrypoints.cli.{family}").COMMANDS
    return next(command for command in commands if command.name == name)
