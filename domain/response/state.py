"""What a response remembers of its events."""

from domain.base import Aggregate
from domain.values import ResponseFacts


class ResponseState(Aggregate):
    register: str
    recommendation: str
    facts: ResponseFacts

    def __init__(self) -> None:
        super().__init__()
        self.is_published = self.is_declined = self.is_withdrawn = False

    def describe(self, register: str, recommendation: str, facts: ResponseFacts) -> None:
        self.register, self.recommendation, self.facts = register, recommendation, facts

    @property
    def is_open(self) -> bool:
        """Whether it is a proposal that no one has decided on."""
        return not (self.is_published or self.is_declined)
