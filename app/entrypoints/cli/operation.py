"""Commands that run Uptake: up, init, serve, worker."""

import logging.config
import os
import shutil
import signal
import threading
from pathlib import Path

import click

from app.adapters.logs import logging_config
from app.adapters.parent_watch import end_with_supervisor, supervisor
from app.adapters.resources import data_dir
from app.adapters.settings import Settings, read_settings
from app.adapters.write_ahead_logs import empty_write_ahead_logs
from app.entrypoints.cli.common import composition, open_services, show_progress
from app.entrypoints.cli.supervision import Child, check_port, only_one, supervise
from app.services.accounts import one_time_links
from app.services.accounts.actors import OPERATOR
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from domain.commands import OpenRegister
from projections.catalogue import queries as catalogue
from projections.engine.private_files import make_private_folder

STOP_SECONDS = 6
"""After so long at a stop a web process is killed: one that is still being started does not hear the signal."""
host_option = click.option("--host", help="Where to listen; 127.0.0.1 by default.")
port_option = click.option("--port", type=click.IntRange(1, 65535), help="Where to listen; 8000 by default.")


@click.command()
@click.option("--demo", is_flag=True, help="Load and open the built-in registers if the store is empty.")
@host_option
@port_option
def up(demo: bool, host: str | None, port: int | None) -> None:
    """Run everything on one machine: store, pages, projections and scheduler. Ctrl-C stops it."""
    _listen_at(host, port)
    settings = read_settings()
    check_port(settings.host, settings.port)
    with only_one(settings):
        secret = _prepare(demo)
        children = [Child("serve"), Child("worker")]
        click.echo(f"Uptake is at {settings.listening_url}/ (Ctrl-C stops it).")
        if secret:
            click.echo("No one can sign in yet. Create the first administrator with this link, within seven days:")
            click.echo(f"{settings.listening_url}/staff/welcome/{secret}/")
        supervise(children)
        empty_write_ahead_logs(settings)


@click.command()
def init() -> None:
    """Create the store, or bring its views up to date."""
    with open_services(create=True) as services, show_progress("Preparing the store …"):
        position = services.catch_up()
        services.accounts.release()
        where = (services.settings.database_url and "PostgreSQL") or str(services.settings.data_dir)
    click.echo(f"The store in {where} is ready. It has {position.count} events.")


@click.command()
@host_option
@port_option
def serve(host: str | None, port: int | None) -> None:
    """Serve pages and the API."""
    from granian import Granian
    from granian.constants import Interfaces

    _listen_at(host, port)
    settings = read_settings()
    if not supervisor():  # else the web processes of a server that was killed still listen there
        check_port(settings.host, settings.port)
    end_with_supervisor()
    with open_services() as services:
        services.catch_up()
    if settings.metrics_token:
        count_together(settings)
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
    with open_services() as services:
        logging.config.dictConfig(logging_config(services.settings.log))
        composition().work(services, stop)


def _prepare(demo: bool) -> str:
    """Bring the store up to date; returns the secret of the set-up link if there is no account yet."""
    with open_services(create=True) as services:
        with show_progress("Preparing the store …"):
            services.catch_up()
            if demo:
                _load_built_in(services)
        return _first_link(services)


def _listen_at(host: str | None, port: int | None) -> None:
    """Pass the address to the processes that this one starts."""
    if host:
        os.environ["UPTAKE_HOST"] = host
    if port:
        os.environ["UPTAKE_PORT"] = str(port)


def count_together(settings: Settings) -> None:
    """Create an empty folder for the counters of the web processes."""
    folder = settings.data_dir / "metrics" / str(settings.port)
    shutil.rmtree(folder, ignore_errors=True)
    make_private_folder(folder)
    os.umask(0o077)  # the library creates the files
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _first_link(services: Services) -> str:
    """The secret of the set-up link if there is no account yet, else an empty text."""
    with services.accounts.work() as db:
        if one_time_links.has_people(db):
            return ""
        return one_time_links.create_link(db, None, services.clock(), by=OPERATOR)


def _load_built_in(services: Services) -> None:
    with services.views.connect() as db:
        if catalogue.registers(db):
            return
    for folder in sorted(Path(data_dir("registers")).iterdir()):
        if (folder / "register.json").is_file():
            outcome = import_bundle(services, folder, ImportOptions())
            command = OpenRegister(outcome.register, origin=services.settings.origin)
            services.execute(command, by="operator")
            click.echo(f"Loaded and opened the register “{outcome.register}”.")


COMMANDS = (up, init, serve, worker)
