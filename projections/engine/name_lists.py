"""A list of names of any length as part of a query: a long one is one parameter, so that no driver runs out of them."""

import json
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import JSON, ColumnElement, Connection, Select, Subquery, cast, func, literal, select

FEW = 500
NameScope = Callable[[ColumnElement[str]], ColumnElement[bool]]
"""Says of a column whether it holds one of some names, where these are too many to read."""


def among(db: Connection, column: ColumnElement[str], names: Iterable[str] | NameScope) -> ColumnElement[bool]:
    """Whether the column holds one of the names. A few are given one by one, for the sake of the index."""
    if callable(names):
        return names(column)
    ordered = sorted(set(names))
    if len(ordered) <= FEW:
        return column.in_(ordered)
    text = literal(json.dumps(ordered))
    if db.dialect.name == "postgresql":
        return column.in_(select(func.json_array_elements_text(cast(text, JSON))))
    return column.in_(select(func.json_each(text).table_valued("value").c.value))


def names_query(db: Connection, names: Sequence[str]) -> Select[tuple[str]]:
    """Names of any number as a query."""
    return select(in_order(db, names).c.name)


def in_order(db: Connection, names: Sequence[str]) -> Subquery:
    """Names with their places, as columns `name` and `place`, to sort by."""
    text = literal(json.dumps(list(names)))
    if db.dialect.name == "postgresql":
        elements = func.json_array_elements_text(cast(text, JSON))
        derived = elements.table_valued("name", with_ordinality="place").render_derived()
        return select(derived.c.name, derived.c.place).subquery()
    each = func.json_each(text).table_valued("key", "value")
    return select(each.c.value.label("name"), each.c.key.label("place")).subquery()
