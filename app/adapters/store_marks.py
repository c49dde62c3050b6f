"""Marks of a store that is moved, and who uses a store: one that is filled, or was moved away, is not to be used.

A SQLite store has its mark in a file next to the databases, and every process that uses it holds a shared lock of the
operating system. PostgreSQL has the mark in a table, and its list of connections says who uses the store.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, Protocol

import msgspec
from msgspec import Struct

from app.adapters.database import database_conninfo
from app.adapters.settings import Settings
from domain.errors import Refused, refusal
from projections.engine.postgres import with_search_path
from projections.engine.private_files import make_private_file, make_private_folder

if TYPE_CHECKING:
    from psycopg import Connection

MARK_FILE, LOCK_FILE = "store-move.json", "store.lock"
STORE_MOVED = "UP002"
"""The condition when something is appended to a log in PostgreSQL that was moved away."""
STORE_IS_MOVED = refusal(
    "Nothing was saved, because the store was moved elsewhere.", cure="Ask the operator to run “uptake doctor”."
)
_MOVE_LOCK = 0x757074616D76
"""The advisory lock of the process that moves a store."""
_TABLE = "CREATE TABLE IF NOT EXISTS store_move (one int PRIMARY KEY CHECK (one = 1), mark text NOT NULL)"
_CLOSED = f"""CREATE OR REPLACE FUNCTION refuse_moved_log() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION USING ERRCODE = '{STORE_MOVED}', MESSAGE = 'this store was moved'; END$$"""
_CLOSE = """CREATE OR REPLACE TRIGGER store_moved BEFORE INSERT ON stored_events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_moved_log()"""
_OTHERS = """SELECT coalesce(nullif(application_name, ''), 'a program without a name') FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND backend_type = 'client backend'
AND pid <> pg_backend_pid()"""

State = Literal["filling", "leaving", "left", "given up"]
_SENTENCES: dict[State, str] = {
    "filling": "The store {here} is not complete: the one {other} is being moved there. Run “uptake "
    "migrate-store” again, which goes on where it stopped, or give the move up with its option --undo.",
    "leaving": "The store {here} is being moved to the one {other}, so nothing may change it. Run “uptake "
    "migrate-store” again, which goes on where it stopped, or give the move up with its option --undo.",
    "left": "The store {here} was moved to the one {other} and is not used any more. Let UPTAKE_DATABASE_URL or "
    "UPTAKE_DATA_DIR name the store there.",
    "given up": "The move to the store {here} was given up. Use the store {other}.",
}


class StoreMark(Struct, frozen=True):
    """`move` is the id of the move, the same at both ends; `other` describes the other end; `at` is an instant (UTC).

    `complete` names the parts that the target has already.
    """

    move: str
    state: State
    other: str
    at: str
    complete: tuple[str, ...] = ()


class HeldStore(Protocol):
    """A store that this process alone moves, while it is held."""

    def mark(self) -> StoreMark | None: ...
    def set_mark(self, mark: StoreMark | None) -> None: ...

    def users(self) -> list[str]:
        """The processes that use the store, by name; empty if the lock keeps them out."""
        ...


def describe_store(settings: Settings) -> str:
    """A store as sentences name it, without user and password."""
    if not settings.database_url:
        return f"in {settings.data_dir.absolute()}"
    from psycopg.conninfo import conninfo_to_dict

    given = conninfo_to_dict(settings.database_url)
    host = given.get("host") or given.get("hostaddr") or given.get("service") or "this machine"
    return f"in the database {given.get('dbname') or given.get('user') or ''} at {host}:{given.get('port') or 5432}"


def require_usable(settings: Settings, mark: StoreMark | None) -> None:
    """Raise `Refused` if a mark says that this store is not to be used."""
    if mark:
        raise Refused(_SENTENCES[mark.state].format(here=describe_store(settings), other=mark.other))


def use_folder(settings: Settings) -> Callable[[], None]:
    """Take part in the use of a SQLite store until the returned function is called. Raises `Refused`."""
    lock = _try_lock(settings.data_dir, fcntl.LOCK_SH)
    if lock is None:
        mark = read_folder_mark(settings.data_dir)
        require_usable(settings, mark)
        raise Refused(f"The store {describe_store(settings)} is being moved. Wait until “uptake migrate-store” ends.")
    try:
        require_usable(settings, read_folder_mark(settings.data_dir))
    except BaseException:
        lock.close()
        raise
    return lock.close


def read_database_mark(connection: "Connection[Any]") -> StoreMark | None:
    """The mark in PostgreSQL: one statement if there never was one."""
    from psycopg.rows import tuple_row

    with connection.cursor(row_factory=tuple_row) as c:
        row = c.execute("SELECT to_regclass('public.store_move') IS NOT NULL").fetchone()
        if row is None or not row[0]:
            return None
        row = c.execute("SELECT mark FROM public.store_move").fetchone()
        return msgspec.json.decode(row[0], type=StoreMark) if row else None


def require_not_moved(settings: Settings) -> None:
    """Raise `Refused` if this store is moved or was; before anything is written to it."""
    if not settings.database_url:
        require_usable(settings, read_folder_mark(settings.data_dir))
        return
    import psycopg

    with psycopg.connect(database_conninfo(settings), autocommit=True) as connection:
        require_usable(settings, read_database_mark(connection))


@contextmanager
def hold_store(settings: Settings) -> Iterator[HeldStore]:
    """Hold a store to move it. Raises `Refused` if another process moves it, or uses the SQLite store."""
    with _hold_database(settings) if settings.database_url else _hold_folder(settings) as held:
        yield held


class _HeldFolder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def mark(self) -> StoreMark | None:
        return read_folder_mark(self._folder)

    def set_mark(self, mark: StoreMark | None) -> None:
        file = self._folder / MARK_FILE
        if mark is None:
            file.unlink(missing_ok=True)
        else:
            new = file.with_suffix(".new")
            make_private_file(new)
            with new.open("wb") as stream:
                stream.write(msgspec.json.encode(mark) + b"\n")
                stream.flush()
                os.fsync(stream.fileno())
            new.replace(file)
        _flush_names(self._folder)

    def users(self) -> list[str]:
        return []


class _HeldDatabase:
    def __init__(self, connection: "Connection[Any]") -> None:
        self._connection = connection

    def mark(self) -> StoreMark | None:
        return read_database_mark(self._connection)

    def set_mark(self, mark: StoreMark | None) -> None:
        """A log that is left, or will be, refuses entries of processes that started before."""
        with self._connection.transaction():
            self._connection.execute(_TABLE)
            self._connection.execute("DELETE FROM store_move")
            if mark:
                self._connection.execute("INSERT INTO store_move VALUES (1, %s)", (msgspec.json.encode(mark).decode(),))
            row = self._connection.execute("SELECT to_regclass('stored_events') IS NOT NULL").fetchone()
            if mark and mark.state in ("leaving", "left"):
                self._connection.execute(_CLOSED)
                self._connection.execute(_CLOSE)
            elif row and row[0]:
                self._connection.execute("DROP TRIGGER IF EXISTS store_moved ON stored_events")

    def users(self) -> list[str]:
        return sorted({name for (name,) in self._connection.execute(_OTHERS)})


@contextmanager
def _hold_database(settings: Settings) -> Iterator[HeldStore]:
    import psycopg

    conninfo = with_search_path(database_conninfo(settings), "public")
    with psycopg.connect(conninfo, autocommit=True) as connection:
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", (_MOVE_LOCK,)).fetchone()
        if row is None or not row[0]:
            raise Refused(f"Another process moves the store {describe_store(settings)}. Wait until it ends.")
        yield _HeldDatabase(connection)


@contextmanager
def _hold_folder(settings: Settings) -> Iterator[HeldStore]:
    folder = settings.data_dir
    created: list[Path] = []
    try:
        created = [path for path in (folder / LOCK_FILE, folder, *folder.parents) if not path.exists()]
        make_private_folder(folder)
        lock = _try_lock(folder, fcntl.LOCK_EX)
    except OSError as e:
        _remove_created(created)
        raise Refused(f"{folder} cannot be used: {e.strerror}. Name a folder that this account can write to.") from None
    if lock is None:
        raise Refused(
            f"The store {describe_store(settings)} is in use. Stop Uptake and every command on it, then try again."
        )
    try:
        yield _HeldFolder(folder)
    except BaseException:
        if not (folder / MARK_FILE).exists():  # it was refused before anything was moved
            _remove_created(created)
        raise
    finally:
        lock.close()


def _remove_created(paths: list[Path]) -> None:
    """Remove files, and folders as far as they are empty."""
    with suppress(OSError):
        for path in paths:
            path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)


def _try_lock(folder: Path, kind: int) -> IO[bytes] | None:
    """The open file that is locked; None if another process has it in another way. The lock ends with the process."""
    while True:
        make_private_file(folder / LOCK_FILE)
        with suppress(FileNotFoundError):  # a refused move just removed it
            lock = (folder / LOCK_FILE).open("rb")
            try:
                fcntl.flock(lock, kind | fcntl.LOCK_NB)
            except OSError:
                lock.close()
                return None
            if os.fstat(lock.fileno()).st_nlink:
                return lock
            lock.close()


def read_folder_mark(folder: Path) -> StoreMark | None:
    """The mark in a folder. Raises `Refused` if it cannot be read."""
    with suppress(FileNotFoundError):
        try:
            return msgspec.json.decode((folder / MARK_FILE).read_bytes(), type=StoreMark)
        except msgspec.MsgspecError:
            raise Refused(f"{folder / MARK_FILE} cannot be read. Run “uptake migrate-store” again.") from None
    return None


def _flush_names(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
