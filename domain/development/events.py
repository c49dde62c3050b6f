"""What can happen to a development."""

from domain.base import Event
from domain.values import DevelopmentFacts as DevelopmentFacts


class DevelopmentRecorded(Event, frozen=True, kw_only=True, tag="development.recorded"):
    register: str
    facts: DevelopmentFacts
