"""Opening registers: who keeps one and its licence, from options, from the settings, or asked on a terminal."""

import sys
from collections.abc import Callable
from typing import Any

import click
from msgspec.structs import replace

from app.services.accounts.actors import Actor
from app.services.container import Services
from domain.amendments import fact_tag
from domain.commands import AmendRegister, Command, OpenRegister
from domain.errors import Refused, refuse
from domain.ids import register_id
from domain.register.aggregate import Register
from domain.register.settings_rules import settings_refusals
from domain.values import RegisterSettings
from projections.catalogue import queries as catalogue

_QUESTIONS = {"kept_by": "Who keeps this register?", "licence": "Its licence, such as CC-BY-4.0:"}
_NAMES = {"kept_by": "no keeper (kept_by)", "licence": "no licence (licence)"}


def keeper_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options `--kept-by` and `--licence`."""
    licence = click.option(
        "--licence", default="", metavar="LICENCE", help="An SPDX id such as CC-BY-4.0, or an https:// address."
    )
    kept_by = click.option("--kept-by", default="", metavar="TEXT", help="Who keeps the register, for its settings.")
    return kept_by(licence(command))


def complete_settings(settings: RegisterSettings, kept_by: str = "", licence: str = "") -> RegisterSettings:
    """Put a keeper and a licence, as far as given, into settings. Raises `Refused` if they are not valid then."""
    given = {name: text.strip() for name, text in (("kept_by", kept_by), ("licence", licence)) if text.strip()}
    if given:
        settings = replace(settings, **given)
        refuse(settings_refusals(settings))
    return settings


def ask_for_keeper(settings: RegisterSettings) -> RegisterSettings:
    """Ask for the keeper and the licence that settings lack. Without a terminal, the settings stay as they are."""
    if not sys.stdin.isatty():
        return settings
    for name in _missing(settings):
        settings = _ask(settings, name)
    return settings


def open_to_public(services: Services, actor: Actor, register: str, kept_by: str = "", licence: str = "") -> None:
    """Complete the settings and open the register, both or neither; says on standard error what it lacks."""
    aggregate = services.tracker.find(Register, register_id(register))
    services.catch_up()
    with services.views.connect() as db:
        entry = catalogue.register(db, register)
    commands: list[Command] = [
        OpenRegister(
            register,
            origin=services.settings.origin,
            without_keeper=True,
            expected_version=aggregate.version if aggregate else None,
        )
    ]
    if entry is None or entry.is_open:
        services.execute_all_for(actor, commands)  # which is refused
        return
    settings = ask_for_keeper(complete_settings(entry.settings, kept_by, licence))
    if settings != entry.settings:
        commands.insert(0, AmendRegister(register, fact=settings, expected_tag=fact_tag(entry.settings)))
    services.execute_all_for(actor, commands)
    if missing := [_NAMES[name] for name in _missing(settings)]:
        click.echo(
            f"The register “{register}” names {' and '.join(missing)}. Add what is missing to its settings in the "
            "browser, or to register.json and import it with --update and --why TEXT.",
            err=True,
        )


def _missing(settings: RegisterSettings) -> list[str]:
    return [name for name in _QUESTIONS if not getattr(settings, name)]


def _ask(settings: RegisterSettings, name: str) -> RegisterSettings:
    def read_answer(text: str) -> RegisterSettings:
        try:
            return complete_settings(settings, **{name: text})
        except Refused as refused:
            raise click.BadParameter(" ".join(str(r) for r in refused.refusals)) from refused

    answer: RegisterSettings = click.prompt(_QUESTIONS[name], prompt_suffix=" ", err=True, value_proc=read_answer)
    return answer
