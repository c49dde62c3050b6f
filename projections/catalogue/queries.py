"""Facts as they were known at an instant."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Select, bindparam, case, func, or_, select

from domain.times import from_microseconds, to_microseconds
from domain.values import Body, DevelopmentFacts, Element, Logo, Publication, ReviewSchedule, Theme
from projections.catalogue.body_tree import BodyTree
from projections.catalogue.entries import (
    DECODERS,
    PLACE_DECODER,
    CriteriaEntry,
    DeadlineEntry,
    ElementEntry,
    EvidenceEntry,
    MergeEntry,
    PlacedRecommendation,
    RecommendationEntry,
    RecommendationPlace,
    RegisterEntry,
    RegisterOpening,
)
from projections.catalogue.known import facts_of_recommendation, known_fact, known_facts
from projections.catalogue.tables import IS_OF_REGISTER, facts, outdated
from projections.engine.reading import read_once
from projections.engine.rows import NamedRow

T = TypeVar("T")

_REGISTERS = select(facts).where(IS_OF_REGISTER).order_by(facts.c.register, facts.c.position)
_REGISTER = _REGISTERS.where(facts.c.register == bindparam("register"))
NAMES_PER_QUERY = 500
"""How many names one query takes, so that no driver runs out of parameters."""


def registers(db: Connection) -> list[RegisterEntry]:
    """All registers, open or not, in the order of their ids."""
    return list(read_once(db, _REGISTERS, lambda: _register_entries(db.execute(_REGISTERS))).values())


def register(db: Connection, register_id: str) -> RegisterEntry | None:
    return _register_entries(db.execute(_REGISTER, {"register": register_id})).get(register_id)


def _register_entries(rows: Iterable[NamedRow]) -> dict[str, RegisterEntry]:
    entries: dict[str, RegisterEntry] = {}
    for row in rows:
        _add_register_row(entries, row)
    return entries


def _add_register_row(entries: dict[str, RegisterEntry], row: NamedRow) -> None:
    at = from_microseconds(row.known_from)
    value = DECODERS[row.kind].decode(row.data)
    if row.kind == "opening":
        entries[row.register] = msgspec.structs.replace(entries[row.register], opened_at=at, origin=value.origin)
    elif entry := entries.get(row.register):
        earlier = (*entry.earlier, (at, entry.settings))
        entries[row.register] = msgspec.structs.replace(entry, settings=value.settings, earlier=earlier)
    else:
        entries[row.register] = RegisterEntry(value.settings, at, opened_elsewhere_at=value.opened_elsewhere_at)


def opening(db: Connection, register_id: str) -> RegisterOpening | None:
    """The opening of a register; None while it is prepared."""
    query = select(facts).where(facts.c.register == register_id, facts.c.kind == "opening")
    row = db.execute(query).first()
    if row is None:
        return None
    result: RegisterOpening = DECODERS["opening"].decode(row.data)
    return msgspec.structs.replace(result, position=row.position)


def logo(db: Connection, register_id: str, known_at: datetime) -> Logo:
    """The logo of a register; one without a picture if it had none."""
    result: Logo = known_facts(db, register_id, "logo", known_at, first_version=False).get(register_id, Logo())
    return result


def logos(db: Connection, register_id: str) -> list[Logo]:
    """Every logo that a register ever had, the last one first."""
    query = select(facts.c.data).where(facts.c.register == register_id, facts.c.kind == "logo")
    decode = DECODERS["logo"].decode
    return [decode(data) for data in db.scalars(query.order_by(facts.c.position.desc()))]


def themes(db: Connection, register_id: str, known_at: datetime) -> dict[str, Theme]:
    return known_facts(db, register_id, "theme", known_at)


def publications(db: Connection, register_id: str, known_at: datetime) -> dict[str, Publication]:
    return known_facts(db, register_id, "publication", known_at)


def bodies(db: Connection, register_id: str, known_at: datetime) -> dict[str, Body]:
    return known_facts(db, register_id, "body", known_at)


def merges(db: Connection, register_id: str, known_at: datetime) -> dict[str, MergeEntry]:
    """The bodies that were merged into others by then, by id."""
    return known_facts(db, register_id, "merge", known_at, first_version=False)


def body_tree(db: Connection, register_id: str, known_at: datetime) -> BodyTree:
    into = {body: entry.merge.into for body, entry in merges(db, register_id, known_at).items()}
    return BodyTree(bodies(db, register_id, known_at), into)


def reviews(db: Connection, register_id: str, known_at: datetime) -> dict[str, ReviewSchedule]:
    return known_facts(db, register_id, "review", known_at)


def recommendations(db: Connection, register_id: str, known_at: datetime) -> dict[str, RecommendationEntry]:
    return known_facts(db, register_id, "recommendation", known_at)


def recommendations_of(
    db: Connection, register_id: str, known_at: datetime, ids: Iterable[str]
) -> dict[str, RecommendationEntry]:
    """Those of some ids, by id."""
    names, entries = sorted(ids), dict[str, RecommendationEntry]()
    for start in range(0, len(names), NAMES_PER_QUERY):
        part = names[start : start + NAMES_PER_QUERY]
        entries |= known_facts(db, register_id, "recommendation", known_at, ids=part)
    return entries


def recommendation_places(db: Connection, register_id: str, known_at: datetime) -> dict[str, RecommendationPlace]:
    """What decides the places of a register's recommendations, which takes little memory also where there are many."""
    entries: dict[str, PlacedRecommendation] = known_facts(
        db, register_id, "recommendation", known_at, decoder=PLACE_DECODER
    )
    return {ident: entry.facts for ident, entry in entries.items()}


def recommendation(
    db: Connection, register_id: str, recommendation_id: str, known_at: datetime
) -> RecommendationEntry | None:
    entries: dict[str, RecommendationEntry] = known_facts(
        db, register_id, "recommendation", known_at, ids=[recommendation_id]
    )
    return entries.get(recommendation_id)


def neighbours(
    db: Connection, register_id: str, known_at: datetime, recommendation_id: str
) -> tuple[RecommendationEntry | None, RecommendationEntry | None]:
    """The recommendations before and after one, in the order of their ids."""
    at = to_microseconds(known_at)
    query = select(facts.c.data).where(
        *(facts.c.register == register_id, facts.c.kind == "recommendation"),
        *(facts.c.known_from <= at, facts.c.known_to > at),
    )
    before = query.where(facts.c.id < recommendation_id).order_by(facts.c.id.desc()).limit(1)
    after = query.where(facts.c.id > recommendation_id).order_by(facts.c.id).limit(1)
    decode = DECODERS["recommendation"].decode
    found = [db.scalar(one) for one in (before, after)]
    return tuple(decode(data) if data else None for data in found)  # type: ignore[return-value]


def elements(
    db: Connection, register_id: str, known_at: datetime, recommendation_id: str | None = None
) -> list[ElementEntry]:
    """Elements in the order in which they were added; only those known by then."""
    return _values(db, register_id, "element", known_at, recommendation_id, first_version=False)


def elements_by_id(
    db: Connection, register_id: str, known_at: datetime, ids: Collection[tuple[str, str]]
) -> dict[tuple[str, str], Element]:
    """Some elements by the ids of their recommendation and of themselves."""
    if len({recommendation for recommendation, _element in ids}) == 1:
        of_one = facts_of_recommendation(db, register_id, "element", known_at, next(iter(ids))[0])
        return {ident: of_one["/".join(ident)].element for ident in ids if "/".join(ident) in of_one}
    names, found = sorted("/".join(ident) for ident in ids), dict[tuple[str, str], Element]()
    for start in range(0, len(names), NAMES_PER_QUERY):
        entries: dict[str, ElementEntry] = known_facts(
            db, register_id, "element", known_at, ids=names[start : start + NAMES_PER_QUERY]
        )
        found |= {(e.recommendation, e.element.id): e.element for e in entries.values()}
    return found


def success_criteria(
    db: Connection, register_id: str, known_at: datetime, recommendation_id: str | None = None
) -> list[CriteriaEntry]:
    """Approved cards, one an item; an item whose card came later shows its first."""
    return _values(db, register_id, "card", known_at, recommendation_id, first_version=True)


def facts_page(
    db: Connection, register_id: str, kind: str, known_at: datetime, *, after: int, limit: int
) -> list[tuple[int, str, Any]]:
    """Facts of a kind in the order in which they were added, after a place: place, id and entry of each."""
    at = to_microseconds(known_at)
    query = select(facts.c.place, facts.c.id, facts.c.data).where(
        *(facts.c.register == register_id, facts.c.kind == kind, facts.c.place > after),
        *(facts.c.known_from <= at, facts.c.known_to > at),
    )
    decode = DECODERS[kind].decode
    return [(row.place, row.id, decode(row.data)) for row in db.execute(query.order_by(facts.c.place).limit(limit))]


def facts_of(db: Connection, register_id: str, kind: str, known_at: datetime, ids: Iterable[str]) -> dict[str, Any]:
    """Facts of a kind by id, those of some ids."""
    return known_facts(db, register_id, kind, known_at, ids=ids, first_version=False)


def fact_of(db: Connection, register_id: str, kind: str, known_at: datetime, ident: str) -> Any:
    """One fact as it was known at an instant, or its first version if it came later; None if there is none."""
    return known_fact(db, register_id, kind, known_at, ident)


def ids_page(db: Connection, register_id: str, kind: str, known_at: datetime, *, skip: int, limit: int) -> list[str]:
    """The ids of the facts of a kind, in order, after the first `skip`."""
    query = _ids(register_id, kind, known_at).order_by(facts.c.id).offset(skip).limit(limit)
    return list(db.scalars(query))


def count_ids(db: Connection, register_id: str, kind: str, known_at: datetime) -> int:
    return db.scalar(select(func.count()).select_from(_ids(register_id, kind, known_at).subquery())) or 0


def _ids(register_id: str, kind: str, known_at: datetime) -> Select[tuple[str]]:
    at = to_microseconds(known_at)
    return select(facts.c.id).where(
        *(facts.c.register == register_id, facts.c.kind == kind, facts.c.known_from <= at, facts.c.known_to > at)
    )


def items_without_criteria(
    db: Connection, register_id: str, known_at: datetime, *, after: int, limit: int
) -> list[tuple[int, str]]:
    """Items without approved success criteria: their places after one, and "recommendation/element" of each."""
    query = _items(register_id, known_at, has_criteria=False).where(facts.c.place > after)
    return [(row.place, row.name) for row in db.execute(query.order_by(facts.c.place).limit(limit))]


def count_items(db: Connection, register_id: str, known_at: datetime) -> tuple[int, int]:
    """How many items there are (recommendations without parts, and parts), and how many have approved criteria."""
    return (
        _count(db, _items(register_id, known_at)),
        _count(db, _items(register_id, known_at, has_criteria=True)),
    )


def count_facts(db: Connection, register_id: str, known_at: datetime) -> dict[str, int]:
    """How many facts of each kind a register has; a kind without any is missing."""
    at = to_microseconds(known_at)
    query = select(facts.c.kind, func.count().label("n")).where(
        facts.c.register == register_id, facts.c.known_from <= at, facts.c.known_to > at
    )
    return {row.kind: row.n for row in db.execute(query.group_by(facts.c.kind))}


def _count(db: Connection, query: Select[tuple[int, str]]) -> int:
    return db.scalar(select(func.count()).select_from(query.subquery())) or 0


def _items(register_id: str, known_at: datetime, *, has_criteria: bool | None = None) -> Select[tuple[int, str]]:
    """Place and "recommendation/element" of each item: a recommendation without parts, or a part."""
    at, card, part = to_microseconds(known_at), facts.alias(), facts.alias()
    name = case((facts.c.kind == "element", facts.c.id), else_=facts.c.id + "/")
    approved = (
        select(card.c.id)
        .where(*(card.c.register == register_id, card.c.kind == "card", card.c.id == name, card.c.known_to > at))
        .exists()
    )
    has_part = select(part.c.id).where(
        *(part.c.register == register_id, part.c.kind == "element", part.c.known_to > at),
        *(part.c.id > facts.c.id + "/", part.c.id < facts.c.id + "0"),
    )
    query = select(facts.c.place, name.label("name")).where(
        *(facts.c.register == register_id, facts.c.kind.in_(("recommendation", "element"))),
        *(facts.c.known_from <= at, facts.c.known_to > at),
        or_(facts.c.kind == "element", ~has_part.exists()),
    )
    if has_criteria is None:
        return query
    return query.where(approved if has_criteria else ~approved)


def first_approvals(db: Connection, register_id: str) -> dict[str, int]:
    """The position of the first approved success criteria of each item, by "recommendation/element"."""
    query = select(facts.c.id, func.min(facts.c.position).label("first")).where(
        facts.c.register == register_id, facts.c.kind == "card"
    )
    return {row.id: row.first for row in db.execute(query.group_by(facts.c.id))}


def outdated_translations(db: Connection, register_id: str) -> set[tuple[str, str, str]]:
    """Kind, id and field of each translation whose original changed after it was last written or checked."""
    query = select(outdated.c.kind, outdated.c.id, outdated.c.field).where(outdated.c.register == register_id)
    return {(row.kind, row.id, row.field) for row in db.execute(query)}


def evidence(
    db: Connection, register_id: str, known_at: datetime, ids: Iterable[str] | None = None
) -> dict[str, EvidenceEntry]:
    return known_facts(db, register_id, "evidence", known_at, ids=ids)


def first_known(db: Connection, register_id: str, kind: str) -> dict[str, datetime]:
    """When each fact of a kind was first known, by id."""
    query = (
        select(facts.c.id, func.min(facts.c.known_from).label("at"))
        .where(facts.c.register == register_id, facts.c.kind == kind)
        .group_by(facts.c.id)
    )
    return {row.id: from_microseconds(row.at) for row in db.execute(query)}


def developments(
    db: Connection, register_id: str, known_at: datetime, recommendation_id: str | None = None
) -> list[DevelopmentFacts]:
    """Developments in log order, of a register or of one recommendation; only those known by then."""
    result: dict[str, DevelopmentFacts] = known_facts(db, register_id, "development", known_at, first_version=False)
    return [d for d in result.values() if recommendation_id is None or recommendation_id in d.recommendations]


def deadlines(
    db: Connection, register_id: str, known_at: datetime, recommendation_id: str | None = None
) -> list[DeadlineEntry]:
    """Deadlines in log order, of a register or of one recommendation, withdrawn ones too; only those known by then."""
    return _values(db, register_id, "deadline", known_at, recommendation_id, first_version=False)


def _values(
    db: Connection,
    register_id: str,
    kind: str,
    known_at: datetime,
    recommendation_id: str | None,
    *,
    first_version: bool,
) -> list[Any]:
    """Facts of a register, or those that belong to one recommendation."""
    if recommendation_id is not None:
        of = facts_of_recommendation(db, register_id, kind, known_at, recommendation_id, first_version=first_version)
        return list(of.values())
    return list(known_facts(db, register_id, kind, known_at, first_version=first_version).values())
