"""What commands share: the services, progress on a terminal, data as JSON."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
import msgspec
from rich.console import Console

from app.adapters.settings import read_settings
from app.bootstrap.container import Services, build

as_json = click.option("--json", "as_json", is_flag=True, help="Print data as JSON.")
by_person = click.option("--by", required=True, metavar="PERSON", help="Who gives the command (an id).")


@contextmanager
def opened(*, create: bool = False) -> Iterator[Services]:
    """The services of this installation, closed afterwards."""
    services = build(read_settings(), create=create)
    try:
        yield services
    finally:
        services.close()


@contextmanager
def busy(what: str) -> Iterator[None]:
    """Says on a terminal that something takes a while; says nothing when piped."""
    console = Console(stderr=True)
    if console.is_terminal:
        with console.status(what):
            yield
    else:
        yield


def print_json(data: Any) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())
