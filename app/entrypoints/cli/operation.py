"""Commands that create the store and run everything over it: up and init."""

import click

from app.adapters.settings import read_settings
from app.adapters.write_ahead_logs import empty_write_ahead_logs
from app.entrypoints.cli.common import open_services, show_progress
from app.entrypoints.cli.listening import host_option, listen_at, port_option
from app.entrypoints.cli.supervision import Child, Gate, check_port, only_one, supervise


@click.command()
@click.option("--demo", is_flag=True, help="Load and open the built-in registers if the store is empty.")
@host_option
@port_option
def up(demo: bool, host: str | None, port: int | None) -> None:
    """Run everything on one machine: store, pages, projections and scheduler. Ctrl-C stops it."""
    listen_at(host, port)
    settings = read_settings()
    check_port(settings.host, settings.port)
    with only_one(settings):
        gate = Gate()
        server = Child("serve", gate)
        try:
            from app.entrypoints.cli.preparation import prepare_patiently  # the server loads the pages meanwhile

            secret = prepare_patiently(settings, demo)
        except BaseException:
            server.stop()
            raise
        gate.open()
        children = [server, Child("worker")]
        click.echo(f"Uptake is at {settings.listening_url}/ (Ctrl-C stops it).")
        if secret:
            click.echo("No one can sign in yet. Create the first administrator with this link, within seven days:")
            click.echo(f"{settings.listening_url}/staff/welcome/{secret}/")
        supervise(children)
        empty_write_ahead_logs(settings)


@click.command()
def init() -> None:
    """Create the store, or bring its views up to date."""
    from app.adapters.database import require_direct_connection  # loads the stores, which usage does not need
    from app.services.start_checks import check_objects

    require_direct_connection(settings := read_settings())
    check_objects(settings)
    with open_services(create=True) as services, show_progress("Preparing the store …"):
        position = services.catch_up()
        services.accounts.release()
        where = (services.settings.database_url and "PostgreSQL") or str(services.settings.data_dir)
    click.echo(f"The store in {where} is ready. It has {position.count} events.")


@click.command()
def migrate() -> None:
    """Bring the tables of log, accounts and jobs to this version of Uptake.

    Processes of the version before may still run. With SQLite all commands do it by themselves.
    """
    from app.adapters.database import require_direct_connection
    from app.services.accounts.database import open_database

    require_direct_connection(settings := read_settings())
    with open_services(create=True):
        accounts = open_database(settings)
        accounts.upgrade()
        revision = accounts.revision()
        accounts.close()
    click.echo(f"The tables are at revision {revision}.")


COMMANDS = (up, init, migrate)
