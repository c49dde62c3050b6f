"""Answers about names that look alike: the same, different, or one part of the other."""

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from app.services.bundles.ids import IdMaker
from app.services.mapping.near_names import DIFFERENT, PART, SAME, NearNames
from app.services.mapping.types import NameChoice, PublicationChoice, SheetMapping

Choice = NameChoice | PublicationChoice
PAIR_ANSWERS = (SAME, DIFFERENT, PART)


def answer_pairs(mapping: SheetMapping, answers: Iterable[tuple[str, NearNames, str]]) -> SheetMapping:
    """The mapping with answers: the kind of names, a pair, and what it is. Answers that are as before do nothing."""
    kinds: dict[str, Any] = {kind: dict(getattr(mapping, kind)) for kind in ("bodies", "themes", "publications")}
    for kind, pair, answer in answers:
        names: dict[str, Choice] = kinds[kind]
        if answer in PAIR_ANSWERS and answer != pair.answer and pair.first in names and pair.second in names:
            _answer(names, pair, answer)
    return replace(mapping, **kinds)


def _answer(names: dict[str, Choice], pair: NearNames, answer: str) -> None:
    first, before = names[pair.first], names[pair.second]
    if answer == SAME:
        same = replace(first, name=first.name or pair.first) if isinstance(first, NameChoice) else first
        _replace_all(names, before.id, same)
        return
    ident = before.id
    if before.id == first.id:  # they were the same until now
        ident = IdMaker(choice.id for choice in names.values()).make(pair.second)
        names[pair.second] = _named(before, pair.second, ident)
    for name, choice in names.items():
        if choice.id == ident and isinstance(choice, NameChoice):
            names[name] = replace(choice, parent=first.id if answer == PART else "")


def _named(choice: Choice, name: str, ident: str) -> Choice:
    if isinstance(choice, NameChoice):
        return NameChoice(id=ident)
    return replace(choice, id=ident, title=name)


def _replace_all(names: dict[str, Choice], ident: str, choice: Choice) -> None:
    for name, old in names.items():
        if old.id == ident:
            names[name] = choice
