"""The log in one SQLite file: explicit ids, write locks taken first, nothing ever changed or deleted."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteCursor, SQLiteFactory

from app.store.contract import Log, LogRow
from domain.evidence import EvidenceRecord
from domain.log import stamped

_TABLES = """
CREATE TABLE IF NOT EXISTS stored_events (
    rowid INTEGER PRIMARY KEY AUTOINCREMENT,
    originator_id TEXT NOT NULL,
    originator_version INTEGER NOT NULL,
    topic TEXT NOT NULL,
    state BLOB NOT NULL,
    recorded_at INTEGER NOT NULL,
    UNIQUE (originator_id, originator_version));
CREATE INDEX IF NOT EXISTS stored_events_recorded_at ON stored_events (recorded_at);
CREATE TABLE IF NOT EXISTS claims (name TEXT PRIMARY KEY, stands_for TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (key TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
"""
_TRIGGER = """CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"""


def environment(path: str, *, create: bool) -> dict[str, str]:
    """The settings under which the library opens this store."""
    return {
        "PERSISTENCE_MODULE": "app.store.sqlite:LogFactory",
        "SQLITE_DBNAME": path,
        "SQLITE_LOCK_TIMEOUT": "15",
        "CREATE_TABLE": "y" if create else "n",
    }


class SQLiteLog(SQLiteApplicationRecorder, Log):
    def construct_create_table_statements(self) -> list[str]:
        statements = [s for s in _TABLES.split(";") if s.strip()]
        guards = [_TRIGGER.format(table=t, act=a) for t in ("stored_events", "claims") for a in ("UPDATE", "DELETE")]
        return statements + guards

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Append in one transaction; the lock is taken before the last stamp is read."""
        with self.datastore.get_connection(commit=True) as connection:
            cursor = connection.cursor()
            cursor.execute("PRAGMA synchronous=FULL")
            with connection.transaction(commit=True) as c:
                c.execute("COMMIT")
                c.execute("BEGIN IMMEDIATE")
                return self._append(c, stored_events, **kwargs)

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
                (e.originator_id.hex, e.originator_version, e.topic, stamped(e.state, text), stamp)  # type: ignore[union-attr]
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

    def last(self) -> tuple[int, int]:
        with self.datastore.transaction(commit=False) as c:
            c.execute("SELECT rowid, recorded_at FROM stored_events ORDER BY rowid DESC LIMIT 1")
            row = c.fetchone()
            return (row[0], row[1]) if row else (0, 0)

    def claim(self, name: str) -> str | None:
        with self.datastore.transaction(commit=False) as c:
            c.execute("SELECT stands_for FROM claims WHERE name = ?", (name,))
            row = c.fetchone()
            return row[0] if row else None

    def records(self, keys: Iterable[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        wanted = list(keys)
        with self.datastore.transaction(commit=False) as c:
            for start in range(0, len(wanted), 500):
                part = wanted[start : start + 500]
                marks = ",".join("?" * len(part))
                c.execute(f"SELECT key, body FROM records WHERE key IN ({marks})", part)
                found.update((row[0], row[1]) for row in c.fetchall())
        return found

    def version_token(self) -> int:
        return self.last()[0]


class LogFactory(SQLiteFactory):
    application_recorder_class = SQLiteLog
