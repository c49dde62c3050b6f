"""The event log in one SQLite file: explicit ids, write lock first, triggers against changes and deletions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor, SQLiteFactory, SQLiteTransaction
from msgspec import json

from domain.event_log import EventLog, LogRow, WholeRow
from domain.events import add_stamp
from domain.evidence.record import EvidenceRecord
from projections.engine.overwriting import overwrite_deleted

MAX_PARAMETERS = 500
"""Values in one SELECT; SQLite allows 999 in old builds."""

_TABLES = """
CREATE TABLE IF NOT EXISTS stored_events (
    rowid INTEGER PRIMARY KEY AUTOINCREMENT,
    originator_id TEXT NOT NULL,
    originator_version INTEGER NOT NULL,
    topic TEXT NOT NULL,
    state BLOB NOT NULL,
    recorded_at INTEGER NOT NULL,
    UNIQUE (originator_id, originator_version));
CREATE TABLE IF NOT EXISTS claims (name TEXT PRIMARY KEY, stands_for TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (key TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
"""
_INSERT = "INSERT INTO stored_events (originator_id, originator_version, topic, state, recorded_at) VALUES (?,?,?,?,?)"
_INSERT_WHOLE = """INSERT INTO stored_events (rowid, originator_id, originator_version, topic, recorded_at, state)
VALUES (?,?,?,?,?,?)"""
_TRIGGER = """CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"""


def environment(path: str, *, create: bool) -> dict[str, str]:
    """The settings with which the library opens this log."""
    return {
        "PERSISTENCE_MODULE": "app.adapters.event_store.sqlite:SQLiteLogFactory",
        "SQLITE_DBNAME": path,
        "SQLITE_LOCK_TIMEOUT": "15",
        "CREATE_TABLE": "y" if create else "n",
    }


class WriteTransaction(SQLiteTransaction):
    """Takes the write lock at the start. SQLite refuses a reader that starts to write; it does not let it wait."""

    def __enter__(self) -> SQLiteCursor:
        cursor = self.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        return cursor


class SQLiteLog(SQLiteApplicationRecorder, EventLog):
    def construct_create_table_statements(self) -> list[str]:
        statements = [s for s in _TABLES.split(";") if s.strip()]
        guards = [_TRIGGER.format(table=t, act=a) for t in ("stored_events", "claims") for a in ("UPDATE", "DELETE")]
        return statements + guards

    def insert_events(
        self,
        stored_events: Iterable[StoredEvent],
        claims: Mapping[str, str] | None = None,
        records: Iterable[EvidenceRecord] = (),
        corrects: tuple[int, int] | None = None,
        erased: Iterable[str] = (),
        **_: object,
    ) -> Sequence[int]:
        """Append in one transaction. Take the lock before reading the last stamp."""
        with (
            self.datastore.get_connection(commit=True) as connection,
            WriteTransaction(connection, commit=True) as c,
            c,
        ):
            ids = self._append(c, stored_events, claims or {}, records, corrects)
            if erased:
                _erase(c, erased)
            return ids

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """One SELECT without BEGIN and COMMIT: a command makes several, and each would cost three statements."""
        if lte is not None or desc or limit is not None:
            return super().select_events(originator_id, gt=gt, lte=lte, desc=desc, limit=limit)
        rows = self._all(
            "SELECT originator_version, topic, state FROM stored_events"
            " WHERE originator_id = ? AND originator_version > ? ORDER BY originator_version",
            (_key(originator_id), gt or 0),
        )
        return [StoredEvent(originator_id, *row) for row in rows]

    def _append(
        self,
        c: SQLiteCursor,
        stored_events: Iterable[StoredEvent],
        claims: Mapping[str, str],
        records: Iterable[EvidenceRecord],
        corrects: tuple[int, int] | None,
    ) -> Sequence[int]:
        c.execute("SELECT rowid, recorded_at FROM stored_events ORDER BY rowid DESC LIMIT 1")
        newest = c.fetchone()
        self.ensure_complete(newest["rowid"] if newest else 0, lambda: self._count(c))
        stamp = self.next_stamp(
            self.last_counted(newest["recorded_at"] if newest else None, corrects), self.stamping_now()
        )
        text = self.stamp_text(stamp)
        rows = (  # not a list: an import would need its memory twice
            (_key(e.originator_id), e.originator_version, e.topic, add_stamp(e.state, text), stamp)
            for e in stored_events
        )
        raw, count, last = c.sqlite_cursor, 0, 0
        for row in rows:
            last = raw.execute(_INSERT, row).lastrowid or 0
            count += 1
        if claims:
            c.executemany("INSERT INTO claims VALUES (?,?)", claims.items())
        if records:
            c.executemany("INSERT INTO records VALUES (?,?)", [(r.key, r.stored) for r in records])
        return range(last - count + 1, last + 1)

    @staticmethod
    def _count(c: SQLiteCursor) -> int:
        c.execute("SELECT count(*) AS number FROM stored_events")
        return int(c.fetchone()["number"])

    def count(self) -> int:
        return int(self._all("SELECT count(*) FROM stored_events")[0][0])

    def stored_rows_after(self, position: int, limit: int) -> Sequence[LogRow]:
        return self._all(
            "SELECT rowid, recorded_at, state FROM stored_events WHERE rowid > ? ORDER BY rowid LIMIT ?",
            (position, limit),
        )

    def stored_rows_between(self, position: int, first: int, last: int) -> Sequence[LogRow]:
        return self._all(
            "SELECT rowid, recorded_at, state FROM stored_events"
            " WHERE rowid > ? AND recorded_at BETWEEN ? AND ? ORDER BY rowid",
            (position, first, last),
        )

    def whole_rows_after(self, position: int, limit: int) -> Sequence[WholeRow]:
        with self.datastore.transaction(commit=False) as c:
            raw = c.sqlite_cursor
            raw.row_factory = None
            rows: list[WholeRow] = raw.execute(
                "SELECT rowid, originator_id, originator_version, topic, recorded_at, CAST(state AS BLOB)"
                " FROM stored_events WHERE rowid > ? ORDER BY rowid LIMIT ?",
                (position, limit),
            ).fetchall()
            return rows

    def insert_whole_rows(self, rows: Sequence[WholeRow]) -> None:
        with (
            self.datastore.get_connection(commit=True) as connection,
            WriteTransaction(connection, commit=True) as c,
            c,
        ):
            c.executemany(_INSERT_WHOLE, [(row, _key(UUID(ident)), *rest) for row, ident, *rest in rows])

    def streams_mentioning(self, register: str, ident: str) -> Sequence[tuple[UUID, str]]:
        rows = self._all(
            "SELECT originator_id, max(topic) FROM stored_events WHERE instr(state, ?) > 0 AND instr(state, ?) > 0"
            " GROUP BY originator_id ORDER BY min(rowid)",
            (b'"register":' + (json.encode(register) if register else b""), json.encode(ident)),
        )
        return [(UUID(originator_id), topic) for originator_id, topic in rows]

    def last(self) -> tuple[int, int]:
        rows = self._all("SELECT rowid, recorded_at FROM stored_events ORDER BY rowid DESC LIMIT 1")
        return rows[0] if rows else (0, 0)

    def versions(self, aggregate_ids: Iterable[UUID]) -> dict[UUID, int]:
        query = "SELECT originator_id, max(originator_version) FROM stored_events WHERE originator_id"
        pairs = self._pairs(query, map(_key, aggregate_ids), " GROUP BY originator_id")
        return {UUID(key): version for key, version in pairs}

    def claims(self, names: Iterable[str]) -> dict[str, str]:
        return dict(self._pairs("SELECT name, stands_for FROM claims WHERE name", names))

    def records(self, keys: Iterable[str]) -> dict[str, bytes]:
        return {key: body for key, body in self._pairs("SELECT key, body FROM records WHERE key", keys) if body}

    def erased_keys(self) -> list[str]:
        return [key for (key,) in self._all("SELECT key FROM records WHERE length(body) = 0 ORDER BY key")]

    def erase(self, keys: Iterable[str]) -> int:
        with (
            self.datastore.get_connection(commit=True) as connection,
            WriteTransaction(connection, commit=True) as c,
            c,
        ):
            return _erase(c, keys)

    def overwrite_erased(self) -> None:
        ((_number, _name, file),) = self._all("PRAGMA database_list")
        overwrite_deleted(Path(file))

    def _pairs(self, query: str, keys: Iterable[str], end: str = "") -> Iterator[tuple[str, Any]]:
        """Two columns of the rows whose first column is one of the keys."""
        all_keys = list(keys)
        for start in range(0, len(all_keys), MAX_PARAMETERS):
            part = all_keys[start : start + MAX_PARAMETERS]
            yield from self._all(f"{query} IN ({','.join('?' * len(part))}){end}", part)

    def _all(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        with self.datastore.get_connection(commit=False) as connection:
            cursor = connection.cursor()
            raw = cursor.sqlite_cursor
            raw.row_factory = None
            return raw.execute(query, values).fetchall()


def _erase(c: SQLiteCursor, keys: Iterable[str]) -> int:
    """Empty records, and overwrite their bytes in the pages that they leave; returns how many had a text."""
    erased = 0
    c.execute("PRAGMA secure_delete = ON")
    for key in keys:
        c.execute("UPDATE records SET body = x'' WHERE key = ? AND length(body) > 0", (key,))
        erased += c.sqlite_cursor.rowcount
    return erased


def _key(originator_id: UUID | str) -> str:
    """An aggregate's id as the table holds it."""
    return originator_id.hex if isinstance(originator_id, UUID) else originator_id


class SQLiteLogFactory(SQLiteFactory):
    application_recorder_class = SQLiteLog
