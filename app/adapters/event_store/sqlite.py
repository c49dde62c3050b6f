"""The log in one SQLite file: explicit ids, write locks taken first, nothing ever changed or deleted."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor, SQLiteFactory, SQLiteTransaction

from domain.event_log import EventLog, LogRow, WholeRow
from domain.events import add_stamp
from domain.evidence.record import EvidenceRecord

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
_TRIGGER = """CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"""


def environment(path: str, *, create: bool) -> dict[str, str]:
    """The settings under which the library opens this store."""
    return {
        "PERSISTENCE_MODULE": "app.adapters.event_store.sqlite:LogFactory",
        "SQLITE_DBNAME": path,
        "SQLITE_LOCK_TIMEOUT": "15",
        "CREATE_TABLE": "y" if create else "n",
    }


class WriteTransaction(SQLiteTransaction):
    """Takes the write lock at once: a reader that wants to write later would be refused instead of waiting."""

    def __enter__(self) -> SQLiteCursor:
        cursor = self.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        return cursor


class SQLiteLog(SQLiteApplicationRecorder, EventLog):
    def construct_create_table_statements(self) -> list[str]:
        statements = [s for s in _TABLES.split(";") if s.strip()]
        guards = [_TRIGGER.format(table=t, act=a) for t in ("stored_events", "claims") for a in ("UPDATE", "DELETE")]
        return statements + guards

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Append in one transaction; the lock is taken before the last stamp is read."""
        with (
            self.datastore.get_connection(commit=True) as connection,
            WriteTransaction(connection, commit=True) as c,
            c,
        ):
            return self._append(c, stored_events, **kwargs)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """One SELECT, which is a transaction of its own: a command makes several, and each would cost three."""
        if lte is not None or desc or limit is not None:
            return super().select_events(originator_id, gt=gt, lte=lte, desc=desc, limit=limit)
        rows = self._all(
            "SELECT originator_version, topic, state FROM stored_events"
            " WHERE originator_id = ? AND originator_version > ? ORDER BY originator_version",
            (originator_id.hex if isinstance(originator_id, UUID) else originator_id, gt or 0),
        )
        return [StoredEvent(originator_id, *row) for row in rows]

    def _append(
        self,
        c: SQLiteCursor,
        stored_events: Sequence[StoredEvent],
        claims: Mapping[str, str] | None = None,
        records: Iterable[EvidenceRecord] = (),
        **_: Any,
    ) -> Sequence[int]:
        c.execute("SELECT rowid, recorded_at FROM stored_events ORDER BY rowid DESC LIMIT 1")
        newest = c.fetchone()
        stamp = self.next_stamp(newest["recorded_at"] if newest else None)
        text = self.stamp_text(stamp)
        c.executemany(
            "INSERT INTO stored_events (originator_id, originator_version, topic, state, recorded_at)"
            " VALUES (?,?,?,?,?)",
            [
                (e.originator_id.hex, e.originator_version, e.topic, add_stamp(e.state, text), stamp)  # type: ignore[union-attr]
                for e in stored_events
            ],
        )
        if claims:
            c.executemany("INSERT INTO claims VALUES (?,?)", list(claims.items()))
        if records:
            c.executemany("INSERT INTO records VALUES (?,?)", [(r.key, r.stored) for r in records])
        c.execute("SELECT max(rowid) AS newest FROM stored_events")
        last = c.fetchone()["newest"]
        return range(last - len(stored_events) + 1, last + 1)

    def rows_after(self, position: int, limit: int) -> Sequence[LogRow]:
        with self.datastore.transaction(commit=False) as c:
            raw = c.sqlite_cursor
            raw.row_factory = None
            rows: list[LogRow] = raw.execute(
                "SELECT rowid, recorded_at, state FROM stored_events WHERE rowid > ? ORDER BY rowid LIMIT ?",
                (position, limit),
            ).fetchall()
            if len(rows) == limit:
                rows += raw.execute(
                    "SELECT rowid, recorded_at, state FROM stored_events"
                    " WHERE rowid > ? AND recorded_at = ? ORDER BY rowid",
                    rows[-1][:2],
                ).fetchall()
            return rows

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

    def last(self) -> tuple[int, int]:
        rows = self._all("SELECT rowid, recorded_at FROM stored_events ORDER BY rowid DESC LIMIT 1")
        return rows[0] if rows else (0, 0)

    def claims(self, names: Iterable[str]) -> dict[str, str]:
        return self._pairs("SELECT name, stands_for FROM claims WHERE name", names)

    def records(self, keys: Iterable[str]) -> dict[str, bytes]:
        return self._pairs("SELECT key, body FROM records WHERE key", keys)

    def _pairs(self, query: str, wanted: Iterable[str]) -> dict[str, Any]:
        """Two columns of the rows whose first is among those wanted."""
        found: dict[str, Any] = {}
        asked = list(wanted)
        for start in range(0, len(asked), 500):
            part = asked[start : start + 500]
            found.update(self._all(f"{query} IN ({','.join('?' * len(part))})", part))
        return found

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        with self.datastore.get_connection(commit=False) as connection:
            cursor = connection.cursor()
            raw = cursor.sqlite_cursor
            raw.row_factory = None
            return raw.execute(query, values).fetchall()


class LogFactory(SQLiteFactory):
    application_recorder_class = SQLiteLog
