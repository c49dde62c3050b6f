"""The tracker: carries out commands and stores their events, in the eventsourcing library's application."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import IntegrityError, Mapper, StoredEvent
from eventsourcing.utils import Environment

from domain.aggregate_cache import AggregateCache
from domain.base import Aggregate, AnAggregate, Event
from domain.batch import UncommittedStore, validate_batch
from domain.command_keys import command_digest, made_under, written_claim
from domain.commands import Command
from domain.errors import Conflict, Refused, refusal
from domain.event_log import MAX_SKEW_SECONDS, EventLog, StampCorrections
from domain.events import read_event, topic_of, write_event
from domain.evidence.record import EvidenceRecord
from domain.handlers.context import Changes, CommandContext
from domain.handlers.table import carry_out
from domain.ids import log_id
from domain.log.aggregate import Log, MissingEnd
from domain.text import normalize_text, normalized
from domain.times import to_microseconds


class EventMapper(Mapper[UUID]):
    """Converts events to the bytes of the log and back. `salt` gives each event its own random text.

    Events that were stamped by a wrong clock get the instant that counts, once `corrections` is set.
    """

    def __init__(self, salt: Callable[[], str]) -> None:
        self.salt = salt
        self.corrections = StampCorrections()

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=topic_of(domain_event),
            state=write_event(domain_event, self.salt()),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Event:
        return self.corrections.counted_event(read_event(stored_event.state))


class Tracker(Application[UUID]):
    """Carries out commands on one event log.

    `env` names the recorder and its settings, so that nothing is read from the process environment. The log stamps
    events by `clock`.
    """

    def __init__(self, env: dict[str, str], *, clock: Callable[[], datetime], salt: Callable[[], str]) -> None:
        self._salt = salt
        super().__init__(env)
        self.event_log.clock = clock
        self._event_mapper.corrections = self.event_log.corrections
        self._cache = AggregateCache(self.event_log)

    def construct_env(self, name: str, env: Mapping[str, str] | None = None) -> Environment:
        return Environment(name, dict(env or {}))

    def construct_mapper(self) -> Mapper[UUID]:
        self._event_mapper = EventMapper(self._salt)
        return self._event_mapper

    @property
    def event_log(self) -> EventLog:
        """The log that holds the events."""
        recorder = self.recorder
        if not isinstance(recorder, EventLog):
            raise TypeError(f"{type(recorder).__name__} is not an event log of Uptake")
        return recorder

    def stream(self, kind: type[AnAggregate], aggregate_id: UUID) -> AnAggregate:
        """The aggregate in its current state, also where it does not exist."""
        self._cache.catch_up()
        return self._cache.stream(kind, aggregate_id)

    def find(self, kind: type[AnAggregate], aggregate_id: UUID) -> AnAggregate | None:
        """The aggregate in its current state, or None."""
        self._cache.catch_up()
        return self._cache.find(kind, aggregate_id)

    def mentioning(self, register: str, ident: str) -> Iterator[Aggregate]:
        """The aggregates of a register (of any, if it is empty) whose events ever mentioned an id, as they are now.

        Scans the log.
        """
        self._cache.catch_up()
        return self._cache.mentioning(register, ident)

    def record_keys(self, register: str, evidence: UUID | None = None) -> tuple[str, ...]:
        """The keys of all texts that one source, or every source of a register, ever had. The latter scans the log."""
        return self._cache.record_keys(register, evidence)

    def load(self, kind: type[AnAggregate], aggregate_id: UUID) -> AnAggregate:
        """The aggregate in its current state. Raises `AggregateNotFoundError`."""
        aggregate = self.find(kind, aggregate_id)
        if aggregate is None:
            raise AggregateNotFoundError(aggregate_id)
        return aggregate

    def claim(self, name: str) -> str | None:
        """What a unique name belongs to, or None if no one has claimed it."""
        return self.event_log.claim(name)

    def claims(self, names: Iterable[str]) -> dict[str, str]:
        """What each of some unique names belongs to; unclaimed names are left out."""
        return self.event_log.claims(names)

    def execute(
        self, command: Command, *, by: str, at: datetime, command_id: str = "", request_digest: str = ""
    ) -> str:
        """Carry out a command; returns the id of what it made, or "".

        The rules are checked as of `at`; the log stamps the events. A command whose `command_id` was carried out
        before does nothing. `request_digest` says what was asked, where it is not the command itself. Raises `Refused`
        with every reason, `Conflict` if it changed at the same time, `KeyReused` for another command with the same id.
        """
        if not by.strip():
            raise Refused(refusal("Say who gives the command."))
        command = normalized(command)
        self._cache.catch_up()
        claim = f"command/{command_id}" if command_id else ""
        digest = (request_digest or command_digest(command, by)) if claim else ""
        if claim and (claimed := self.claim(claim)) is not None:
            return made_under(claimed, digest)
        store = UncommittedStore(self._cache)
        changes = carry_out(CommandContext(command, by, at, store))
        for check in changes.checks:
            check(store)
        try:
            self._store(changes, {claim: written_claim(changes.new_id, digest)} if claim else None)
        except IntegrityError:
            if claim and (claimed := self.claim(claim)) is not None:
                return made_under(claimed, digest)
            raise Conflict(refusal("It changed while you sent this. Look at it again.")) from None
        return changes.new_id

    def execute_all(self, commands: Sequence[Command], *, by: str, at: datetime) -> None:
        """Carry out several commands in one transaction, or none.

        Raises `BatchRefused` with the refusals of each, `Conflict` if it changed at the same time.
        """
        self._cache.catch_up()
        changes = validate_batch(commands, by=by, at=at, store=self._cache)
        try:
            self._store(changes)
        except IntegrityError:
            raise Conflict(refusal("One of them changed while you sent this. Look at them again.")) from None

    def import_events(
        self, events: Sequence[Event], claims: Mapping[str, str], records: Sequence[EvidenceRecord]
    ) -> None:
        """Store the events of a whole import in their order, in one transaction. Raises `Conflict`."""
        self.event_log.read_corrections()
        try:
            self._append(events, claims=claims, records=records)
        except IntegrityError:
            raise Conflict(refusal("The register changed in the meantime. Import it again.")) from None

    def correct_stamps(self, reason: str, *, by: str, at: datetime) -> int:
        """Let all events that are stamped later than `at` count as recorded then; returns how many stamps are wrong.

        The way out after a wrong clock: while the newest stamp is in the future, the log takes nothing else. Raises
        `Conflict` if another process appended in the meantime.
        """
        stamps, newest = self.event_log.stamps_after(at + timedelta(seconds=MAX_SKEW_SECONDS))
        log = self.stream(Log, log_id())
        counted_as = max(at, newest + timedelta(microseconds=1))
        reason, unreadable = normalize_text(reason, "reason")
        if unreadable:
            raise Refused(unreadable)
        log.correct_stamps(stamps, counted_as, reason, by)
        corrects = to_microseconds(stamps[-1]), to_microseconds(counted_as)
        try:
            self.save(log, corrects=corrects)
        except IntegrityError:
            raise Conflict(refusal("An event was recorded in the meantime. Correct the stamps again.")) from None
        return len(stamps)

    def accept_loss(self, loss: MissingEnd, reason: str, *, by: str) -> None:
        """Go on without entries that were signed and are missing. Until then the log takes nothing else.

        Raises `Refused` without a reason, `Conflict` if another process appended in the meantime.
        """
        reason, unreadable = normalize_text(reason, "reason")
        if unreadable:
            raise Refused(unreadable)
        self.event_log.read_corrections()
        log = self.stream(Log, log_id())
        log.accept_loss(loss, reason, by)
        check = self.event_log.check_length
        self.event_log.check_length = lambda _count: None
        try:
            self.save(log)
        except IntegrityError:
            raise Conflict(refusal("An event was recorded in the meantime. Accept the loss again.")) from None
        finally:
            self.event_log.check_length = check
        self.event_log.read_corrections()

    def _store(self, changes: Changes, command_claim: dict[str, str] | None = None) -> None:
        """Save everything that a command changed in one transaction."""
        claims = changes.claims | (command_claim or {})
        events = [event for aggregate in changes.aggregates for event in aggregate.collect_events()]
        self._append(events, claims=claims, records=changes.records, erased=changes.erased)

    def _append(self, events: Sequence[Event], **beside: object) -> None:
        """Append events without the library's objects about each of them, which nothing here reads.

        Their bytes are made as the log takes them: those of a large import would need several times its memory.
        """
        self.event_log.insert_events(map(self._event_mapper.to_stored_event, events), **beside)
