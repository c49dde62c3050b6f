"""Validates several commands in order, each as if the ones before it had been carried out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.base import Aggregate, AnAggregate
from domain.commands import Command
from domain.errors import Refused
from domain.evidence.record import EvidenceRecord
from domain.handlers.context import Changes, CommandContext, Store
from domain.handlers.table import HANDLERS
from domain.text import normalized


class BatchRefused(Refused):
    """Nothing was stored. `by_index` holds the refusal of each refused command, by its index in the list."""

    def __init__(self, by_index: Mapping[int, Refused]) -> None:
        super().__init__(*(reason for refused in by_index.values() for reason in refused.refusals))
        self.by_index = by_index


class UncommittedStore:
    """A store with the effects of the commands before. Loads each aggregate once, so that commands share it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.aggregates: dict[UUID, Any] = {}
        self.claims: dict[str, str] = {}

    def find(self, kind: type[AnAggregate], aggregate_id: UUID) -> AnAggregate | None:
        if aggregate_id not in self.aggregates:
            self.aggregates[aggregate_id] = self.store.find(kind, aggregate_id)
        aggregate: AnAggregate | None = self.aggregates[aggregate_id]
        return aggregate

    def is_claimed(self, name: str) -> bool:
        return name in self.claims or self.store.is_claimed(name)


def validate_batch(commands: Sequence[Command], *, by: str, at: datetime, store: Store) -> Changes:
    """All changes of the commands together. Stores nothing.

    Raises `BatchRefused`. A refused command may already have changed an aggregate that later commands share, so their
    refusals are provisional: correct the list and validate it again.
    """
    uncommitted = UncommittedStore(store)
    refused: dict[int, Refused] = {}
    aggregates: dict[UUID, Aggregate] = {}
    records: list[EvidenceRecord] = []
    for index, command in enumerate(commands):
        try:
            changes = HANDLERS[type(command)](CommandContext(normalized(command), by, at, uncommitted))
        except Refused as e:
            refused[index] = e
            continue
        uncommitted.claims |= changes.claims
        uncommitted.aggregates |= {a.id: a for a in changes.aggregates}
        aggregates |= {a.id: a for a in changes.aggregates}
        records += changes.records
    if refused:
        raise BatchRefused(refused)
    return Changes(tuple(aggregates.values()), uncommitted.claims, tuple(records))
