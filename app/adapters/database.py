"""How processes reach PostgreSQL: the conninfo. And which errors say that it is away, or that the disk fails."""

import errno
import sqlite3
from collections.abc import Iterator

from app.adapters.settings import Settings
from domain.errors import Refused
from projections.engine.postgres import with_search_path

_BUSY = ("55P03", "57014", "40001", "40P01")
"""Conditions in which the server answers, but not in time: a lock, the time limit of a statement, a conflict."""
_ENDING = ("57P01", "57P02", "57P03", "57P05", "25006")
"""The server stops, starts, or has become a standby."""

_OF_THE_DISK = (errno.EIO, errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EFBIG)
_IN_SQLITE = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
"""A disk that fails, is full or cannot be written."""


def database_conninfo(settings: Settings) -> str:
    """What libpq gets: everything of the setting, and limits of time for what it leaves out.

    A service file is left to say everything itself.
    """
    from psycopg.conninfo import conninfo_to_dict, make_conninfo  # slow to load, and SQLite does not need it

    given = conninfo_to_dict(settings.database_url)
    ours: dict[str, str | int | None] = {"fallback_application_name": f"uptake {settings.process}"}
    if "service" not in given:
        ours |= {
            "connect_timeout": settings.database_connect_seconds,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 20_000,
        }
        if "," in str(given.get("host") or given.get("hostaddr") or ""):
            ours["target_session_attrs"] = "prefer-standby" if settings.read_only else "read-write"
    limits = ["-cdefault_transaction_read_only=on"] if settings.read_only else []
    if settings.process == "web":
        limits.append(f"-cstatement_timeout={settings.database_statement_seconds}s")
    if limits:
        given["options"] = " ".join([*limits, str(given.get("options") or "")]).strip()
    return make_conninfo("", **ours | given)


def require_direct_connection(settings: Settings) -> None:
    """Raise `Refused` if a pooler of connections is in between, which would not keep what a session has."""
    if not settings.database_url:
        return
    import psycopg

    try:
        with psycopg.connect(with_search_path(database_conninfo(settings), "public"), autocommit=True) as connection:
            row = connection.execute("SELECT pg_backend_pid()").fetchone()
            is_direct = row is not None and row[0] == connection.info.backend_pid
    except psycopg.OperationalError as e:
        if "unsupported startup parameter" not in str(e):
            raise
        is_direct = False
    if not is_direct:
        raise Refused(
            "The address of the database is that of a pooler such as PgBouncer, which does not keep what Uptake sets "
            "for a connection. Set database_url to the address of PostgreSQL itself."
        )


def is_away(error: BaseException | None) -> bool:
    """Whether an error says that the database cannot be reached, stops, or has become a standby."""
    return any(_is_away(e) for e in _causes(error))


def disk_failure(error: BaseException | None) -> str:
    """What the system or SQLite says of a disk that fails, is full or cannot be written; empty for any other error."""
    return next((str(getattr(e, "strerror", None) or e) for e in _causes(error) if _is_of_the_disk(e)), "")


def _is_of_the_disk(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):  # its lower byte is the code, the others say more about it
        return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF in _IN_SQLITE
    return isinstance(error, OSError) and error.errno in _OF_THE_DISK


def is_store_error(error: BaseException) -> bool:
    """Whether an error is one of the store, whichever it is."""
    import psycopg
    from eventsourcing.persistence import PersistenceError
    from sqlalchemy.exc import SQLAlchemyError

    return isinstance(error, (PersistenceError, SQLAlchemyError, sqlite3.Error, psycopg.Error))


def is_busy(error: BaseException | None) -> bool:
    """Whether the database answers, but could not do this in time."""
    from sqlalchemy.exc import TimeoutError as NoConnectionFree

    return any(isinstance(e, NoConnectionFree) or getattr(e, "sqlstate", None) in _BUSY for e in _causes(error))


def describe(error: BaseException | None) -> str:
    """What libpq says of a connection; of any other error only its type, since its text may have data of people."""
    import psycopg

    first = next((e for e in _causes(error) if _is_away(e)), error)
    if isinstance(first, psycopg.OperationalError) and first.sqlstate is None and str(first):
        return str(first).splitlines()[0]
    return type(first).__name__


def _is_away(error: BaseException) -> bool:
    import psycopg

    if not isinstance(error, psycopg.Error):
        return False
    if error.sqlstate is None:
        return isinstance(error, psycopg.OperationalError)
    return error.sqlstate in _ENDING or error.sqlstate.startswith("08")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = getattr(error, "orig", None) or error.__cause__ or error.__context__
