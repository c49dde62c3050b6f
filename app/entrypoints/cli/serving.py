"""Commands of which each runs one part of Uptake: serve and worker."""

import gc
import logging.config
import os
import shutil
import signal
import socket
import threading

import click

from app.adapters.availability import patiently
from app.adapters.logs import logging_config
from app.adapters.parent_watch import end_with_supervisor, supervisor
from app.adapters.settings import Settings, read_settings
from app.adapters.write_ahead_logs import empty_write_ahead_logs
from app.entrypoints.cli.common import composition, open_services
from app.entrypoints.cli.listening import host_option, listen_at, port_option
from app.entrypoints.cli.supervision import check_port, wait_at_gate
from app.services.start_checks import check_installation
from projections.engine.private_files import make_private_folder

STOP_SECONDS = 6
"""After so long at a stop a web process is killed: one that is still being started does not hear the signal."""


@click.command()
@host_option
@port_option
def serve(host: str | None, port: int | None) -> None:
    """Serve pages and the API."""
    from granian import Granian  # the worker does without
    from granian.constants import Interfaces

    listen_at(host, port)
    settings = read_settings()
    if not supervisor():  # else the web processes of a server that was killed still listen there
        check_port(settings.host, settings.port)
    end_with_supervisor()
    composition().load_pages()
    wait_at_gate()
    logging.config.dictConfig(logging_config(settings.log))
    patiently(lambda: _bring_up_to_date(settings))
    if settings.metrics_token:
        count_together(settings)
    gc.collect()
    gc.freeze()  # the collector writes into each object that it looks at, and would copy what the processes share
    Granian(
        "app.bootstrap.wsgi:make_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        workers=settings.web_processes,
        blocking_threads=1,
        workers_kill_timeout=STOP_SECONDS,
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]
        log_dictconfig=logging_config(settings.log),
        websockets=False,
        respawn_failed_workers=True,
    ).serve()
    empty_write_ahead_logs(settings)


@click.command()
def worker() -> None:
    """Run the scheduler. One worker leads; others wait."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    end_with_supervisor()
    settings = read_settings()
    logging.config.dictConfig(logging_config(settings.log))
    patiently(lambda: check_installation(settings), stop)
    with open_services(process="worker") as services:
        patiently(lambda: services.accounts, stop)
        composition().work(services, stop)


def _bring_up_to_date(settings: Settings) -> None:
    check_installation(settings)
    with open_services() as services:
        services.accounts.release()  # so that a table of another version is refused before there are web processes
        services.catch_up()


def count_together(settings: Settings) -> None:
    """Create an empty folder for the counters of the web processes of this machine, which may share the data folder."""
    folder = settings.data_dir / "metrics" / f"{socket.gethostname()}-{settings.port}"
    shutil.rmtree(folder, ignore_errors=True)
    make_private_folder(folder)
    os.umask(0o077)  # the library creates the files
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


COMMANDS = (serve, worker)
