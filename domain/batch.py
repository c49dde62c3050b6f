"""Validates several commands in order, each as if the ones before it had been carried out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.base import Aggregate, AnAggregate
from domain.commands import Command
from domain.errors import Refused
from domain.evidence.record import EvidenceRecord
from domain.handlers.context import Changes, CommandContext, Store
from domain.handlers.table import carry_out
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
        self._stored_claims: dict[str, str | None] = {}

    def stream(self, kind: type[AnAggregate], aggregate_id: UUID) -> AnAggregate:
        if aggregate_id not in self.aggregates:
            self.aggregates[aggregate_id] = self.store.stream(kind, aggregate_id)
        aggregate: AnAggregate = self.aggregates[aggregate_id]
        return aggregate

    def find(self, kind: type[AnAggregate], aggregate_id: UUID) -> AnAggregate | None:
        aggregate = self.stream(kind, aggregate_id)
        return aggregate if aggregate.exists else None

    def claim(self, name: str) -> str | None:
        if name not in self.claims and name not in self._stored_claims:
            self._stored_claims[name] = self.store.claim(name)
        return self.claims.get(name) or self._stored_claims[name]

    def record_keys(self, register: str, evidence: UUID | None = None) -> tuple[str, ...]:
        return self.store.record_keys(register, evidence)

    def mentioning(self, register: str, ident: str) -> Iterator[Aggregate]:
        """Those of the store, and every one that a command before has loaded."""
        loaded = list(self.aggregates.values())
        yield from (a for a in loaded if a.exists)
        for aggregate in self.store.mentioning(register, ident):
            if aggregate.id not in self.aggregates:
                self.aggregates[aggregate.id] = aggregate
                yield aggregate


def validate_batch(commands: Sequence[Command], *, by: str, at: datetime, store: Store) -> Changes:
    """All changes of the commands together. Stores nothing.

    Raises `BatchRefused`. A refused command may already have changed an aggregate that later commands share, so their
    refusals are provisional: correct the list and validate it again.
    """
    uncommitted = UncommittedStore(store)
    refused: dict[int, Refused] = {}
    aggregates: dict[UUID, Aggregate] = {}
    records: list[EvidenceRecord] = []
    erased: list[str] = []
    checks: list[tuple[int, Callable[[Store], None]]] = []
    for index, command in enumerate(commands):
        try:
            changes = carry_out(CommandContext(normalized(command), by, at, uncommitted))
        except Refused as e:
            refused[index] = e
            continue
        uncommitted.claims |= changes.claims
        uncommitted.aggregates |= {a.id: a for a in changes.aggregates}
        aggregates |= {a.id: a for a in changes.aggregates}
        records += changes.records
        erased += changes.erased
        checks += [(index, check) for check in changes.checks]
    for index, check in checks:
        try:
            check(uncommitted)
        except Refused as e:
            refused.setdefault(index, e)
    if refused:
        raise BatchRefused(refused)
    return Changes(tuple(aggregates.values()), uncommitted.claims, tuple(records), tuple(erased))
