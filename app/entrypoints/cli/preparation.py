"""Prepares the store of an installation for its first page."""

import logging.config
from pathlib import Path

import click

from app.adapters.availability import patiently
from app.adapters.database import require_direct_connection
from app.adapters.logs import logging_config
from app.adapters.resources import data_dir
from app.adapters.settings import Settings
from app.entrypoints.cli.common import open_services, show_progress
from app.services.accounts import one_time_links
from app.services.accounts.actors import OPERATOR
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from app.services.start_checks import check_objects
from domain.commands import OpenRegister
from projections.catalogue import queries as catalogue


def prepare_patiently(settings: Settings, demo: bool) -> str:
    """Prepare the store, when the database answers."""
    logging.config.dictConfig(logging_config(settings.log))
    return patiently(lambda: prepare(settings, demo))


def prepare(settings: Settings, demo: bool) -> str:
    """Bring the store up to date; returns the secret of the set-up link if there is no account yet."""
    require_direct_connection(settings)
    check_objects(settings)
    with open_services(create=True) as services:
        with show_progress("Preparing the store …"):
            services.catch_up()
            if demo:
                _load_built_in(services)
        return _first_link(services)


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
