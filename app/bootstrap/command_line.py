"""The command `uptake` of an installation. What it is composed of is loaded when a command needs it."""

import threading
from importlib import import_module
from typing import TYPE_CHECKING

from app.adapters.settings import Settings
from app.entrypoints.cli.common import Composition
from app.entrypoints.cli.main import command_line

if TYPE_CHECKING:
    from app.services.container import Services


def _build(settings: Settings, *, create: bool = False) -> "Services":
    from app.bootstrap.container import build_services  # loads the store, which usage and help do not need

    return build_services(settings, create=create)


def _work(services: "Services", stop: threading.Event) -> None:
    from app.entrypoints.worker.worker import run_worker  # loads the scheduler, which other commands do not need

    run_worker(services, stop)


def _load_pages() -> None:
    import_module("app.bootstrap.wsgi")  # all of the pages, which other commands do not need


main = command_line(Composition(_build, _work, _load_pages))
