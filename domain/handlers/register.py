"""Handlers of the commands about a register."""

from domain import commands as c
from domain.errors import Refused
from domain.handlers.context import Changes, CommandContext
from domain.ids import register_id
from domain.register.aggregate import Register


def establish_register(asked: CommandContext) -> Changes:
    command: c.EstablishRegister = asked.command
    if asked.store.find(register_id(command.register)):
        raise Refused(f"There is a register “{command.register}” already.")
    return Changes((Register.establish(command.settings, asked.by),))


def open_register(asked: CommandContext) -> Changes:
    register = asked.register()
    register.open(asked.command.origin, asked.by)
    return Changes((register,))


def name_theme(asked: CommandContext) -> Changes:
    register = asked.register()
    register.name_theme(asked.command.theme, asked.by)
    return Changes((register,))


def add_publication(asked: CommandContext) -> Changes:
    register = asked.register()
    register.add_publication(asked.command.publication, asked.by)
    return Changes((register,))


def name_body(asked: CommandContext) -> Changes:
    register, body = asked.register(), asked.command.body
    if body.parent and body.parent not in register.bodies:
        raise Refused(f"“{body.parent}”, of which “{body.id}” is said to be a part, is not a body here.")
    register.name_body(body, asked.by)
    return Changes((register,))


def amend_register(asked: CommandContext) -> Changes:
    """The register's own settings, or one of its themes, publications and bodies."""
    register, command = asked.register(), asked.command
    register.amend(command.fact, asked.by, command.why, command.checked)
    return Changes((register,))
