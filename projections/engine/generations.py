"""Stores generations of views: a file for each next to the log, or a schema for each in PostgreSQL."""

import os
import sqlite3
from abc import ABC, abstractmethod
from pathlib import Path
from threading import get_ident

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import ProgrammingError

from projections.engine.overwriting import overwrite_deleted
from projections.engine.position import LogPosition, position_of
from projections.engine.postgres import postgres_engine
from projections.engine.private_files import make_private_file, make_private_folder


class ViewStore(ABC):
    """Stores generations of views; one of each kind is current."""

    @abstractmethod
    def current(self, kind: str) -> str | None:
        """The name of the current generation of a kind; None before the first."""

    def position(self, kind: str) -> LogPosition | None:
        """How far the current generation of a kind reaches; None before the first."""
        if (name := self.current(kind)) is None:
            return None
        with self.engine(name, writing=False).connect() as db:
            return position_of(db)

    @abstractmethod
    def make(self, name: str) -> None:
        """Create an empty generation."""

    @abstractmethod
    def activate(self, kind: str, name: str) -> None:
        """Make this generation the current one of a kind."""

    @abstractmethod
    def drop(self, name: str) -> None:
        """Delete a generation. If it is the current one of a kind, that has none afterwards."""

    @abstractmethod
    def names(self) -> list[str]:
        """All generations, current or not."""

    @abstractmethod
    def overwrite_deleted(self, name: str) -> None:
        """Overwrite what was deleted from a generation, unless the database does that itself. Raises `OSError`."""

    def __init__(self) -> None:
        self._engines: dict[tuple[str, bool], Engine] = {}

    def engine(self, name: str, *, writing: bool) -> Engine:
        """The engine for a generation; writers take the write lock when they begin."""
        if (name, writing) not in self._engines:
            self._engines[name, writing] = self._open(name, writing)
        return self._engines[name, writing]

    def close(self) -> None:
        """Close all connections; those of a process must not be used in one that is forked from it."""
        for engine in self._engines.values():
            engine.dispose()

    @abstractmethod
    def _open(self, name: str, writing: bool) -> Engine: ...


class SQLiteViewStore(ViewStore):
    """Files `<generation>.sqlite` in a folder; `<kind>.current` names the one in use."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self._opened: dict[tuple[str, bool], int] = {}  # the number of each open file in its file system

    def current(self, kind: str) -> str | None:
        name = _named_in(self.folder / f"{kind}.current")
        return name if name and self._file(name).exists() else None

    def engine(self, name: str, *, writing: bool) -> Engine:
        """As for any store; a file that was deleted and made again is opened again."""
        try:
            now = self._file(name).stat().st_ino
        except FileNotFoundError:
            now = 0
        if now and self._opened.setdefault((name, writing), now) != now:
            self._engines.pop((name, writing)).dispose()
            self._opened[name, writing] = now
        return super().engine(name, writing=writing)

    def make(self, name: str) -> None:
        make_private_folder(self.folder)
        make_private_file(self._file(name))

    def activate(self, kind: str, name: str) -> None:
        pointer = self.folder / f"{kind}.{os.getpid()}-{get_ident()}.new"
        make_private_file(pointer)
        pointer.write_text(name, encoding="ascii")
        pointer.replace(self.folder / f"{kind}.current")

    def drop(self, name: str) -> None:
        for pointer in self.folder.glob("*.current"):
            if _named_in(pointer) == name:
                pointer.unlink(missing_ok=True)
        for suffix in ("", "-wal", "-shm"):
            (self.folder / f"{name}.sqlite{suffix}").unlink(missing_ok=True)

    def overwrite_deleted(self, name: str) -> None:
        overwrite_deleted(self._file(name))

    def names(self) -> list[str]:
        return sorted(p.stem for p in self.folder.glob("views-*.sqlite"))

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite"

    def _open(self, name: str, writing: bool) -> Engine:
        url = f"sqlite:///{self._file(name).absolute().as_uri()}?mode=rw&uri=true"  # a deleted file is not made again
        engine = create_engine(url, connect_args={"timeout": 15}, hide_parameters=True)

        @event.listens_for(engine, "connect")
        def leave_transactions_to_us(connection: sqlite3.Connection, _record: object) -> None:
            connection.isolation_level = None
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=15000", "cache_size=-200000"):
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def take_the_lock_first(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

        return engine


def _named_in(pointer: Path) -> str | None:
    """The generation in use; None without a file."""
    try:
        return pointer.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None


class PostgresViewStore(ViewStore):
    """A schema per generation; the table `view_generations` names the current ones."""

    def __init__(self, conninfo: str) -> None:
        super().__init__()
        self.conninfo = conninfo
        self._last_current: dict[str, str] = {}
        self._pointers = postgres_engine(conninfo, pool_size=1)
        self._reading = self._pointers.execution_options(isolation_level="AUTOCOMMIT")

    def close(self) -> None:
        super().close()
        self._pointers.dispose()

    def current(self, kind: str) -> str | None:
        try:
            with self._reading.connect() as db:
                name: str | None = db.scalar(text("SELECT name FROM view_generations WHERE kind = :k"), {"k": kind})
        except ProgrammingError:  # there are no generations yet
            return None
        if name is not None:
            self._last_current[kind] = name
        return name

    def position(self, kind: str) -> LogPosition | None:
        """In one statement, if the generation is still the one that was current the last time."""
        name = self._last_current.get(kind)
        if name is not None and (position := self._position(kind, name)):
            return position
        name = self.current(kind)
        return self._position(kind, name) if name is not None else None

    def _position(self, kind: str, name: str) -> LogPosition | None:
        """How far a generation reaches, if it is the current one."""
        query = text(
            f'SELECT p.log_row, p.applied, p.stamp, p.skipped FROM view_generations g, "{name}".position p'
            " WHERE g.kind = :k AND g.name = :n"
        )
        try:
            with self._reading.connect() as db:
                row = db.execute(query, {"k": kind, "n": name}).one_or_none()
        except ProgrammingError:  # it was deleted
            return None
        return LogPosition(*row) if row else None

    def make(self, name: str) -> None:
        with self._pointers.begin() as db:
            db.execute(text("SELECT pg_advisory_xact_lock(8243)"))
            db.execute(text("CREATE TABLE IF NOT EXISTS view_generations (kind text PRIMARY KEY, name text)"))
            db.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{name}"'))

    def activate(self, kind: str, name: str) -> None:
        with self._pointers.begin() as db:
            db.execute(
                text("INSERT INTO view_generations VALUES (:k, :n) ON CONFLICT (kind) DO UPDATE SET name = :n"),
                {"k": kind, "n": name},
            )

    def drop(self, name: str) -> None:
        with self._pointers.begin() as db:
            if db.scalar(text("SELECT to_regclass('view_generations') IS NOT NULL")):
                db.execute(text("DELETE FROM view_generations WHERE name = :n"), {"n": name})
            db.execute(text(f'DROP SCHEMA IF EXISTS "{name}" CASCADE'))

    def overwrite_deleted(self, name: str) -> None:
        """Left to the vacuum of PostgreSQL, which knows who still reads."""

    def names(self) -> list[str]:
        with self._pointers.connect() as db:
            return list(db.scalars(text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'views-%' ORDER BY 1")))

    def _open(self, name: str, writing: bool) -> Engine:
        return postgres_engine(
            self.conninfo,
            schema=name,
            isolation_level=None if writing else "REPEATABLE READ",
            pool_size=1 if writing else 4,
        )
