"""The reference of the command line, docs/commands.md, written from the commands themselves."""

import inspect
from collections.abc import Iterable, Iterator

import click

from app.entrypoints.cli.main import load_commands

_HEAD = """# Commands

This page is written from the code by `python -m app.entrypoints.cli.command_reference > docs/commands.md` and compared
by a test. Each command also prints this with `--help`. [Operating](operating.md) says when to use which.
"""


def reference() -> str:
    """The page as Markdown."""
    return _HEAD + "".join(_section(path, command) for path, command in walk(load_commands()))


def walk(commands: Iterable[click.Command], before: str = "uptake") -> Iterator[tuple[str, click.Command]]:
    """Every command with the words that call it; of a group, those in it."""
    for command in commands:
        path = f"{before} {command.name}"
        if isinstance(command, click.Group):
            yield from walk(command.commands.values(), path)
        else:
            yield path, command


def _section(path: str, command: click.Command) -> str:
    context = click.Context(command)
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    lines = [f"\n## `{path}`\n", f"\n{inspect.cleandoc(command.help or '')}\n", f"\n    {usage}\n"]
    records = [parameter.get_help_record(context) for parameter in command.params]
    options = [record for record in records if record and record[1]]
    if options:
        lines.append("\n| option | meaning |\n|---|---|\n")
        lines += [f"| `{name.replace('|', ', ')}` | {_cell(meaning)} |\n" for name, meaning in options]
    return "".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    print(reference(), end="")
