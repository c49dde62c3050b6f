"""Lays what a file says over a stored fact: field by field, and never what the file does not have."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from msgspec.structs import replace

from app.services.bundles.row_comparison import cell_text
from domain.values import TranslatedFact, arrange_translations, translations_by_name

AFact = TypeVar("AFact", bound=TranslatedFact)


def fact_texts(fact: TranslatedFact) -> dict[str, str]:
    """The fields of a fact as texts, its translations by `<field>_<language>`."""
    texts = {name: cell_text(getattr(fact, name)) for name in fact.__struct_fields__ if name != "translations"}
    return texts | translations_by_name(fact) if fact.translations else texts


def changed_columns(here: TranslatedFact, file: TranslatedFact) -> list[str]:
    """The columns in which two facts differ, in the order of their fields."""
    if here == file:
        return []
    ours, theirs = fact_texts(here), fact_texts(file)
    return [name for name in {**ours, **theirs} if ours.get(name, "") != theirs.get(name, "")]


def overlay(here: AFact, file: AFact, takes_file: Callable[[str], bool]) -> AFact:
    """The stored fact with the columns of the file that are taken."""
    changed = changed_columns(here, file)
    if not changed:
        return here
    taken = {name for name in changed if takes_file(name)}
    values = {name: getattr(file, name) for name in taken if name in file.__struct_fields__}
    return replace(here, **values, translations=_translations(here, file, taken))


def _translations(here: TranslatedFact, file: TranslatedFact, taken: set[str]) -> dict[str, dict[str, str]]:
    ours, theirs = _by_place(here), _by_place(file)
    chosen = {
        place: (theirs if f"{place[1]}_{place[0]}" in taken else ours).get(place, "") for place in {**ours, **theirs}
    }
    return arrange_translations((language, field, text) for (language, field), text in chosen.items())


def _by_place(fact: TranslatedFact) -> Mapping[tuple[str, str], str]:
    """The translations by language and field."""
    return {(code, field): text for code, texts in fact.translations.items() for field, text in texts.items()}
