"""Compares a row of a bundle with the row that is stored under the same key."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct

from app.services.bundles.author_settings import author_lines
from domain.text import in_one_line, is_one_line
from domain.times import written
from domain.values import Author, TranslatedFact, translations_by_name


def row_key(sheet: str, row: Any) -> tuple[str, ...]:
    """Return the key of a row of a sheet."""
    if sheet == "elements":
        return row.recommendation, row.fact.id
    if sheet == "cards":
        return (row.recommendation, row.fact.element) if row.fact.element else (row.recommendation,)
    if sheet == "withdrawals":
        return (row.assessment or row.recommendation,)
    if sheet == "relations":
        withdrawn = written(row.withdrawn_at) if row.withdrawn_at else ""
        return row.from_, row.fact.relation.value, row.fact.to, withdrawn
    if sheet == "addressees":
        return row.recommendation, row.fact.element, row.fact.body, row.fact.from_on
    return (row.fact.id,)


def differences(stored: Any, row: Any, registered: dict[str, datetime]) -> Iterator[tuple[str, object, object]]:
    """Yield column, stored value and new value of each difference. Values that a row omits do not differ."""
    for name in row.__struct_fields__:
        new, old = getattr(row, name), getattr(stored, name)
        if isinstance(new, Struct):
            for column, one, other in fact_differences(old, new):
                if other or column not in ("author", "methodology", "proposed_by"):
                    yield column, one, other
        elif name != "line" and new not in (None, "", False) and new != old:
            if name == "registered_at" and old is None and new == registered.get(stored.recommendation):
                continue
            yield name, old, new


def fact_differences(old: Struct, new: Struct) -> Iterator[tuple[str, object, object]]:
    """Yield column, old and new value of each difference of two facts of a kind."""
    for name in new.__struct_fields__:
        one, other = getattr(old, name), getattr(new, name)
        if name != "translations" and one != other and not _is_same_line(name, one, other):
            yield name, one, other
    if isinstance(old, TranslatedFact) and isinstance(new, TranslatedFact):
        texts, other_texts = translations_by_name(old), translations_by_name(new)
        for name in sorted(texts.keys() | other_texts.keys()):
            one, other = texts.get(name, ""), other_texts.get(name, "")
            if one != other and not _is_same_line(name, one, other):
                yield name, one, other


def _is_same_line(name: str, one: object, other: object) -> bool:
    """Whether two texts of one line differ in line breaks only, which older records have."""
    if not is_one_line(name) or not isinstance(one, str) or not isinstance(other, str):
        return False
    return in_one_line(one) == in_one_line(other)


def _part_text(part: Any) -> str:
    if isinstance(part, Author):
        return author_lines([part])
    return part if isinstance(part, str) else str(part.id)


def cell_text(value: object) -> str:
    """A value as a cell of a CSV file shows it."""
    if isinstance(value, datetime):
        return written(value)
    if isinstance(value, tuple):
        return ";".join(_part_text(part) for part in value)
    return "" if value is None else str(value)
