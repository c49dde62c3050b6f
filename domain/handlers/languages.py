"""Checks that a command has texts only in the languages of its register."""

from collections.abc import Iterator
from typing import Any

from domain.commands import AmendRegister, Command, EstablishRegister
from domain.errors import Refusal, refusal, refuse
from domain.handlers.context import CommandContext
from domain.values import TranslatedFact


def check_languages(context: CommandContext[Any]) -> None:
    """Raise `Refused` for every translation into a language that the register does not have."""
    if texts := set(_translations(context.command)):
        languages = _languages(context)
        refuse([_refusal(code, field, languages[0]) for code, field in sorted(texts) if code not in languages[1:]])


def _languages(context: CommandContext[Any]) -> tuple[str, ...]:
    command: Command = context.command
    if isinstance(command, EstablishRegister):
        return command.settings.languages
    if isinstance(command, AmendRegister):
        return command.fact.languages
    return context.load_register().settings.languages


def _translations(command: Command) -> Iterator[tuple[str, str]]:
    """Yield language and field of each translation in a command."""
    for holder in (command, *(getattr(command, name) for name in command.__struct_fields__)):
        if holder is command or isinstance(holder, TranslatedFact):
            for code, texts in getattr(holder, "translations", {}).items():
                yield from ((code, field) for field in texts)


def _refusal(code: str, field: str, original: str) -> Refusal:
    name = f"{field}_{code}"
    if code == original:
        return refusal("“{language}” is the language of the originals of this register.", language=code, field=name)
    return refusal(
        "The register has no texts in “{language}”. Add it to the languages of the register first.",
        language=code,
        field=name,
    )
