"""Checks that a command has texts only in the languages of its register."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from domain.base import Aggregate
from domain.commands import AmendRegister, Command, EstablishRegister
from domain.errors import Refusal, refusal, refuse
from domain.handlers.context import CommandContext
from domain.values import RegisterSettings, TranslatedFact


def check_languages(context: CommandContext[Any]) -> None:
    """Raise `Refused` for every translation into a language that the register does not have."""
    if texts := set(_translations(context.command)):
        original, *others = _languages(context) or ("",)
        refuse([_refusal(code, field, original) for code, field in sorted(texts) if code not in others])


def check_removed_languages(context: CommandContext[Any], settings: RegisterSettings, before: Iterable[str]) -> None:
    """Raise `Refused` for a language that the register loses with new settings, while one of its facts has texts in it.

    Evidence keeps its texts beside the log, where nothing here can see them.
    """
    register = settings.id
    for code in sorted(set(before) - set(settings.languages)):
        aggregates = context.store.mentioning(register, code)
        holders = sorted({a.natural_id or register for a in aggregates if _has_texts(_facts_of(a), code)})
        if holders:
            refuse([_in_use(code, holders)])


def _facts_of(aggregate: Aggregate) -> dict[str, object]:
    """What an aggregate holds, without the settings that the command replaces."""
    return {name: value for name, value in vars(aggregate).items() if name != "settings"}


def _has_texts(value: object, code: str) -> bool:
    """Whether a value holds a fact with a translation into a language."""
    match value:
        case TranslatedFact() if code in value.translations:
            return True
        case Aggregate():
            return False
        case msgspec.Struct():
            return any(_has_texts(getattr(value, name), code) for name in value.__struct_fields__)
        case dict():
            return any(_has_texts(inner, code) for inner in value.values())
        case list() | tuple():
            return any(_has_texts(inner, code) for inner in value)
    return False


def _in_use(code: str, holders: list[str]) -> Refusal:
    return refusal(
        "Remove the texts in “{language}” first. They are in: {ids}.",
        language=code,
        ids=", ".join(holders[:10]),
        field="languages",
    )


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
