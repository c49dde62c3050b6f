"""What a response remembers of its events."""

from collections.abc import Iterator

from domain.base import Aggregate
from domain.values import ResponseFacts


class ResponseState(Aggregate):
    register: str
    recommendation: str
    facts: ResponseFacts

    def __init__(self) -> None:
        super().__init__()
        self.is_published = self.is_declined = self.is_withdrawn = False

    @property
    def natural_id(self) -> str:
        return self.facts.id

    def references(self) -> Iterator[tuple[str, str]]:
        yield "recommendation", self.recommendation
        yield "element", f"{self.recommendation}/{self.facts.element}"
        yield "body", self.facts.body
        yield "assessment", self.facts.assessment
        for evidence in self.facts.evidence:
            yield "evidence", evidence

    def describe(self, register: str, recommendation: str, facts: ResponseFacts) -> None:
        self.register, self.recommendation, self.facts = register, recommendation, facts
