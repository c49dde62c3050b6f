"""The event log in PostgreSQL. Appends lock the table, so that ids are committed in order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import LiteralString
from urllib.parse import unquote, urlsplit
from uuid import UUID

from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresFactory
from msgspec import json
from psycopg import Cursor, errors
from psycopg.rows import TupleRow, tuple_row

from domain.event_log import EventLog, LogRow, WholeRow
from domain.events import add_stamp
from domain.evidence.record import EvidenceRecord
from domain.times import to_microseconds

_TABLES = (
    """CREATE TABLE IF NOT EXISTS stored_events (
    notification_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL,
    topic text NOT NULL,
    state bytea NOT NULL,
    recorded_at bigint NOT NULL,
    UNIQUE (originator_id, originator_version))""",
    "CREATE TABLE IF NOT EXISTS claims (name text PRIMARY KEY, stands_for text NOT NULL)",
    "CREATE TABLE IF NOT EXISTS records (key text PRIMARY KEY, body bytea NOT NULL)",
    """CREATE OR REPLACE FUNCTION refuse_to_change_the_log() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'the log is append-only'; END$$""",
    *(
        f"""CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_the_log()"""
        for table in ("stored_events", "claims")
    ),
)
_NOW = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
_COUNT = "SELECT count(*) FROM stored_events"
_NEWEST_AND_NOW = f"""SELECT coalesce((SELECT max(notification_id) FROM stored_events), 0),
(SELECT recorded_at FROM stored_events ORDER BY notification_id DESC LIMIT 1),
({_NOW})"""
TABLES_LOCK = 0x757074616B65
"""The advisory lock that stops two processes from creating the tables at the same time."""

_ERASE = "UPDATE records SET body = '' WHERE key = ANY(%s) AND length(body) > 0"
_INSERT = """INSERT INTO stored_events (originator_id, originator_version, topic, state, recorded_at)
SELECT id, version, topic, state, %s
FROM unnest(%s::uuid[], %s::bigint[], %s::text[], %s::bytea[]) WITH ORDINALITY AS e (id, version, topic, state, nth)
ORDER BY nth RETURNING notification_id"""


def environment(url: str, *, create: bool) -> dict[str, str]:
    """The settings with which the library opens this log, from `postgresql://user:password@host:port/name`."""
    parts = urlsplit(url)
    return {
        "PERSISTENCE_MODULE": "app.adapters.event_store.postgres:PostgresLogFactory",
        "POSTGRES_DBNAME": unquote(parts.path.lstrip("/")),
        "POSTGRES_HOST": unquote(parts.hostname or _socket_folder(parts.query)),
        "POSTGRES_PORT": str(parts.port or 5432),
        "POSTGRES_USER": unquote(parts.username or ""),
        "POSTGRES_PASSWORD": unquote(parts.password or ""),
        "POSTGRES_LOCK_TIMEOUT": "15",
        "POSTGRES_POOL_SIZE": "1",
        "POSTGRES_MAX_OVERFLOW": "4",
        "CREATE_TABLE": "y" if create else "n",
    }


def _socket_folder(query: str) -> str:
    pairs = (pair.partition("=") for pair in query.split("&"))
    return next((unquote(value) for key, _, value in pairs if key == "host"), "")


class PostgresLog(PostgresApplicationRecorder, EventLog):
    """Stamps come from the clock of the database, which all machines share."""

    database_clock: Callable[[], datetime] | None = None
    """A clock in place of that of the database, for tests."""

    def create_table(self) -> None:
        with self.datastore.get_connection() as conn, conn.transaction():
            conn.execute("SELECT pg_advisory_xact_lock(%s)", (TABLES_LOCK,))
            for statement in _TABLES:
                conn.execute(statement.encode())

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        claims: Mapping[str, str] | None = None,
        records: Iterable[EvidenceRecord] = (),
        corrects: tuple[int, int] | None = None,
        erased: Iterable[str] = (),
        **_: object,
    ) -> Sequence[int]:
        """Append in one transaction and one statement (a pipeline above a few megabytes would hang)."""
        try:
            with (
                self.datastore.get_connection() as conn,
                conn.transaction(),
                conn.cursor(row_factory=tuple_row) as c,
            ):
                for statement in self.lock_table_statements:
                    c.execute(statement)
                c.execute(_NEWEST_AND_NOW)
                newest_row, newest, database_now = c.fetchone() or (0, None, 0)
                now = self.agreed_now(self._set_now(database_now))
                self.ensure_complete(newest_row, lambda: _first(c.execute(_COUNT)))
                stamp = self.next_stamp(self.last_counted(newest, corrects), now)
                text = self.stamp_text(stamp)
                if claims:
                    c.execute(
                        "INSERT INTO claims SELECT * FROM unnest(%s::text[], %s::text[])",
                        (list(claims), list(claims.values())),
                    )
                if records := list(records):
                    c.execute(
                        "INSERT INTO records SELECT * FROM unnest(%s::text[], %s::bytea[])",
                        ([r.key for r in records], [r.stored for r in records]),
                    )
                if keys := list(erased):
                    c.execute(_ERASE, (keys,))
                self._notify_channel(c)  # type: ignore[arg-type]
                c.execute(
                    _INSERT,
                    (
                        stamp,
                        [e.originator_id for e in stored_events],
                        [e.originator_version for e in stored_events],
                        [e.topic for e in stored_events],
                        [add_stamp(e.state, text) for e in stored_events],
                    ),
                )
                return sorted(row[0] for row in c.fetchall())
        except errors.IntegrityError as e:
            raise IntegrityError(str(e)) from e

    def stamping_now(self) -> int:
        return self.agreed_now(self._database_now())

    def skew_seconds(self) -> float:
        """How far the clock of this machine is ahead of that of the database, or of the newest event if that is more.

        Negative if it is behind.
        """
        skew = (to_microseconds(self.clock()) - self._database_now()) / 1_000_000
        behind = super().skew_seconds()
        return skew if abs(skew) > abs(behind) else behind

    def _database_now(self) -> int:
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as c:
            row = c.execute(_NOW).fetchone()
            return self._set_now(row[0] if row else 0)

    def _set_now(self, database_now: int) -> int:
        """The instant by the clock that replaces the database's, if there is one."""
        return to_microseconds(self.database_clock()) if self.database_clock else database_now

    def stored_rows_after(self, position: int, limit: int) -> Sequence[LogRow]:
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row, binary=True) as c:
            c.execute(
                "SELECT notification_id, recorded_at, state FROM stored_events"
                " WHERE notification_id > %s ORDER BY notification_id LIMIT %s",
                (position, limit),
            )
            rows: list[LogRow] = c.fetchall()
            return rows

    def stored_rows_between(self, position: int, first: int, last: int) -> Sequence[LogRow]:
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row, binary=True) as c:
            c.execute(
                "SELECT notification_id, recorded_at, state FROM stored_events"
                " WHERE notification_id > %s AND recorded_at BETWEEN %s AND %s ORDER BY notification_id",
                (position, first, last),
            )
            rows: list[LogRow] = c.fetchall()
            return rows

    def whole_rows_after(self, position: int, limit: int) -> Sequence[WholeRow]:
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row, binary=True) as c:
            c.execute(
                "SELECT notification_id, originator_id::text, originator_version, topic, recorded_at, state"
                " FROM stored_events WHERE notification_id > %s ORDER BY notification_id LIMIT %s",
                (position, limit),
            )
            rows: list[WholeRow] = c.fetchall()
            return rows

    def streams_mentioning(self, register: str, ident: str) -> Sequence[tuple[UUID, str]]:
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as c:
            c.execute(
                "SELECT originator_id, max(topic) FROM stored_events"
                " WHERE position(%s::bytea in state) > 0 AND position(%s::bytea in state) > 0"
                " GROUP BY originator_id ORDER BY min(notification_id)",
                (b'"register":' + (json.encode(register) if register else b""), json.encode(ident)),
            )
            rows: list[tuple[UUID, str]] = c.fetchall()
            return rows

    def last(self) -> tuple[int, int]:
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as c:
            c.execute("SELECT notification_id, recorded_at FROM stored_events ORDER BY 1 DESC LIMIT 1")
            return c.fetchone() or (0, 0)

    def count(self) -> int:
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as c:
            return _first(c.execute(_COUNT))

    def claims(self, names: Iterable[str]) -> dict[str, str]:
        return dict(self._pairs("SELECT name, stands_for FROM claims WHERE name = ANY(%s)", names))

    def records(self, keys: Iterable[str]) -> dict[str, bytes]:
        return dict(self._pairs("SELECT key, body FROM records WHERE length(body) > 0 AND key = ANY(%s)", keys))

    def erased_keys(self) -> list[str]:
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as c:
            return [key for (key,) in c.execute("SELECT key FROM records WHERE length(body) = 0 ORDER BY key")]

    def erase(self, keys: Iterable[str]) -> int:
        with self.datastore.get_connection() as conn, conn.transaction(), conn.cursor(row_factory=tuple_row) as c:
            return c.execute(_ERASE, (list(keys),)).rowcount

    def overwrite_erased(self) -> None:
        """Left to the vacuum of PostgreSQL, which knows who still reads."""

    def _pairs(self, query: LiteralString, keys: Iterable[str]) -> list[TupleRow]:
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row, binary=True) as c:
            c.execute(query, (list(keys),))
            return c.fetchall()


def _first(cursor: Cursor[TupleRow]) -> int:
    row = cursor.fetchone()
    return int(row[0]) if row else 0


class PostgresLogFactory(PostgresFactory):
    application_recorder_class = PostgresLog

    def application_recorder(self) -> PostgresLog:
        """The recorder on a table with a fixed name, independent of the application's name."""
        recorder = PostgresLog(datastore=self.datastore, events_table_name="stored_events")
        if self.env_create_table():
            recorder.create_table()
        return recorder
