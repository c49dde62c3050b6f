"""The tables of a backup, in restore order, and their rows as lines of JSON."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Set
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, MetaData, Table, create_engine, text

from app.adapters.database import database_conninfo
from app.adapters.jobs_db.tables import backup_runs, clock_readings, heartbeats, leases, shared_values
from app.adapters.jobs_db.tables import metadata as job_metadata
from app.adapters.settings import Settings
from app.services.accounts.database import SCHEMA
from app.services.followers.models import Follow, Follower
from projections.engine.postgres import postgres_engine

PARTS = ("jobs", "accounts", "log")
"""In backup order: parts that refer to the log come before it."""
LOG_TABLES = ("stored_events", "claims", "records")
WITHOUT_BACKUP = {Follower.__tablename__, Follow.__tablename__, "oldest_usable_revision"}
"""Who stopped following gets no letter again because a backup was restored. The last is what a migration wrote."""
OF_THIS_MACHINE = {heartbeats.name, clock_readings.name, backup_runs.name, leases.name, shared_values.name}
"""Tables of the jobs database that mean nothing in another installation. A backup has the public keys as a file."""
ROW_ID = {"sqlite": "rowid", "postgresql": "notification_id"}


@contextmanager
def read_transaction(settings: Settings, part: str) -> Iterator[Connection]:
    """A consistent snapshot of a part's tables."""
    with _connect(settings, part) as db:
        if db.dialect.name == "sqlite":
            db.exec_driver_sql("BEGIN")
        yield db


@contextmanager
def write_transaction(settings: Settings, part: str) -> Iterator[Connection]:
    """A transaction over a part's tables, committed if the block succeeds."""
    with _connect(settings, part) as db:
        if db.dialect.name == "sqlite":
            db.exec_driver_sql("BEGIN IMMEDIATE")
        yield db
        db.commit()


@contextmanager
def _connect(settings: Settings, part: str) -> Iterator[Connection]:
    if settings.database_url:
        schema = SCHEMA if part == "accounts" else "public"
        engine = postgres_engine(database_conninfo(settings), schema=schema, isolation_level="REPEATABLE READ")
    else:
        file = settings.data_dir / f"{part}.sqlite"
        args = {"timeout": 15, "isolation_level": None}
        engine = create_engine(f"sqlite:///{file}", connect_args=args, hide_parameters=True)
    try:
        with engine.connect() as db:
            yield db
    finally:
        engine.dispose()


def tables_of(db: Connection, part: str, without: Set[str] = WITHOUT_BACKUP | OF_THIS_MACHINE) -> list[Table]:
    """The tables of a part without some, referenced ones first."""
    metadata = MetaData()
    metadata.reflect(db)
    if part == "log":
        return [metadata.tables[name] for name in LOG_TABLES]
    if part == "jobs":
        return [metadata.tables[n] for n in job_metadata.tables if n in metadata.tables and n not in without]
    return [table for table in metadata.sorted_tables if table.name not in without]


def read_lines(db: Connection, table: Table) -> Iterator[bytes]:
    """The rows of a table, each as a line with a JSON object."""
    row_id = ROW_ID[db.dialect.name]
    order = list(table.primary_key.columns) or list(table.columns)
    with db.execution_options(yield_per=2000).execute(table.select().order_by(*order)) as rows:
        for row in rows.mappings():
            values = {("row" if name == row_id else name): _to_json(value) for name, value in row.items()}
            yield json.dumps(values, ensure_ascii=False).encode() + b"\n"


def insert_lines(db: Connection, table: Table, lines: Iterator[bytes]) -> int:
    """Insert rows from `read_lines`; returns how many."""
    row_id, batch, count = ROW_ID[db.dialect.name], list[dict[str, object]](), 0
    names = {("row" if c.name == row_id else c.name): c.name for c in table.columns}
    marks = ", ".join(f":{n}" for n in names.values())
    overriding = "OVERRIDING SYSTEM VALUE " if row_id in names.values() and row_id != "rowid" else ""
    statement = text(f'INSERT INTO "{table.name}" ({", ".join(names.values())}) {overriding}VALUES ({marks})')
    for line in lines:
        row = json.loads(line)
        batch.append({names[n]: _from_json(v) for n, v in row.items()})
        if len(batch) == 2000:
            db.execute(statement, batch)
            count, batch = count + len(batch), []
    if batch:
        db.execute(statement, batch)
    _advance_sequence(db, table)
    return count + len(batch)


def _advance_sequence(db: Connection, table: Table) -> None:
    """Continue PostgreSQL's sequence after the highest restored number."""
    keys = [c.name for c in table.primary_key.columns]
    if db.dialect.name != "postgresql" or len(keys) != 1 or keys[0] not in ("id", "notification_id"):
        return
    query = "SELECT setval(pg_get_serial_sequence(:t, :c), greatest(1, (SELECT max({c}) FROM {t})))"
    db.execute(text(query.format(c=keys[0], t=table.name)), {"t": table.name, "c": keys[0]})


def _to_json(value: object) -> object:
    match value:
        case bytes() | memoryview():
            return {"bytes": b64encode(bytes(value)).decode()}
        case datetime():
            return {"at": value.isoformat()}
        case UUID():
            return value.hex
        case _:
            return value


def _from_json(plain: object) -> object:
    if isinstance(plain, dict) and set(plain) == {"bytes"}:
        return b64decode(plain["bytes"])
    if isinstance(plain, dict) and set(plain) == {"at"}:
        return datetime.fromisoformat(plain["at"])
    if isinstance(plain, (dict, list)):
        return json.dumps(plain)
    return plain
