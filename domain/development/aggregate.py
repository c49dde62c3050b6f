"""A development: a dated event in the world that changes no status by itself."""

from typing import Self

from domain.development.events import DevelopmentRecorded, DevelopmentRemoved
from domain.development.state import DevelopmentState
from domain.ids import development_id
from domain.values import DevelopmentFacts as DevelopmentFacts


class Development(DevelopmentState):
    @classmethod
    def record(cls, register: str, facts: DevelopmentFacts, by: str, stream: Self | None = None) -> Self:
        """Record a development, in the stream of a removed one with the same id if there is one."""
        development = stream or cls.begin(development_id(register, facts.id))
        development.trigger(DevelopmentRecorded, by, register=register, facts=facts)
        return development

    def remove(self, by: str) -> None:
        self.trigger(DevelopmentRemoved, by, register=self.register, development=self.facts.id)
