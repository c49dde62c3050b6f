"""What a development remembers of its events: as much as its next decision needs."""

from collections.abc import Iterator

from domain.base import Aggregate
from domain.values import DevelopmentFacts


class DevelopmentState(Aggregate):
    register: str
    facts: DevelopmentFacts

    @property
    def natural_id(self) -> str:
        return self.facts.id

    def references(self) -> Iterator[tuple[str, str]]:
        for recommendation in self.facts.recommendations:
            yield "recommendation", recommendation
        for evidence in self.facts.evidence:
            yield "evidence", evidence
