"""Handlers of the commands about a register."""

from domain.amendments import refuse_unless_seen
from domain.commands import (
    AddPublication,
    AmendBody,
    AmendPublication,
    AmendRegister,
    AmendTheme,
    EstablishRegister,
    MergeBodies,
    NameBody,
    NameTheme,
    OpenRegister,
    SetLogo,
)
from domain.errors import Refused, refusal
from domain.handlers.context import Changes, CommandContext
from domain.handlers.languages import check_removed_languages
from domain.ids import register_id
from domain.register.aggregate import Register
from domain.times import day_in


def establish_register(context: CommandContext[EstablishRegister]) -> Changes:
    command = context.command
    stream = context.store.stream(Register, register_id(command.register))
    if stream.exists:
        raise Refused(refusal("There is already a register “{id}”.", id=command.register))
    if stream.removed_version > stream.loaded_version:
        raise Refused(refusal("Discard the register first, and use its id again in a second step."))
    return Changes((Register.establish(command.settings, context.by, stream=stream),))


def open_register(context: CommandContext[OpenRegister]) -> Changes:
    command = context.command
    register = context.load_register(command.expected_version)
    register.open(command.origin, context.by, without_keeper=command.without_keeper)
    return Changes((register,))


def set_logo(context: CommandContext[SetLogo]) -> Changes:
    register = context.load_register(context.command.expected_version)
    register.set_logo(context.command.logo, context.by)
    return Changes((register,))


def name_theme(context: CommandContext[NameTheme]) -> Changes:
    register = context.load_register()
    register.name_theme(context.command.theme, context.by)
    return Changes((register,))


def add_publication(context: CommandContext[AddPublication]) -> Changes:
    register = context.load_register()
    register.add_publication(context.command.publication, context.by)
    return Changes((register,))


def name_body(context: CommandContext[NameBody]) -> Changes:
    register, body = context.load_register(), context.command.body
    if body.parent and body.parent not in register.bodies:
        raise Refused(
            refusal(
                "There is no body “{parent}” in this register to be the parent of “{id}”.",
                parent=body.parent,
                id=body.id,
            )
        )
    register.name_body(body, context.by)
    return Changes((register,))


def merge_bodies(context: CommandContext[MergeBodies]) -> Changes:
    register = context.load_register(context.command.expected_version)
    today = day_in(register.settings.time_zone, context.at)
    register.merge_bodies(context.command.merge, context.by, today)
    return Changes((register,))


def amend_register(context: CommandContext[AmendRegister | AmendTheme | AmendPublication | AmendBody]) -> Changes:
    """The register's own settings, or one of its themes, publications and bodies."""
    register, command = context.load_register(), context.command
    if isinstance(command, AmendRegister) and not register.is_open:
        check_removed_languages(context, command.fact, register.settings.languages)
    refuse_unless_seen(register.part(command.fact), command.expected_tag)
    register.amend(command.fact, context.by, command.why, command.checked)
    return Changes((register,))
