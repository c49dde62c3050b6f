"""Notes which translations an amendment outdates, and which it brings up to date."""

from collections.abc import Collection

from msgspec import Struct
from sqlalchemy import Connection, delete, insert

from domain.amendments import names_of_translations
from domain.values import TranslatedFact, translation_of
from projections.catalogue.entries import ElementEntry, RecommendationEntry, RegisterVersion
from projections.catalogue.tables import outdated


def note_translations(
    db: Connection, key: tuple[str, str, str], before: Struct, after: Struct, checked: Collection[str]
) -> None:
    """`key` is register, kind and id of the fact; `checked` names the translations that still fit."""
    register, kind, ident = key
    old, new = _domain_fact(before), _domain_fact(after)
    names = names_of_translations(type(new), {*old.translations, *new.translations})
    for name, (original, language) in names.items():
        row = {"register": register, "kind": kind, "id": ident, "field": name}
        text = translation_of(new, original, language)
        is_changed = getattr(old, original) != getattr(new, original)
        is_renewed = not text or text != translation_of(old, original, language) or name in checked
        if is_renewed or is_changed:
            db.execute(delete(outdated).filter_by(**row))
        if is_changed and not is_renewed:
            db.execute(insert(outdated).values(**row))


def _domain_fact(fact: Struct) -> TranslatedFact:
    """A fact of the domain, without what the catalogue adds to it."""
    if isinstance(fact, RegisterVersion):
        return fact.settings
    if isinstance(fact, RecommendationEntry):
        return fact.facts
    if isinstance(fact, ElementEntry):
        return fact.element
    assert isinstance(fact, TranslatedFact)
    return fact
