"""The event log in PostgreSQL. One process appends at a time, so that ids are committed in order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from eventsourcing.persistence import InfrastructureFactory, IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresFactory
from eventsourcing.utils import Environment
from msgspec import json
from psycopg import Connection, Cursor, errors
from psycopg import Error as PostgresError
from psycopg.rows import DictRow, TupleRow, tuple_row

from app.adapters.event_store.postgres_connections import LogConnections
from app.adapters.event_store.postgres_tables import APPEND_FUNCTION, LEASE_LOST, STAGING, TABLES, TABLES_LOCK
from app.adapters.jobs_db.leader_lock import LeadershipLost
from app.adapters.store_marks import STORE_IS_MOVED, STORE_MOVED
from domain.errors import LogClosed
from domain.event_log import MAX_SKEW_SECONDS, EventLog, LogRow, WholeRow
from domain.evidence.record import EvidenceRecord
from domain.times import to_microseconds

MAX_STATEMENT_BYTES = 8 * 2**20
"""What more than so much is appended of is copied to temporary tables first, in pieces of this size."""
_CONNINFO = "UPTAKE_CONNINFO"
Rows = Sequence[tuple[object, ...]]
_NOW = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
_COUNT = "SELECT count(*) FROM stored_events"
_APPEND = f"""SELECT newest_row, newest, now, row_ids FROM {APPEND_FUNCTION}(%(from_staging)s::boolean,
%(counted_row)s::bigint, %(machine_now)s::bigint, %(given_now)s::bigint, %(max_skew)s::bigint,
%(corrects_from)s::bigint, %(corrects_to)s::bigint, %(taken_stamps)s::bigint[],
%(ids)s::uuid[], %(versions)s::bigint[], %(topics)s::text[], %(states)s::bytea[], %(claim_names)s::text[],
%(claim_values)s::text[], %(record_keys)s::text[], %(record_bodies)s::bytea[], %(erased)s::text[], %(lease)s::bigint)"""
_ERASE = "UPDATE records SET body = '' WHERE key = ANY(%s) AND length(body) > 0"


def environment(conninfo: str, *, create: bool) -> dict[str, str]:
    """The settings with which the library opens this log; libpq gets the conninfo as it is."""
    return {
        "PERSISTENCE_MODULE": "app.adapters.event_store.postgres:PostgresLogFactory",
        _CONNINFO: conninfo,
        "CREATE_TABLE": "y" if create else "n",
    }


class PostgresLog(PostgresApplicationRecorder, EventLog):
    """Stamps come from the clock of the database, which all machines share."""

    database_clock: Callable[[], datetime] | None = None
    """A clock in place of that of the database, for tests."""

    def create_table(self) -> None:
        with self.datastore.get_connection() as conn, conn.transaction():
            conn.execute("SELECT pg_advisory_xact_lock(%s)", (TABLES_LOCK,))
            for statement in TABLES:
                conn.execute(statement.encode())

    def insert_events(
        self,
        stored_events: Iterable[StoredEvent],
        claims: Mapping[str, str] | None = None,
        records: Iterable[EvidenceRecord] = (),
        corrects: tuple[int, int] | None = None,
        erased: Iterable[str] = (),
        **_: object,
    ) -> Sequence[int]:
        """Append in one transaction: one round trip, or for a large import a copy first and then one.

        Others wait only for the last step.
        """
        pairs, texts = list((claims or {}).items()), [(r.key, r.stored) for r in records]
        rows = [(e.originator_id, e.originator_version, e.topic, e.state) for e in stored_events]
        is_large = sum(len(row[3]) for row in rows) + sum(len(t[1]) for t in texts) > MAX_STATEMENT_BYTES
        small = ([], [], []) if is_large else (rows, pairs, texts)
        parameters: dict[str, object] = {
            "from_staging": is_large,
            **dict(zip(("ids", "versions", "topics", "states"), _columns(small[0], 4), strict=True)),
            **dict(zip(("claim_names", "claim_values"), _columns(small[1], 2), strict=True)),
            **dict(zip(("record_keys", "record_bodies"), _columns(small[2], 2), strict=True)),
            "erased": list(erased),
            "lease": self.lease_number,
            "max_skew": MAX_SKEW_SECONDS * 1_000_000,
            "corrects_from": corrects and corrects[0],
            "corrects_to": corrects and corrects[1],
        }
        staged = (rows, pairs, texts) if is_large else None
        try:
            try:
                return self._append(parameters, corrects, staged)
            except errors.UndefinedFunction:  # an older version of Uptake made the tables
                self.create_table()
                return self._append(parameters, corrects, staged)
        except errors.IntegrityError as e:
            raise IntegrityError(str(e)) from e
        except PostgresError as e:
            if e.sqlstate == LEASE_LOST:
                raise LeadershipLost from e
            if e.sqlstate == STORE_MOVED:
                raise LogClosed(STORE_IS_MOVED) from e
            raise

    def _append(
        self, parameters: dict[str, object], corrects: tuple[int, int] | None, staged: Sequence[Rows] | None
    ) -> Sequence[int]:
        """Append what the parameters have, or what is staged."""
        with self.datastore.get_connection() as conn:
            if staged is None:
                return self._call(conn, parameters, corrects)
            self.ensure_complete(self.last()[0], self.count)  # before anyone waits
            with conn.transaction():
                for statement in STAGING:
                    conn.execute(statement.encode())
                events, claims, records = staged
                _copy(conn, "staged_events", [(n, *row) for n, row in enumerate(events)], _EVENT_TYPES)
                _copy(conn, "staged_claims", claims, ("text", "text"))
                _copy(conn, "staged_records", records, ("text", "bytea"))
                return self._call(conn, parameters, corrects)

    def _call(
        self, conn: Connection[DictRow], parameters: dict[str, object], corrects: tuple[int, int] | None
    ) -> Sequence[int]:
        """Call the function until it appends; it does not where a rule of the log says that it must not."""
        while True:
            parameters |= {
                "counted_row": self._complete_row,
                "machine_now": to_microseconds(self.clock()),
                "given_now": to_microseconds(self.database_clock()) if self.database_clock else None,
                "taken_stamps": list(self.corrections.counted_as),
            }
            with conn.cursor(row_factory=tuple_row) as c:
                row = c.execute(_APPEND, parameters).fetchone()
            assert row is not None
            newest_row, newest, now, row_ids = row
            if row_ids is not None:
                self._complete_row = newest_row
                return list(row_ids)
            self.agreed_now(now)
            self.ensure_complete(newest_row, self.count)
            self.next_stamp(self.last_counted(newest, corrects), now)

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

    def insert_whole_rows(self, rows: Sequence[WholeRow]) -> None:
        try:
            with self.datastore.get_connection() as conn, conn.transaction():
                _copy(conn, _WHOLE_ROW, [(row, UUID(ident), *rest) for row, ident, *rest in rows], _WHOLE_TYPES)
                conn.execute(_CONTINUE_IDS)
        except errors.IntegrityError as e:
            raise IntegrityError(str(e)) from e

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

    def versions(self, aggregate_ids: Iterable[UUID]) -> dict[UUID, int]:
        return dict(
            self._pairs(
                "SELECT originator_id, max(originator_version) FROM stored_events WHERE originator_id = ANY(%s)"
                " GROUP BY originator_id",
                aggregate_ids,
            )
        )

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

    def _pairs(self, query: LiteralString, keys: Iterable[object]) -> list[TupleRow]:
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row, binary=True) as c:
            c.execute(query, (list(keys),))
            return c.fetchall()


def _first(cursor: Cursor[TupleRow]) -> int:
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return [[row[n] for row in rows] for n in range(width)]


_EVENT_TYPES = ("int8", "uuid", "int8", "text", "bytea")
_WHOLE_TYPES = ("int8", "uuid", "int8", "text", "int8", "bytea")
_WHOLE_ROW: LiteralString = (
    "stored_events (notification_id, originator_id, originator_version, topic, recorded_at, state)"
)
_CONTINUE_IDS = """SELECT setval(pg_get_serial_sequence('stored_events', 'notification_id'), max(notification_id))
FROM stored_events"""


def _copy(
    conn: Connection[DictRow], table: LiteralString, rows: Sequence[tuple[object, ...]], types: Sequence[str]
) -> None:
    """Copy rows in pieces, each of which takes well below the time limit of a statement."""
    start = 0
    while start < len(rows):
        with conn.cursor() as c, c.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(types)
            size = 0
            while start < len(rows) and size < MAX_STATEMENT_BYTES:
                copy.write_row(rows[start])
                size += len(rows[start][-1])  # type: ignore[arg-type]
                start += 1


class PostgresLogFactory(PostgresFactory):
    application_recorder_class = PostgresLog

    def __init__(self, env: Environment) -> None:
        InfrastructureFactory.__init__(self, env)
        self.datastore = LogConnections(env[_CONNINFO])

    def application_recorder(self) -> PostgresLog:
        """The recorder on a table with a fixed name, independent of the application's name."""
        recorder = PostgresLog(datastore=self.datastore, events_table_name="stored_events")
        if self.env_create_table():
            recorder.create_table()
        return recorder
