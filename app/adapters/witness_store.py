"""The state of a witness: the logs that it knows, and the newest checkpoint that it cosigned of each.

One SQLite file. A commit is on the disk before it returns (`synchronous=EXTRA`), and one writer at a time compares and
replaces the state of a log (`BEGIN IMMEDIATE`), as https://c2sp.org/tlog-witness asks.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from msgspec import Struct

from projections.engine.private_files import make_private_file

LOCK_TIMEOUT_SECONDS = 10.0
MAX_CONFLICTS = 100
"""How many contradicting checkpoints are kept of each log, as evidence."""
_TABLES = """
CREATE TABLE IF NOT EXISTS logs (origin TEXT NOT NULL, vkey TEXT PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS latest (
    origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS conflicts (origin TEXT NOT NULL, note TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
"""


class LatestCheckpoint(Struct, frozen=True):
    """The newest checkpoint of a log that the witness cosigned; the note has the cosignature too."""

    size: int
    root: bytes
    note: str


class LogState(Struct, frozen=True):
    origin: str
    vkeys: tuple[str, ...]
    size: int
    conflicts: int


class WitnessStore:
    def __init__(self, file: Path) -> None:
        self.file = file
        make_private_file(file)
        with self._connect() as db:
            db.executescript(_TABLES)

    def add_log(self, origin: str, vkey: str) -> bool:
        """Add a key of a log; returns whether it is new."""
        with self.writing() as db:
            before = db.total_changes
            db.execute("INSERT OR IGNORE INTO logs VALUES (?, ?)", (origin, vkey))
            return db.total_changes > before

    def keys(self, origin: str) -> list[str]:
        """The verifier keys of a log."""
        with self._connect() as db:
            return [row[0] for row in db.execute("SELECT vkey FROM logs WHERE origin = ?", (origin,))]

    def logs(self) -> list[LogState]:
        query = "SELECT (SELECT size FROM latest WHERE origin = ?1), (SELECT count(*) FROM conflicts WHERE origin = ?1)"
        with self._connect() as db:
            origins = [row[0] for row in db.execute("SELECT DISTINCT origin FROM logs ORDER BY origin")]
            states = {origin: db.execute(query, (origin,)).fetchone() for origin in origins}
        return [LogState(o, tuple(self.keys(o)), size or 0, count) for o, (size, count) in states.items()]

    def latest(self, origin: str) -> LatestCheckpoint | None:
        with self._connect() as db:
            return latest_of(db, origin)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that no other one can come between; it is on the disk when the block ends."""
        with self._connect() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                db.execute("ROLLBACK")
                raise

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.file, timeout=LOCK_TIMEOUT_SECONDS, isolation_level=None)) as db:
            db.execute("PRAGMA synchronous = EXTRA")
            yield db


def latest_of(db: sqlite3.Connection, origin: str) -> LatestCheckpoint | None:
    row = db.execute("SELECT size, root, note FROM latest WHERE origin = ?", (origin,)).fetchone()
    return LatestCheckpoint(*row) if row else None


def replace_latest(db: sqlite3.Connection, origin: str, latest: LatestCheckpoint) -> None:
    db.execute("REPLACE INTO latest VALUES (?, ?, ?, ?)", (origin, latest.size, latest.root, latest.note))


def keep_conflict(db: sqlite3.Connection, origin: str, note: str, seconds: int) -> None:
    """Keep a signed checkpoint that contradicts what the witness saw, unless it has many of that log."""
    count = db.execute("SELECT count(*) FROM conflicts WHERE origin = ?", (origin,)).fetchone()[0]
    if count < MAX_CONFLICTS:
        db.execute("INSERT INTO conflicts VALUES (?, ?, ?)", (origin, note, seconds))
