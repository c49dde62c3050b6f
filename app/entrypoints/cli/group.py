"""How commands fail: exit code 1 with sentences when refused, 2 on wrong usage, never with a traceback."""

import sys
from collections.abc import Callable

import click

from domain.errors import Refused


class CommandGroup(click.Group):
    """Lists commands in the order they are added, and prints refusals as sentences."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except Refused as refused:
            for sentence in refused.refusals:
                click.echo(sentence, err=True)
        except BrokenPipeError:
            sys.stderr.close()
        except OSError as e:
            click.echo(f"{e.filename or 'A file'}: {e.strerror or e}.", err=True)
        except Exception as e:
            from app.entrypoints.cli.failures import sentence_of  # loads the stores, which few failures need

            if not (words := sentence_of(e)):
                raise
            click.echo(words, err=True)
        sys.exit(1)


class LazyCommand(click.Command):
    """Stands for a command that is loaded when it is called."""

    def __init__(self, name: str, summary: str, load: Callable[[], click.Command]) -> None:
        super().__init__(name, short_help=summary)
        self.load = load


class LazyGroup(CommandGroup):
    """A group of commands of which each is loaded when it is called."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.load() if isinstance(command, LazyCommand) else command, rest
