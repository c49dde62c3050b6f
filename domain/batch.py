"""Several commands judged one after the other as if those before were carried out, and kept together or not at all."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.base import Aggregate
from domain.commands import Command
from domain.errors import Refused
from domain.evidence.record import EvidenceRecord
from domain.handlers.context import Changes, CommandContext, Store
from domain.handlers.table import HANDLERS
from domain.text import normalized


class BatchRefused(Refused):
    """Nothing was stored. `by_index` holds the refusal of each command that was refused, by its place in the list."""

    def __init__(self, by_index: Mapping[int, Refused]) -> None:
        super().__init__(*(r for refused in by_index.values() for r in refused.refusals))
        self.by_index = by_index


class _Ahead:
    """The store as it would be after the commands before: each aggregate is loaded once, and shared."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.found: dict[UUID, Any] = {}
        self.claims: dict[str, str] = {}

    def find(self, aggregate_id: UUID) -> Any:
        if aggregate_id not in self.found:
            self.found[aggregate_id] = self.store.find(aggregate_id)
        return self.found[aggregate_id]

    def is_claimed(self, name: str) -> bool:
        return name in self.claims or self.store.is_claimed(name)


def validate_batch(commands: Sequence[Command], *, by: str, at: datetime, store: Store) -> Changes:
    """What all of them change about what is there already. Stores nothing; raises `BatchRefused`.

    A refused command may still have had a part in how those after it were judged: send the mended list anew.
    """
    ahead = _Ahead(store)
    refused: dict[int, Refused] = {}
    changed: dict[UUID, Aggregate] = {}
    records: list[EvidenceRecord] = []
    for place, command in enumerate(commands):
        try:
            work = HANDLERS[type(command)](CommandContext(normalized(command), by, at, ahead))
        except Refused as e:
            refused[place] = e
            continue
        ahead.claims |= work.claims
        changed |= {a.id: a for a in work.aggregates}
        records += work.records
    if refused:
        raise BatchRefused(refused)
    return Changes(tuple(changed.values()), ahead.claims, tuple(records))
