"""Reads facts as they were known at an instant."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, bindparam, select

from domain.times import to_microseconds
from projections.catalogue.entries import DECODERS
from projections.catalogue.tables import facts
from projections.engine.reading import is_read, read_once

StoredVersion = tuple[str, int, bytes]
"""The id of a fact, since when this version of it was known (µs), and the fact as JSON."""
READ_TOGETHER = (("theme", "publication", "review", "logo"), ("body", "merge"))
"""Kinds of which a page about a register asks for several, and of which there are few."""
OF_RECOMMENDATION = ("element", "card", "deadline")
"""Kinds whose ids begin with that of a recommendation."""
_GROUP_OF = {kind: kinds for kinds in READ_TOGETHER for kind in kinds}


def known_facts(
    db: Connection,
    register_id: str,
    kind: str,
    known_at: datetime,
    *,
    ids: Iterable[str] | None = None,
    first_version: bool = True,
    decoder: msgspec.json.Decoder[Any] | None = None,
) -> dict[str, Any]:
    """The version of each fact known at an instant, in log order; or of those of some ids.

    With `first_version`, a fact first written down after the instant is described by its first version: a view
    of a time before the register opened is reconstructed, and must still name what it shows.
    """
    values: dict[str, Any] = {"register": register_id, "kinds": (kind,), "instant": to_microseconds(known_at)}
    if ids is None and kind in _GROUP_OF:
        return _of_group(db, kind, values | {"kinds": _GROUP_OF[kind]}, first_version=first_version)
    rows = _read(db, values if ids is None else values | {"ids": list(ids)})[kind]
    decode = (decoder or DECODERS[kind]).decode
    return _decoded(rows, values["instant"], first_version=first_version, decode=decode)


def facts_of_recommendation(
    db: Connection,
    register_id: str,
    kind: str,
    known_at: datetime,
    recommendation_id: str,
    *,
    first_version: bool = True,
) -> dict[str, Any]:
    """Facts of one of the kinds that belong to a recommendation, which are read together."""
    values: dict[str, Any] = {"register": register_id, "kinds": OF_RECOMMENDATION, "instant": to_microseconds(known_at)}
    values |= {"first": f"{recommendation_id}/", "end": f"{recommendation_id}0"}
    return _of_group(db, kind, values, first_version=first_version)


def known_fact(db: Connection, register_id: str, kind: str, known_at: datetime, ident: str) -> Any:
    """One fact as it was known at an instant, or its first version if it came later; None if there is none."""
    if kind in OF_RECOMMENDATION:
        return facts_of_recommendation(db, register_id, kind, known_at, ident.partition("/")[0]).get(ident)
    group = _GROUP_OF.get(kind, ())
    if is_read(db, _question({"register": register_id, "kinds": group, "instant": to_microseconds(known_at)})):
        return known_facts(db, register_id, kind, known_at).get(ident)
    return known_facts(db, register_id, kind, known_at, ids=[ident]).get(ident)


def _of_group(db: Connection, kind: str, values: dict[str, Any], *, first_version: bool) -> dict[str, Any]:
    """The facts of a kind, of which those of its group are read once."""
    question, instant, decode = _question(values), values["instant"], DECODERS[kind].decode
    group = read_once(db, question, lambda: _read(db, values))
    found = read_once(
        db,
        (question, kind, first_version),
        lambda: _decoded(group[kind], instant, first_version=first_version, decode=decode),
    )
    return found.copy()


def _question(values: dict[str, Any]) -> Hashable:
    return (known_facts, *values.values())


def _read(db: Connection, values: dict[str, Any]) -> Mapping[str, Sequence[StoredVersion]]:
    """The versions known at an instant and later by kind, in log order."""
    found: dict[str, list[StoredVersion]] = {kind: [] for kind in values["kinds"]}
    for row in db.execute(_versions(frozenset(values)), values):
        found[row.kind].append((row.id, row.known_from, row.data))
    return found


@cache
def _versions(values: frozenset[str]) -> Select[tuple[str, str, int, bytes]]:
    c = facts.c
    query = select(c.kind, c.id, c.known_from, c.data).where(
        *(c.register == bindparam("register"), c.kind.in_(bindparam("kinds", expanding=True))),
        c.known_to > bindparam("instant"),
    )
    if "ids" in values:
        query = query.where(c.id.in_(bindparam("ids", expanding=True)))
    if "first" in values:
        query = query.where(c.id >= bindparam("first"), c.id < bindparam("end"))
    return query.order_by(c.place, c.position)


def _decoded(rows: Sequence[StoredVersion], instant: int, *, first_version: bool, decode: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for ident, known_from, data in rows:
        if ident not in found and (first_version or known_from <= instant):
            found[ident] = decode(data)
    return found
