"""Shared by commands: opening the services, progress on a terminal, output as JSON."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
import msgspec
from msgspec import Struct
from msgspec.structs import replace

from app.adapters.settings import read_settings

if TYPE_CHECKING:
    from app.services.container import Services

as_json = click.option("--json", "as_json", is_flag=True, help="Print data as JSON.")
by_person = click.option("--by", required=True, metavar="PERSON", help="Who gives the command (an id).")


class Composition(Struct, frozen=True):
    """What the composition root passes to the command line."""

    build: Callable[..., "Services"]
    """Opens the services of some settings; with `create=True` it creates the store first."""
    work: Callable[["Services", threading.Event], None]
    """Runs the scheduled jobs until the event is set."""
    load_pages: Callable[[], object]
    """Loads what web processes run, before they part from the server, so that they start at once and share it."""


def composition() -> Composition:
    root: Composition = click.get_current_context().find_root().obj
    return root


def counted(count: int, one: str, many: str) -> str:
    """A number with its word."""
    return f"{count:,} {one if count == 1 else many}"


@contextmanager
def open_services(*, create: bool = False, process: str = "cli") -> Iterator["Services"]:
    """Open the services of this installation; closes them afterwards. `process` is its name in PostgreSQL."""
    services = composition().build(replace(read_settings(), process=process), create=create)
    try:
        yield services
    finally:
        services.close()


@contextmanager
def show_progress(what: str) -> Iterator[None]:
    """Show progress on a terminal; prints nothing when piped."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # slow to load, and of no use without a terminal

    with Console(stderr=True).status(what):
        yield


def print_json(data: object) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(data, enc_hook=str), indent=2).decode())
