"""An event log in memory, which keeps every promise of the real ones within one process."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.popo import POPOApplicationRecorder, POPOFactory
from msgspec import json

from domain.event_log import EventLog, LogRow, WholeRow
from domain.events import add_stamp
from domain.evidence.record import EvidenceRecord

ENVIRONMENT = {"PERSISTENCE_MODULE": "tests.support.memory_log:MemoryLogFactory"}
"""The settings under which the library opens a log in memory."""


class MemoryLog(POPOApplicationRecorder, EventLog):
    def __init__(self) -> None:
        super().__init__()
        self._stamps: list[int] = []
        self._claims: dict[str, str] = {}
        self._records: dict[str, bytes] = {}

    def insert_events(
        self,
        stored_events: Iterable[StoredEvent],
        claims: Mapping[str, str] | None = None,
        records: Iterable[EvidenceRecord] = (),
        corrects: tuple[int, int] | None = None,
        erased: Iterable[str] = (),
        **_: Any,
    ) -> Sequence[int]:
        """Append all events, claims and records, or nothing. Raises `IntegrityError`."""
        claims, bodies = claims or {}, {record.key: record.stored for record in records}
        with self._database_lock:
            if claims.keys() & self._claims.keys() or bodies.keys() & self._records.keys():
                raise IntegrityError("a claim or a record is there already")
            stamp = self.next_stamp(
                self.last_counted(self._stamps[-1] if self._stamps else None, corrects), self.stamping_now()
            )
            text = self.stamp_text(stamp)
            stamped = [
                StoredEvent(e.originator_id, e.originator_version, e.topic, add_stamp(e.state, text))
                for e in stored_events
            ]
            ids = super().insert_events(stamped)
            self._stamps += [stamp] * len(stamped)
            self._claims |= claims
            self._records |= bodies
            self.erase(erased)
            return ids or []

    def insert_whole_rows(self, rows: Sequence[WholeRow]) -> None:
        with self._database_lock:
            if [row[0] for row in rows] != list(range(len(self._stamps) + 1, len(self._stamps) + len(rows) + 1)):
                raise IntegrityError("a log in memory has no gaps")
            super().insert_events([StoredEvent(UUID(r[1]), r[2], r[3], r[5]) for r in rows])
            self._stamps += [row[4] for row in rows]

    def stored_rows_after(self, position: int, limit: int) -> Sequence[LogRow]:
        with self._database_lock:
            end = min(position + limit, len(self._stamps))
            return [(n + 1, self._stamps[n], self._stored_events[n].state) for n in range(position, end)]

    def stored_rows_between(self, position: int, first: int, last: int) -> Sequence[LogRow]:
        return [row for row in self.stored_rows_after(position, len(self._stamps)) if first <= row[1] <= last]

    def whole_rows_after(self, position: int, limit: int) -> Sequence[WholeRow]:
        with self._database_lock:
            rows = zip(self._stored_events, self._stamps, strict=True)
            return [
                (id_, str(e.originator_id), e.originator_version, e.topic, stamp, e.state)
                for id_, (e, stamp) in enumerate(rows, 1)
            ][position : position + limit]

    def streams_mentioning(self, register: str, ident: str) -> Sequence[tuple[UUID, str]]:
        marks = (b'"register":' + (json.encode(register) if register else b""), json.encode(ident))
        with self._database_lock:
            found = [e for e in self._stored_events if all(mark in e.state for mark in marks)]
        return list({e.originator_id: e.topic for e in found}.items())

    def last(self) -> tuple[int, int]:
        with self._database_lock:
            return (len(self._stamps), self._stamps[-1]) if self._stamps else (0, 0)

    def count(self) -> int:
        return len(self._rows)

    def versions(self, aggregate_ids: Iterable[UUID]) -> dict[UUID, int]:
        wanted = set(aggregate_ids)
        with self._database_lock:
            return {e.originator_id: e.originator_version for e in self._stored_events if e.originator_id in wanted}

    def claims(self, names: Iterable[str]) -> dict[str, str]:
        return {name: self._claims[name] for name in names if name in self._claims}

    def records(self, keys: Iterable[str]) -> dict[str, bytes]:
        return {key: self._records[key] for key in keys if self._records.get(key)}

    def erased_keys(self) -> list[str]:
        return sorted(key for key, body in self._records.items() if not body)

    def erase(self, keys: Iterable[str]) -> int:
        stored = [key for key in keys if self._records.get(key)]
        self._records |= dict.fromkeys(stored, b"")
        return len(stored)

    def overwrite_erased(self) -> None:
        """There are no files."""


class MemoryLogFactory(POPOFactory):
    def application_recorder(self) -> MemoryLog:
        return MemoryLog()
