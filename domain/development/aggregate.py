"""A development: a dated event in the world that changes no status by itself."""

from typing import Self

from domain.base import Aggregate
from domain.development.events import DevelopmentRecorded
from domain.ids import development_id
from domain.values import DevelopmentFacts as DevelopmentFacts


class Development(Aggregate):
    @classmethod
    def record(cls, register: str, facts: DevelopmentFacts, by: str) -> Self:
        development = cls.begin(development_id(register, facts.id))
        development.trigger(DevelopmentRecorded, by, register=register, facts=facts)
        return development
