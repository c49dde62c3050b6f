"""The facts of a register in batches: first only where each lies, then the facts of some places at a time."""

from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from domain.times import to_microseconds
from projections.catalogue.entries import DECODERS
from projections.catalogue.tables import facts
from projections.engine.bulk_read import read_rows


def positions(
    db: Connection, register: str, kind: str, known_at: datetime, *, first_version: bool = True
) -> Sequence[int]:
    """Where the version of each fact known at an instant lies, in log order: 8 bytes each.

    With `first_version`, that of a fact first written down after the instant is its first version.
    """
    c, at = facts.c, to_microseconds(known_at)
    query = select(c.id, c.position).where(c.register == register, c.kind == kind, c.known_to > at)
    if not first_version:
        query = query.where(c.known_from <= at)
    return _first_of_each(read_rows(db, query.order_by(c.place, c.position)))


def criteria_positions(db: Connection, register: str, known_at: datetime) -> Sequence[int]:
    """The same of approved success criteria, ordered by the first approval of the item."""
    c, first, at = facts.c, facts.alias(), to_microseconds(known_at)
    approved = (
        select(first.c.id, func.min(first.c.position).label("position"))
        .where(first.c.register == register, first.c.kind == "card")
        .group_by(first.c.id)
        .subquery()
    )
    query = (
        select(c.id, c.position)
        .join(approved, approved.c.id == c.id)
        .where(c.register == register, c.kind == "card", c.known_to > at)
        .order_by(approved.c.position, c.place, c.position)
    )
    return _first_of_each(read_rows(db, query))


def facts_at(db: Connection, kind: str, at: Iterable[int]) -> dict[int, Any]:
    """The facts at some positions, a few hundred, by these and in their order; without those removed since."""
    places = list(at)
    rows = read_rows(db, select(facts.c.position, facts.c.data).where(facts.c.position.in_(places)))
    found, decode = dict(rows), DECODERS[kind].decode
    return {position: decode(found[position]) for position in places if position in found}


def _first_of_each(rows: Iterable[tuple[str, int]]) -> Sequence[int]:
    result, last = array("q"), ""
    for ident, position in rows:
        if ident != last:
            result.append(position)
            last = ident
    return result
