"""What all aggregates and events share, in the shape that the event-sourcing library's repository expects."""

from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace


class Event(Struct, frozen=True, tag_field="topic", omit_defaults=True, kw_only=True):
    """Something that happened. Its tag is its stored name and never changes; its fields are what is stored.

    `based_on` is the version of the aggregate that the person who gave the command had before them (0 for a
    first event). `recorded_at` is stamped by the store inside the lock of the log; before that it is None.
    """

    PUBLIC: ClassVar[bool] = True
    """Whether anybody may see it once its register is open."""

    class_version: ClassVar[int] = 1
    """The newest version of its stored form; see `domain.event_codec`."""

    originator_id: UUID
    originator_version: int
    recorded_by: str
    based_on: int
    recorded_at: datetime | None = None

    @property
    def who(self) -> str:
        """Who stands behind it: the person's id where the record names one, else who recorded it."""
        named = ("published_by", "withdrawn_by", "approved_by")
        return next((str(getattr(self, n)) for n in named if getattr(self, n, "")), self.recorded_by)

    def mutate(self, aggregate: Any) -> Any:
        """Apply this event to the aggregate it belongs to (None for a first event), and return it."""
        if aggregate is None:
            aggregate = self.first()
            aggregate.id = self.originator_id
        elif self.originator_version != aggregate.version + 1:
            raise ValueError(f"{type(self).__name__} {self.originator_version} follows {aggregate.version}")
        self.apply(aggregate)
        aggregate.version = self.originator_version
        return aggregate

    def first(self) -> Any:
        """A new, empty aggregate for this event to fill. Only first events have one."""
        raise ValueError(f"{type(self).__name__} cannot come first")

    def apply(self, aggregate: Any) -> None:
        """Change what the aggregate needs to know for its next decision."""

    def happened_at(self, given: datetime | None) -> datetime:
        """The instant that counts: the one brought along from an earlier record, else when it was stored."""
        at = given or self.recorded_at
        if at is None:
            raise ValueError(f"{type(self).__name__} is not stored yet")
        return at


class Aggregate:
    """Decides; holds only what its decisions need."""

    id: UUID
    version: int = 0

    def __init__(self) -> None:
        self._pending: list[Event] = []
        self.seen = 0

    def trigger(self, event: type[Event], by: str, at: datetime | None = None, **fields: Any) -> None:
        """Let an event happen: apply it and keep it until the aggregate is saved.

        `at` is the instant at which it is decided; the store puts its own stamp in its place.
        """
        happened = event(
            originator_id=self.id,
            originator_version=self.version + 1,
            recorded_by=by,
            based_on=self.seen,
            recorded_at=at,
            **fields,
        )
        happened.mutate(self)
        self._pending.append(replace(happened, recorded_at=None) if at else happened)

    @classmethod
    def begin(cls, aggregate_id: UUID) -> Self:
        """A new aggregate without history, about to trigger its first event."""
        new = cls()
        new.id = aggregate_id
        return new

    def collect_events(self) -> list[Event]:
        """The events that are not saved yet; asking empties the list."""
        collected, self._pending = self._pending, []
        return collected
