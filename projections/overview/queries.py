"""Recommendations that staff work on, as parts of a query: conditions and sort keys. Never public."""

from collections.abc import Collection, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, not_, select

from projections.overview.tables import overview_items, printed_number

ITEMS: FromClause = overview_items
REC_NO: ColumnElement[int] = overview_items.c.rec_no
RECOMMENDATION: ColumnElement[str] = overview_items.c.recommendation
THEME: ColumnElement[str] = overview_items.c.theme
NUMBER_KEY: ColumnElement[bytes] = overview_items.c.number_key
TITLE_KEY: ColumnElement[bytes] = overview_items.c.title_key


def in_register(register: str) -> ColumnElement[bool]:
    return overview_items.c.register == register


def has_id(ident: str) -> ColumnElement[bool]:
    return overview_items.c.recommendation == ident


def numbered(db: Connection, register: str, number: str, *, limit: int) -> list[str]:
    """The ids of recommendations with a printed number, in the order in which they were added."""
    c, wanted = overview_items.c, printed_number(number)
    query = select(c.recommendation).where(c.register == register, c.number == wanted).order_by(c.rec_no).limit(limit)
    return list(db.scalars(query)) if wanted else []


def misses_criteria() -> ColumnElement[bool]:
    """Whether it, or one of its elements, has no approved success criteria."""
    return overview_items.c.items_without_criteria > 0


def misses_translation(language: str) -> ColumnElement[bool]:
    """Whether one of its texts, or of its elements and success criteria, is not translated into a language."""
    return not_(overview_items.c.languages.contains(f",{language},", autoescape=True))


def count_rows(db: Connection, query: Select[Any]) -> int:
    return db.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def page_of_rows(db: Connection, query: Select[Any], *, skip: int, limit: int) -> list[int]:
    """Some of the numbers that a query finds."""
    return [row[0] for row in db.execute(query.offset(skip).limit(limit))]


def names_of(db: Connection, numbers: Sequence[int]) -> list[str]:
    """The ids of recommendations, in the order of their numbers in the log that are given."""
    c = overview_items.c
    names = {row.rec_no: row.recommendation for row in db.execute(select(overview_items).where(c.rec_no.in_(numbers)))}
    return [names[number] for number in numbers if number in names]


class ItemState(Struct, frozen=True):
    """`languages` are those into which every text is translated."""

    languages: frozenset[str]
    items_without_criteria: int


def states_of(db: Connection, register: str, recommendations: Collection[str]) -> dict[str, ItemState]:
    """The state of some recommendations, by id."""
    c = overview_items.c
    query = select(overview_items).where(c.register == register, c.recommendation.in_(recommendations))
    return {
        row.recommendation: ItemState(frozenset(row.languages.split(",")) - {""}, row.items_without_criteria)
        for row in db.execute(query)
    }
