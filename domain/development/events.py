"""What can happen to a development."""

from typing import Any, ClassVar

from domain.base import Event
from domain.development.state import DevelopmentState
from domain.upcasts import gather_translations
from domain.values import DevelopmentFacts as DevelopmentFacts


class DevelopmentRecorded(Event, frozen=True, kw_only=True, tag="development.recorded"):
    class_version: ClassVar[int] = 2

    register: str
    facts: DevelopmentFacts

    @staticmethod
    def upcast_v1_v2(fields: dict[str, Any]) -> None:
        gather_translations(fields["facts"])

    def apply(self, aggregate: DevelopmentState) -> None:
        aggregate.register, aggregate.facts = self.register, self.facts


class DevelopmentRemoved(Event, frozen=True, kw_only=True, tag="development.removed"):
    """Removed while the register was prepared; its id can be used again."""

    PUBLIC: ClassVar[bool] = False
    IS_REMOVAL: ClassVar[bool] = True

    register: str
    development: str
