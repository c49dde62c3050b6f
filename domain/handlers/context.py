"""What a handler receives and what it returns."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from msgspec import Struct

from domain.base import Aggregate
from domain.errors import Conflict, NotFound
from domain.evidence.aggregate import Evidence
from domain.evidence.record import EvidenceRecord
from domain.ids import evidence_id, recommendation_id, register_id
from domain.recommendation.aggregate import Recommendation
from domain.recommendation.judging_context import JudgingContext
from domain.register.aggregate import Register
from domain.values import EvidenceFacts


class Store(Protocol):
    """What handlers need of the store."""

    def find(self, aggregate_id: UUID) -> Any: ...

    def is_claimed(self, name: str) -> bool: ...


class Changes(Struct, frozen=True):
    """What a command changed: aggregates to save, names claimed for good and what each stands for, texts kept
    beside the log. `made` is the id of what was made, for the person who asked.
    """

    aggregates: tuple[Aggregate, ...]
    claims: dict[str, str] = {}
    records: tuple[EvidenceRecord, ...] = ()
    made: str = ""


class CommandContext(Struct, frozen=True):
    """A command with who gave it, when, and where to look things up."""

    command: Any
    by: str
    at: datetime
    store: Store

    def register(self) -> Register:
        found: Register | None = self.store.find(register_id(self.command.register))
        if found is None:
            raise NotFound(f"There is no register “{self.command.register}”.")
        return found

    def recommendation(self) -> Recommendation:
        found: Recommendation | None = self.store.find(
            recommendation_id(self.command.register, self.command.recommendation)
        )
        if found is None:
            raise NotFound(f"There is no recommendation “{self.command.recommendation}” in “{self.command.register}”.")
        seen = getattr(self.command, "seen", None)
        if seen is not None and seen != found.seen:
            raise Conflict("Somebody changed this recommendation since you opened it; look again.")
        return found

    def evidence(self, ids: Iterable[str]) -> dict[str, Evidence]:
        found = ((e, self.store.find(evidence_id(self.command.register, e))) for e in ids)
        return {e: item for e, item in found if item is not None}

    def setting(self) -> JudgingContext:
        return JudgingContext.of(self.register().settings, self.at)


def facts_of(evidence: Mapping[str, Evidence]) -> dict[str, EvidenceFacts]:
    return {e: item.facts for e, item in evidence.items()}
