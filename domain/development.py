"""A development: a dated happening on the timeline that changes no status by itself."""

from typing import Self

from domain.base import Aggregate, Event
from domain.facts import Development as DevelopmentFacts
from domain.ids import development_id


class DevelopmentRecorded(Event, frozen=True, kw_only=True, tag="development.recorded"):
    register: str
    facts: DevelopmentFacts

    def first(self) -> "Development":
        return Development()


class Development(Aggregate):
    @classmethod
    def record(cls, register: str, facts: DevelopmentFacts, by: str) -> Self:
        development = cls.begin(development_id(register, facts.id))
        development.trigger(DevelopmentRecorded, by, register=register, facts=facts)
        return development
