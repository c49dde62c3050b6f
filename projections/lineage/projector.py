"""Stores each relation with the days and instants at which it holds."""

import msgspec
from sqlalchemy import Connection, delete, update

from domain.recommendation.events import (
    RecommendationRemoved,
    RecommendationWithdrawn,
    RelationRemoved,
    RelationStated,
    RelationWithdrawn,
)
from domain.recommendation.lineage import target_of
from domain.register.events import RegisterDiscarded
from domain.times import first_day
from projections.engine.batches import OPEN_END, Batch, EventHandlers, RecordedEvent
from projections.engine.bulk_write import write_rows
from projections.lineage.tables import StoredRelation, metadata, relations

_encode = msgspec.json.Encoder().encode


class Lineage:
    name = "lineage"
    version = 5
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the table."""

    def project(self, batch: Batch, db: Connection) -> None:
        HANDLERS.dispatch(batch.events, db)


def add_relation(recorded: RecordedEvent[RelationStated], db: Connection) -> None:
    event, relation = recorded.event, recorded.event.relation
    target = target_of(event.register, relation.to)
    row = StoredRelation(
        position=recorded.position,
        register=event.register,
        recommendation=event.recommendation,
        relation=relation.relation.value,
        to_register=target.register,
        to_recommendation=target.id or target.address,
        effective_from=first_day(relation.on).toordinal() if relation.on else 0,
        known_from=recorded.known_from(event.published_at),
        known_to=OPEN_END,
        item_known_to=OPEN_END,
        withdrawn_by="",
        withdrawn_reason="",
        data=_encode(relation),
    )
    write_rows(db, relations, [row])


def withdraw_relation(recorded: RecordedEvent[RelationWithdrawn], db: Connection) -> None:
    event, c = recorded.event, relations.c
    target = target_of(event.register, event.to)
    db.execute(
        update(relations)
        .where(
            c.register == event.register,
            c.recommendation == event.recommendation,
            c.relation == event.relation.value,
            c.to_register == target.register,
            c.to_recommendation == (target.id or target.address),
            c.known_to == OPEN_END,
        )
        .values(
            known_to=recorded.known_from(event.withdrawn_at),
            withdrawn_by=event.withdrawn_by,
            withdrawn_reason=event.reason,
        )
    )


def remove_relation(recorded: RecordedEvent[RelationRemoved], db: Connection) -> None:
    event, c = recorded.event, relations.c
    target = target_of(event.register, event.to)
    db.execute(
        delete(relations).where(
            c.register == event.register,
            c.recommendation == event.recommendation,
            c.relation == event.relation.value,
            c.to_register == target.register,
            c.to_recommendation == (target.id or target.address),
            c.known_to == OPEN_END,
        )
    )


def withdraw_recommendation(recorded: RecordedEvent[RecommendationWithdrawn], db: Connection) -> None:
    event, c = recorded.event, relations.c
    db.execute(
        update(relations)
        .where(c.register == event.register, c.recommendation == event.recommendation)
        .values(item_known_to=recorded.known_from(event.withdrawn_at))
    )


def remove_recommendation(recorded: RecordedEvent[RecommendationRemoved], db: Connection) -> None:
    event, c = recorded.event, relations.c
    db.execute(delete(relations).where(c.register == event.register, c.recommendation == event.recommendation))


def remove_register(recorded: RecordedEvent[RegisterDiscarded], db: Connection) -> None:
    db.execute(delete(relations).where(relations.c.register == recorded.event.register))


HANDLERS = (
    EventHandlers[Connection, None]()
    .on(RelationStated, add_relation)
    .on(RelationWithdrawn, withdraw_relation)
    .on(RelationRemoved, remove_relation)
    .on(RecommendationWithdrawn, withdraw_recommendation)
    .on(RecommendationRemoved, remove_recommendation)
    .on(RegisterDiscarded, remove_register)
)
