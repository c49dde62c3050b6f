"""How commands fail: exit code 1 with sentences when refused, 2 on wrong usage, never with a traceback."""

import sqlite3
import sys

import click
from eventsourcing.persistence import PersistenceError
from sqlalchemy.exc import SQLAlchemyError

from app.services.accounts.permissions import NotAllowed
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
        except NotAllowed as not_allowed:
            click.echo(not_allowed.refusal, err=True)
        except (PersistenceError, SQLAlchemyError, sqlite3.Error) as e:
            click.echo(f"The store cannot be used: {str(e).splitlines()[0]}", err=True)
        except BrokenPipeError:
            sys.stderr.close()
        except OSError as e:
            click.echo(f"{e.filename or 'A file'}: {e.strerror or e}.", err=True)
        sys.exit(1)
