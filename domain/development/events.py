"""What can happen to a development."""

from typing import Any

from domain.base import Event
from domain.values import Development as DevelopmentFacts


class DevelopmentRecorded(Event, frozen=True, kw_only=True, tag="development.recorded"):
    register: str
    facts: DevelopmentFacts

    def first(self) -> Any:
        from domain.development.aggregate import Development

        return Development()
