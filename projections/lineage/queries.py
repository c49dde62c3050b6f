"""Relations at a pair of times: those of a recommendation or a register, successors, and the chain of editions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, and_, or_, select

from domain.codes import RelationKind
from domain.recommendation.lineage import LINEAGE_KINDS, ItemKey
from domain.times import from_microseconds, to_microseconds
from domain.values import Relation
from projections.engine.batches import OPEN_END
from projections.engine.reading import read_once
from projections.engine.rows import NamedRow
from projections.lineage.tables import relations

NAMES_PER_QUERY = 500
MAX_EDITIONS = 200
"""How many recommendations a chain holds at most."""

_decode = msgspec.json.Decoder(Relation).decode
_KINDS = [kind.value for kind in LINEAGE_KINDS]


class KnownRelation(Struct, frozen=True):
    """A relation from a recommendation to another one. For an address outside, `to_register` is empty."""

    register: str
    recommendation: str
    relation: RelationKind
    to_register: str
    to: str
    facts: Relation

    @property
    def source(self) -> ItemKey:
        return self.register, self.recommendation

    @property
    def target(self) -> ItemKey:
        return self.to_register, self.to


class RelationRecord(Struct, frozen=True):
    """A relation with its instants, as a bundle has it; `withdrawn_at` is set if it was withdrawn by then."""

    recommendation: str
    facts: Relation
    published_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_reason: str = ""


def of_recommendation(
    db: Connection, register: str, recommendation: str, as_of: date, known_at: datetime
) -> list[KnownRelation]:
    """The relations from and to a recommendation that hold, in the order in which they were stated."""
    c = relations.c
    query = select(relations).where(
        or_(
            and_(c.register == register, c.recommendation == recommendation),
            and_(c.to_register == register, c.to_recommendation == recommendation),
        ),
        *_at(as_of, known_at),
    )
    question = (of_recommendation, register, recommendation, as_of, known_at)
    return read_once(db, question, lambda: [_known(row) for row in db.execute(query.order_by(c.position))])


def of_register(
    db: Connection, register: str, as_of: date, known_at: datetime, ids: Collection[str] | None = None
) -> dict[str, list[KnownRelation]]:
    """The relations of every recommendation of a register that has any, from and to it, by its id; or those of some."""
    c = relations.c
    own, others = c.register == register, c.to_register == register
    if ids is None:
        rows = list(db.execute(select(relations).where(or_(own, others), *_at(as_of, known_at))))
    else:
        names, rows = sorted(ids), []
        for start in range(0, len(names), NAMES_PER_QUERY):
            part = names[start : start + NAMES_PER_QUERY]
            named = and_(own, c.recommendation.in_(part)), and_(others, c.to_recommendation.in_(part))
            rows += db.execute(select(relations).where(or_(*named), *_at(as_of, known_at)))
    by_id: dict[str, list[KnownRelation]] = defaultdict(list)
    for _position, row in sorted({row.position: row for row in rows}.items()):
        relation = _known(row)
        if relation.register == register:
            by_id[relation.recommendation].append(relation)
        if relation.to_register == register and relation.source != relation.target:
            by_id[relation.to].append(relation)
    return by_id


def continued(
    db: Connection, register: str, as_of: date, known_at: datetime, open_registers: Collection[str]
) -> set[str]:
    """The recommendations of a register that have a later edition in a register that is open."""
    c = relations.c
    query = select(c.to_recommendation).where(
        *(c.to_register == register, c.relation.in_(_KINDS), c.register.in_(open_registers)), *_at(as_of, known_at)
    )
    return set(db.scalars(query))


def successors(found: Iterable[KnownRelation], item: ItemKey, open_registers: Collection[str]) -> tuple[ItemKey, ...]:
    """Of relations of a recommendation, the later editions of it in registers that are open."""
    return tuple(
        r.source for r in found if r.target == item and r.relation in LINEAGE_KINDS and r.register in open_registers
    )


def chain(
    db: Connection,
    item: ItemKey,
    as_of: date,
    known_at: datetime,
    open_registers: Collection[str],
) -> tuple[list[ItemKey], list[KnownRelation]]:
    """All editions connected with a recommendation through open registers, and the relations between them.

    Each is visited once. At most `MAX_EDITIONS`; addresses outside are ends.
    """
    waiting, visited = [item], {item}
    between: dict[tuple[ItemKey, RelationKind, ItemKey], KnownRelation] = {}
    editions: list[ItemKey] = []
    while waiting and len(editions) < MAX_EDITIONS:
        current = waiting.pop(0)
        editions.append(current)
        if not current[0]:
            continue
        for relation in of_recommendation(db, *current, as_of, known_at):
            other = relation.target if relation.source == current else relation.source
            if relation.relation not in LINEAGE_KINDS or (other[0] and other[0] not in open_registers):
                continue
            between[relation.source, relation.relation, relation.target] = relation
            if other not in visited:
                visited.add(other)
                waiting.append(other)
    return editions, list(between.values())


def stated_by(db: Connection, register: str, recommendation: str, known_at: datetime) -> list[KnownRelation]:
    """The relations that a recommendation states, whatever their days; those withdrawn by then are left out."""
    c = relations.c
    query = select(relations).where(
        c.register == register, c.recommendation == recommendation, *_at(date.max, known_at)
    )
    return [_known(row) for row in db.execute(query.order_by(c.position))]


def earlier_editions_elsewhere(
    db: Connection, register: str, starts: Iterable[ItemKey], known_at: datetime
) -> dict[ItemKey, list[ItemKey]]:
    """What recommendations of other registers continue, for all that `starts` lead to without entering the register."""
    waiting, earlier = [item for item in starts if item[0] != register], dict[ItemKey, list[ItemKey]]()
    while waiting:
        item = waiting.pop()
        if item in earlier:
            continue
        stated = stated_by(db, *item, known_at)
        earlier[item] = [r.target for r in stated if r.relation in LINEAGE_KINDS and r.to_register]
        waiting += [key for key in earlier[item] if key[0] != register]
    return earlier


def stated_positions(db: Connection, register: str, as_of: date, known_at: datetime) -> list[int]:
    """Where every relation from a register lies that was published by then, withdrawn ones too, in log order."""
    c = relations.c
    query = select(c.position).where(
        c.register == register, c.known_from <= to_microseconds(known_at), c.effective_from <= as_of.toordinal()
    )
    return list(db.scalars(query.order_by(c.position)))


def stated_at(db: Connection, positions: Sequence[int], known_at: datetime) -> list[RelationRecord]:
    """The relations at some of these positions, a few hundred, as known at an instant."""
    query = select(relations).where(relations.c.position.in_(positions)).order_by(relations.c.position)
    return [_record(row, to_microseconds(known_at)) for row in db.execute(query)]


def _record(row: NamedRow, instant: int) -> RelationRecord:
    is_withdrawn = row.known_to <= instant and row.known_to < OPEN_END
    return RelationRecord(
        recommendation=row.recommendation,
        facts=_decode(row.data),
        published_at=from_microseconds(row.known_from),
        withdrawn_at=from_microseconds(row.known_to) if is_withdrawn else None,
        withdrawn_by=row.withdrawn_by if is_withdrawn else "",
        withdrawn_reason=row.withdrawn_reason if is_withdrawn else "",
    )


def _at(as_of: date, known_at: datetime) -> tuple[ColumnElement[bool], ...]:
    c, instant = relations.c, to_microseconds(known_at)
    return (
        c.effective_from <= as_of.toordinal(),
        c.known_from <= instant,
        c.known_to > instant,
        c.item_known_to > instant,
    )


def _known(row: NamedRow) -> KnownRelation:
    return KnownRelation(
        register=row.register,
        recommendation=row.recommendation,
        relation=RelationKind(row.relation),
        to_register=row.to_register,
        to=row.to_recommendation,
        facts=_decode(row.data),
    )
