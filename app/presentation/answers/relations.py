"""Relations between recommendations as the API returns them, read from both sides."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection

from app.presentation.answers.api_item_models import RelationShape
from domain.recommendation.lineage import ItemKey
from projections.catalogue import queries as catalogue
from projections.lineage import queries as lineage
from projections.lineage.queries import KnownRelation
from projections.scorecards.results import TimePair
from projections.scorecards.summaries import marks


class RegisterRelations:
    """The relations of a register's recommendations, or of some, at a pair of times; those of other registers if they
    are open.
    """

    def __init__(self, db: Connection, register: str, pair: TimePair, ids: Collection[str] | None = None) -> None:
        self._register = register
        self._by_id = lineage.of_register(db, register, pair.as_of, pair.known_at, ids)
        self._visible = visible_registers(db, register, pair.known_at)

    def of(self, ident: str) -> list[RelationShape]:
        return serialize_relations(self._by_id.get(ident, ()), (self._register, ident), self._visible)


def count_with_successors(db: Connection, register: str, pair: TimePair) -> int:
    """How many recommendations on the scorecard have a later edition."""
    visible = visible_registers(db, register, pair.known_at)
    return len(marks(db, register, pair, lineage.continued(db, register, pair.as_of, pair.known_at, visible)))


def relations_of(db: Connection, register: str, ident: str, pair: TimePair) -> list[RelationShape]:
    """The relations of one recommendation at a pair of times."""
    relations = lineage.of_recommendation(db, register, ident, pair.as_of, pair.known_at)
    visible = visible_registers(db, register, pair.known_at) if relations else {register}
    return serialize_relations(relations, (register, ident), visible)


def serialize_relations(
    relations: Iterable[KnownRelation], item: ItemKey, visible: Collection[str]
) -> list[RelationShape]:
    """The relations of one recommendation, without those that registers state which are not open."""
    shapes = []
    for relation in relations:
        if relation.source == item:
            to, direction = relation.facts.to, "outgoing"
        elif relation.register in visible:
            is_here = relation.register == item[0]
            other = relation.recommendation if is_here else f"{relation.register}:{relation.recommendation}"
            to, direction = other, "incoming"
        else:
            continue
        facts = relation.facts
        shapes.append(RelationShape(relation.relation, to, direction, facts.on or None, facts.note))
    return shapes


def visible_registers(db: Connection, register: str, known_at: datetime) -> set[str]:
    """A register, and every other one that was open by an instant."""
    return {register} | {e.id for e in catalogue.registers(db) if e.opened_at and e.opened_at <= known_at}
