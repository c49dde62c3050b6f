"""The connections of the log to PostgreSQL, in place of the library's own pool."""

from collections.abc import Iterator
from contextlib import contextmanager

from eventsourcing.postgres import PostgresDatastore
from psycopg import Connection, connect
from psycopg.rows import DictRow, dict_row
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import QueuePool

from projections.engine.postgres import MAX_CONNECTION_WAIT_SECONDS, has_ended

MAX_CONNECTIONS = 10


class LogConnections(PostgresDatastore):
    """Connections in autocommit mode, made when they are needed and again after the server ended them.

    The library's pool takes the parts of an address one by one, drops the others, and waits up to minutes before it
    tries again after an outage. Errors stay those of psycopg: the library would repeat what failed for seconds.
    """

    def __init__(self, conninfo: str) -> None:
        self.schema, self.originator_id_type = "public", "uuid"
        self.lock_timeout, self.enable_db_functions = 0, False
        self.db_type_names = set()

        def open_connection() -> Connection[DictRow]:
            return connect(conninfo, autocommit=True, row_factory=dict_row)

        self._connections = QueuePool(
            open_connection,  # type: ignore[arg-type]
            pool_size=1,
            max_overflow=MAX_CONNECTIONS - 1,
            timeout=MAX_CONNECTION_WAIT_SECONDS,
        )
        event.listen(self._connections, "checkout", _refuse_ended)

    def register_type_adapters(self) -> None:
        """Nothing: the composite types of the library are not used."""

    @contextmanager
    def get_connection(self) -> Iterator[Connection[DictRow]]:
        checked_out = self._connections.connect()
        connection = checked_out.driver_connection
        assert isinstance(connection, Connection)
        try:
            yield connection
        finally:
            if connection.closed:
                checked_out.invalidate()
            checked_out.close()

    def close(self) -> None:
        self._connections.dispose()


def _refuse_ended(connection: object, _record: object, _proxy: object) -> None:
    if has_ended(connection):
        raise DisconnectionError
