"""The command `uptake` of an installation."""

import threading

from app.bootstrap.container import build_services
from app.entrypoints.cli.common import Composition
from app.entrypoints.cli.main import command_line
from app.services.container import Services


def _work(services: Services, stop: threading.Event) -> None:
    from app.entrypoints.worker.worker import run_worker  # loads the scheduler, which other commands do not need

    run_worker(services, stop)


main = command_line(Composition(build_services, _work))
