"""Connections to PostgreSQL. All of them are made from one conninfo, which libpq gets as a whole."""

import select
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError

MAX_CONNECTION_WAIT_SECONDS = 5
"""How long a thread waits for a connection that another one of its process uses."""


def postgres_engine(conninfo: str, *, schema: str = "", **options: Any) -> Engine:
    """An engine whose connections find tables in `schema` first. Statements are logged without what people typed."""
    options.setdefault("hide_parameters", True)
    if "poolclass" not in options:
        options.setdefault("pool_timeout", MAX_CONNECTION_WAIT_SECONDS)
    whole = with_search_path(conninfo, schema) if schema else conninfo
    engine = create_engine("postgresql+psycopg://", use_native_hstore=False, **options)

    @event.listens_for(engine, "do_connect")
    def hand_over(_dialect: object, _record: object, positional: list[str], _named: dict[str, object]) -> None:
        positional[:] = [whole]

    event.listen(engine, "checkout", _refuse_ended)
    event.listen(engine, "handle_error", _leave_read_only_server)
    return engine


def with_search_path(conninfo: str, schema: str) -> str:
    """A conninfo whose connections find tables in a schema; options that it has already stay."""
    from psycopg.conninfo import conninfo_to_dict, make_conninfo  # slow to load, and SQLite does not need it

    given = conninfo_to_dict(conninfo).get("options") or ""
    return make_conninfo(conninfo, options=f'{given} -csearch_path="{schema}"'.strip())


def has_ended(connection: Any) -> bool:
    """Whether the server ended a connection that is not in use. Sends nothing, so it takes no time.

    The server speaks first only to say that it goes away.
    """
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _refuse_ended(connection: Any, _record: object, _proxy: object) -> None:
    """Let the pool replace a connection that the server ended while no one used it."""
    if has_ended(connection):
        raise DisconnectionError


def _leave_read_only_server(context: Any) -> None:
    """A server that became a standby refuses to write: leave it, so that libpq looks for the new primary."""
    if getattr(context.original_exception, "sqlstate", None) == "25006":
        context.is_disconnect = True
