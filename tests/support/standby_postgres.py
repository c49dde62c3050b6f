"""A standby of a `StoppablePostgres`, which streams what the primary writes and can be paused."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.support.stoppable_postgres import StoppablePostgres
from tests.support.waiting import wait_until


class StandbyPostgres(StoppablePostgres):
    """Logs every statement, so that a test can look for those that a standby must not get."""

    options = "-c log_statement=all"

    def __init__(self, primary: StoppablePostgres, folder: Path) -> None:
        self.programs, self.folder, self.data, self.user = primary.programs, folder, folder / "data", primary.user
        if self.user:
            shutil.chown(folder, self.user)
        self.address = f"postgresql://postgres@/uptake?host={folder}"
        self._call(
            "pg_basebackup", "--write-recovery-conf", "--checkpoint=fast", f"--host={primary.folder}", "-Upostgres"
        )
        self.start()

    def pause(self) -> None:
        """Let the standby take what the primary writes without showing it."""
        self._say("SELECT pg_wal_replay_pause()")
        wait_until(
            lambda: self._say("SELECT pg_get_wal_replay_pause_state()") == "paused", waits_for="the standby to pause"
        )

    def resume(self) -> None:
        self._say("SELECT pg_wal_replay_resume()")

    def statements(self) -> list[str]:
        return re.findall(r"LOG:  (?:statement|execute [^:]*): (.*)", (self.folder / "said").read_text())

    def _say(self, statement: str) -> object:
        with psycopg.connect(self.address, autocommit=True) as db:
            row = db.execute(statement.encode()).fetchone()
            return row and row[0]


@contextmanager
def standby_of(primary: StoppablePostgres) -> Iterator[StandbyPostgres]:
    folder = Path(tempfile.mkdtemp(prefix="uptake-pg-"))
    folder.chmod(0o755)
    standby = StandbyPostgres(primary, folder)
    try:
        yield standby
    finally:
        if (standby.data / "postmaster.pid").exists():
            standby.stop()
        shutil.rmtree(folder, ignore_errors=True)
