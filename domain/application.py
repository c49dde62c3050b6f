"""The tracker: carries out commands and keeps their events, in the event-sourcing library's application."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import IntegrityError, Mapper, StoredEvent
from eventsourcing.utils import Environment

from domain.base import Aggregate, Event
from domain.batch import validate_batch
from domain.commands import Command
from domain.errors import Conflict, Refused
from domain.events import read_event, topic_of, write_event
from domain.evidence.record import EvidenceRecord
from domain.handlers.context import Changes, CommandContext
from domain.handlers.table import HANDLERS
from domain.text import normalized


class EventMapper(Mapper[UUID]):
    """Between events and the bytes of the log. `salt` gives each event its own random text."""

    def __init__(self, salt: Callable[[], str]) -> None:
        self.salt = salt

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=topic_of(domain_event),
            state=write_event(domain_event, self.salt()),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        return read_event(stored_event.state)


def replayed(aggregate: Any, events: Iterable[Event]) -> Any:
    """The aggregate after some events. The library's own function checks a protocol for each event, which takes
    longer than all the rest of a command."""
    for event in events:
        aggregate = event.mutate(aggregate)
    return aggregate


class Tracker(Application[UUID]):
    """`env` names the recorder and its settings; nothing is taken from the process environment."""

    def __init__(self, env: dict[str, str], salt: Callable[[], str]) -> None:
        self._salt = salt
        super().__init__(env)

    def construct_env(self, name: str, env: Any = None) -> Environment:
        return Environment(name, dict(env or {}))

    def construct_mapper(self) -> Mapper[UUID]:
        return EventMapper(self._salt)

    def find(self, aggregate_id: UUID) -> Any:
        """The aggregate as it stands, or None."""
        try:
            aggregate: Aggregate = self.repository.get(aggregate_id, projector_func=replayed)
        except AggregateNotFoundError:
            return None
        aggregate.seen = aggregate.version
        return aggregate

    def is_claimed(self, name: str) -> bool:
        return self.claim(name) is not None

    def claim(self, name: str) -> str | None:
        """What a name that was claimed for good stands for, or None."""
        return self.recorder.claim(name)  # type: ignore[attr-defined,no-any-return]

    def claims(self, names: Iterable[str]) -> dict[str, str]:
        """Those of many names that are claimed, and what each stands for."""
        return self.recorder.claims(names)  # type: ignore[attr-defined,no-any-return]

    def execute(self, command: Command, *, by: str, at: datetime, command_id: str = "") -> str:
        """Carry out a command; returns the id of what it made, if it made something.

        `at` is used to judge; the store stamps the events. A command whose `command_id` was carried out before
        does nothing. Raises `Refused` with every reason, `Conflict` where somebody else was faster.
        """
        if not by.strip():
            raise Refused("Say who gives the command.")
        command = normalized(command)
        once = f"command/{command_id}" if command_id else ""
        if once and (made := self.claim(once)) is not None:
            return made
        work = HANDLERS[type(command)](CommandContext(command, by, at, self))
        try:
            self.keep(work, once)
        except IntegrityError:
            if once and (made := self.claim(once)) is not None:
                return made
            raise Conflict("Somebody changed it in the meantime; look again.") from None
        return work.made

    def execute_all(self, commands: Sequence[Command], *, by: str, at: datetime) -> None:
        """Carry out several commands in one transaction, or none. Raises `BatchRefused` with the refusals of each,
        `Conflict` where somebody else was faster."""
        work = validate_batch(commands, by=by, at=at, store=self)
        try:
            self.keep(work)
        except IntegrityError:
            raise Conflict("Somebody changed one of them in the meantime; look again.") from None

    def import_events(
        self, events: Sequence[Event], claims: Mapping[str, str], records: Sequence[EvidenceRecord]
    ) -> None:
        """Store the events of a whole import in their order, in one transaction. Raises `Conflict`."""
        try:
            self.events.put(events, claims=claims, records=records)
        except IntegrityError:
            raise Conflict("Somebody changed the register in the meantime; import again.") from None

    def keep(self, work: Changes, once: str = "") -> None:
        """Save everything that a piece of work changed in one transaction."""
        claims = work.claims | {once: work.made} if once else work.claims
        self.save(*work.aggregates, claims=claims, records=work.records)
