"""The page that asks before something becomes public or cannot be undone.

A view calls `execute_confirmed` instead of executing its commands. The page sends all fields of the form again, with
the version that they were typed for, so the decision is about what the person saw.
"""

from collections.abc import Mapping, Sequence

from flask import Flask, g, render_template, request
from msgspec import Struct

from app.services.accounts.actors import Person
from app.services.container import Services
from domain.commands import Command
from domain.errors import Refused
from projections.catalogue.entries import RegisterEntry

FIELD = "confirmed"
YES, NO = "yes", "no"
_NOT_REPEATED = (FIELD, "csrf_token", "form_id")


class Confirmation(Struct, frozen=True, kw_only=True):
    """What a person confirms. All texts are in the person's language.

    `happens` says what happens, who sees it and how it can be undone; `notes` what is incomplete but does not
    prevent it. `button` names the action and, for several things, their number. `fields` are sent with the form: what
    the person saw, if the form does not say it, or what the request stored and the form must not send again.
    """

    title: str
    happens: tuple[str, ...]
    button: str
    about: str = ""
    notes: tuple[str, ...] = ()
    fields: Mapping[str, Sequence[str]] = {}


class ConfirmationNeeded(Exception):
    """The answer to the request is the page that asks."""

    def __init__(self, confirmation: Confirmation, entry: RegisterEntry | None) -> None:
        super().__init__(confirmation.title)
        self.confirmation, self.entry = confirmation, entry


def add_confirmations(app: Flask) -> None:
    app.register_error_handler(ConfirmationNeeded, lambda e: ask_to_confirm(e.confirmation, entry=e.entry))


def is_confirmed() -> bool:
    return request.form.get(FIELD) == YES


def goes_back() -> bool:
    """Whether the person returned to the form from the confirmation page; show the form as it was typed."""
    return request.form.get(FIELD) == NO


def ask_to_confirm(confirmation: Confirmation, *, entry: RegisterEntry | None = None) -> str:
    """Returns the confirmation page, which repeats the fields of this request."""
    g.was_kept = True  # a draft of the form stays until the action is confirmed
    known = (*_NOT_REPEATED, *confirmation.fields)
    repeated = [(n, v) for n, texts in request.form.lists() if n not in known for v in texts]
    repeated += [(n, v) for n, texts in confirmation.fields.items() for v in texts]
    return render_template("staff/confirm.html", confirmation=confirmation, repeated=repeated, entry=entry)


def require_confirmation(confirmation: Confirmation, *, entry: RegisterEntry | None = None) -> None:
    """Raises `ConfirmationNeeded` unless the person confirmed, and `Refused` without reasons if they went back."""
    if goes_back():
        raise Refused
    if not is_confirmed():
        raise ConfirmationNeeded(confirmation, entry)


def execute_confirmed(
    services: Services,
    person: Person,
    commands: Sequence[Command],
    confirmation: Confirmation | None,
    *,
    entry: RegisterEntry | None = None,
) -> str:
    """Validates the commands, asks, and executes them when the person has confirmed. Without a confirmation, at once.

    Returns what a single command returns. Raises what `require_confirmation` and `execute_for` raise.
    """
    if confirmation:
        if not goes_back():
            services.check_for(person, commands)
        require_confirmation(confirmation, entry=entry)
    if len(commands) == 1:
        return services.execute_for(person, commands[0])
    services.execute_all_for(person, commands)
    return ""


def in_public(entry: RegisterEntry, confirmation: Confirmation) -> Confirmation | None:
    """The confirmation of a change that everyone sees; None while the register is prepared."""
    return confirmation if entry.is_open else None
