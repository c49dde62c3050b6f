"""What all aggregates and events share."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.times import from_microseconds, to_microseconds

AnEvent = TypeVar("AnEvent", bound="Event")
AnAggregate = TypeVar("AnAggregate", bound="Aggregate")
_COLLECTIONS = (dict, list, set)


class Event(Struct, frozen=True, tag_field="topic", omit_defaults=True, kw_only=True, gc=False):
    """Something that happened. Its tag is its stored name and never changes; its fields are what is stored.

    `based_on` is the version of the aggregate that the command was decided on (0 for a first event). The store sets
    `recorded_at` while it holds the lock of the log; until then it is None.
    """

    PUBLIC: ClassVar[bool] = True
    """Whether everyone may see it once its register is open."""

    IS_REMOVAL: ClassVar[bool] = False
    """Whether the aggregate starts again after it, as if it had never been there."""

    class_version: ClassVar[int] = 1
    """The newest version of its stored form; see `domain.event_codec`."""

    originator_id: UUID
    originator_version: int
    recorded_by: str
    based_on: int
    recorded_at: datetime | None = None

    @property
    def who(self) -> str:
        """The person who is responsible: the one that the record names, else the one who recorded it."""
        names = ("published_by", "withdrawn_by", "approved_by")
        return next((str(getattr(self, n)) for n in names if getattr(self, n, "")), self.recorded_by)

    def mutate(self, aggregate: "Aggregate") -> None:
        """Apply this event to the aggregate it belongs to. Raises `ValueError` if another event comes next."""
        if self.originator_version != aggregate.version + 1:
            raise ValueError(f"{type(self).__name__} {self.originator_version} follows {aggregate.version}")
        self.apply(aggregate)
        aggregate.version, aggregate.changed_by = self.originator_version, self.recorded_by
        if self.IS_REMOVAL:
            aggregate.start_over()

    def apply(self, aggregate: Any) -> None:
        """Change what the aggregate needs to know for its next decision."""

    def happened_at(self, imported_at: datetime | None) -> datetime:
        """The instant that counts: the one of the imported record, else when the event was stored."""
        at = imported_at or self.recorded_at
        if at is None:
            raise ValueError(f"{type(self).__name__} is not stored yet")
        return at


def recorded_at(event: AnEvent, stamp: int) -> AnEvent:
    """The event as recorded at the instant (µs) that counts, which can be another than its stamp."""
    if event.recorded_at is None or to_microseconds(event.recorded_at) == stamp:
        return event
    return replace(event, recorded_at=from_microseconds(stamp))


class Aggregate:
    """Decides; remembers only what its decisions need."""

    id: UUID
    version: int = 0
    loaded_version: int = 0
    """The version that was loaded from the store, before any new event."""
    changed_by: str = ""
    """Who recorded its last event."""
    removed_version: int = 0
    """The version that removed it last, 0 if none did. What it was before then is forgotten."""

    def __init__(self) -> None:
        self._pending: list[Event] = []

    @classmethod
    def begin(cls, aggregate_id: UUID) -> Self:
        """A new aggregate without events."""
        aggregate = cls()
        aggregate.id = aggregate_id
        return aggregate

    @classmethod
    def replay(cls, aggregate_id: UUID, events: Iterable[Event], forgotten_before: datetime | None = None) -> Self:
        """The aggregate after its stored events; it does not exist if there are none.

        Events recorded before `forgotten_before` belong to a discarded register: only their versions count.
        """
        aggregate = cls.begin(aggregate_id)
        for event in events:
            if forgotten_before and event.happened_at(None) < forgotten_before:
                aggregate.version = aggregate.removed_version = event.originator_version
            else:
                event.mutate(aggregate)
        aggregate.loaded_version = aggregate.version
        return aggregate

    def copy(self) -> Self:
        """An aggregate of its own in the same state. What its collections hold never changes, so that is shared."""
        other = type(self).__new__(type(self))
        own = vars(self)
        vars(other).update({n: v.copy() if isinstance(v, _COLLECTIONS) else v for n, v in own.items()})
        return other

    @property
    def exists(self) -> bool:
        """Whether something happened to it since it was last removed."""
        return self.version > self.removed_version

    def start_over(self) -> None:
        """Forget everything except the id, the versions and the events that are not saved yet."""
        kept: dict[str, Any] = {
            name: vars(self)[name]
            for name in ("id", "version", "loaded_version", "changed_by", "_pending")
            if name in vars(self)
        }
        vars(self).clear()
        type(self).__init__(self)
        vars(self).update(kept)
        self.removed_version = self.version

    @property
    def natural_id(self) -> str:
        """The id that people use, for refusals that name it."""
        return ""

    def references(self) -> Iterable[tuple[str, str]]:
        """What it refers to now, each as kind and id: it must not be removed before."""
        return ()

    def next_event(self, event: type[AnEvent], by: str, at: datetime | None = None, **fields: object) -> AnEvent:
        """Build the event that would come next, without applying it.

        `at` is the instant of the decision; the store replaces it with its own.
        """
        return event(
            originator_id=self.id,
            originator_version=self.version + 1,
            recorded_by=by,
            based_on=self.loaded_version,
            recorded_at=at,
            **fields,
        )

    def append(self, event: Event) -> None:
        """Apply an event and hold it until the aggregate is saved."""
        event.mutate(self)
        self._pending.append(replace(event, recorded_at=None) if event.recorded_at else event)

    def trigger(self, event: type[Event], by: str, at: datetime | None = None, **fields: object) -> None:
        """Build the next event and append it."""
        self.append(self.next_event(event, by, at, **fields))

    def collect_events(self) -> list[Event]:
        """Take the events that are not saved yet."""
        events, self._pending = self._pending, []
        return events
