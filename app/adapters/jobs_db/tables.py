"""The tables of the jobs database: claims of jobs, heartbeats, a reading of the clock, checkpoints, backups."""

import sqlite3
import time
from functools import cache

from sqlalchemy import BigInteger, Column, DateTime, Engine, Float, MetaData, String, Table, create_engine, event, text
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateTable

from app.adapters.database import database_conninfo
from app.adapters.settings import Settings
from projections.engine.postgres import postgres_engine
from projections.engine.private_files import make_private_file

MAX_OPEN_ATTEMPTS = 100
"""Attempts to switch a new file to write-ahead logging, 0.05 seconds apart."""
metadata = MetaData()

claims = Table(
    "job_claims",
    metadata,
    Column("job", String, primary_key=True),
    Column("slot", String, primary_key=True),
    Column("claimed_at", String, nullable=False),
)
heartbeats = Table(
    "job_heartbeats",
    metadata,
    Column("process", String, primary_key=True),
    Column("at", String, nullable=False),
)
clock_readings = Table(
    "clock_readings",
    metadata,
    Column("boot", String, nullable=False),
    Column("uptime_seconds", Float, nullable=False),
    Column("at", String, nullable=False),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("note", String, nullable=False),
    Column("made_at", String, nullable=False),
)

cosignatures = Table(
    "cosignatures",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("key", String, primary_key=True),
    Column("line", String, nullable=False),
    Column("received_at", String, nullable=False),
)
backup_runs = Table(
    "backup_runs",
    metadata,
    Column("name", String, primary_key=True),
    Column("started_at", String, nullable=False),
    Column("made_at", String),
    Column("tried_at", String),
    Column("problem", String, nullable=False, server_default=""),
)
"""Scheduled backups that are still there: when each was begun, written and tried, and what went wrong."""
leases = Table(
    "leases",
    metadata,
    Column("name", String, primary_key=True),
    Column("holder", String, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
)
"""On PostgreSQL, which worker leads, until when by the clock of the database, and how many did before it."""

shared_values = Table(
    "shared_values",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)
"""What all machines of an installation have in common: how far the cache in front was purged; on PostgreSQL also the
public keys, and which web key it is."""


def open_jobs(settings: Settings) -> Engine:
    """Open the jobs database: a small file next to the log, or the same PostgreSQL."""
    if settings.database_url:
        conninfo = database_conninfo(settings)
        if not settings.read_only:
            _make_tables_once(conninfo)
        return postgres_engine(conninfo, pool_size=1)
    file = settings.data_dir / "jobs.sqlite"
    make_private_file(file)
    engine = create_engine(f"sqlite:///{file}", connect_args={"timeout": 15})

    @event.listens_for(engine, "connect")
    def write_ahead(connection: sqlite3.Connection, _record: object) -> None:
        for _try in range(MAX_OPEN_ATTEMPTS):  # two processes open it at once: SQLite refuses one
            try:
                connection.execute("PRAGMA journal_mode=WAL")
                return
            except sqlite3.OperationalError:
                time.sleep(0.05)
        connection.execute("PRAGMA journal_mode=WAL")

    _make_tables(engine)
    return engine


def _make_tables(engine: Engine) -> None:
    with engine.begin() as db:
        if engine.dialect.name == "postgresql":
            db.execute(text("SELECT pg_advisory_xact_lock(8244)"))  # one starting process at a time
        for table in metadata.sorted_tables:
            db.execute(CreateTable(table, if_not_exists=True))


@cache
def _make_tables_once(conninfo: str) -> None:
    """Once per process, so that a page that reads the jobs changes no tables."""
    engine = postgres_engine(conninfo, poolclass=NullPool)
    _make_tables(engine)
    engine.dispose()
