"""Checks that the facts of a command can be written to a bundle and read back unchanged."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from domain.errors import Refusal, refusal, refuse
from domain.handlers.context import CommandContext
from domain.times import shown
from domain.values import Fact, TranslatedFact

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
MAX_POSITION = 999_999_999


def check_facts(context: CommandContext[Any]) -> None:
    """Raise `Refused` for every value that no bundle can hold. An empty id is made up later, or refused elsewhere."""
    command = context.command
    facts = (getattr(command, name) for name in command.__struct_fields__)
    refuse([problem for fact in facts if isinstance(fact, Fact) for problem in _problems(fact)])


def _problems(fact: Fact) -> Iterator[Refusal]:
    if (ident := getattr(fact, "id", "")) and not ID.fullmatch(ident):
        yield refusal(
            "“{id}” is not an id. Use at most 80 lower-case letters, digits and hyphens, starting with a letter or "
            "a digit.",
            id=shown(ident),
            field="id",
        )
    position = getattr(fact, "position", None)
    if isinstance(position, int) and not 0 <= position <= MAX_POSITION:
        yield refusal("Enter a position from 0 to 999999999.", field="position")
    for name, value in msgspec.structs.asdict(fact).items():
        if isinstance(value, tuple) and all(isinstance(entry, str) for entry in value):
            yield from _list_problems(name, value)
    if isinstance(fact, TranslatedFact):
        fields = sorted({field for texts in fact.translations.values() for field in texts} - set(fact.TRANSLATED))
        for field in fields:
            yield refusal("“{name}” has no translations. Leave them out.", name=field, field=field)


def _list_problems(name: str, entries: tuple[str, ...]) -> Iterator[Refusal]:
    for entry in entries:
        if ";" in entry:
            yield refusal(
                "“{text}” has a semicolon, which separates the entries of a list. Use a comma.",
                text=shown(entry),
                field=name,
            )
    if len(set(entries)) < len(entries):
        yield refusal("The list names the same thing twice.", field=name)
