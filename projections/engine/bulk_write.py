"""Writes many rows at the speed of the driver, in either database."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import astuple
from sqlalchemy import Connection, Table

BATCH_ROWS = 1000
"""How many rows one statement takes, so that no driver runs out of parameters."""


def write_rows(db: Connection, table: Table, rows: Sequence[Struct]) -> None:
    """Insert rows of one type, whose fields are named as the columns: COPY on PostgreSQL, executemany on SQLite."""
    if not rows:
        return
    columns = type(rows[0]).__struct_fields__
    names = ", ".join(columns)
    if db.dialect.name == "postgresql":
        driver: Any = db.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(astuple(row))
    else:
        marks = ", ".join("?" * len(columns))
        db.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", [astuple(row) for row in rows])


def write_many(db: Connection, statement: str, values: Sequence[tuple[object, ...]]) -> None:
    """Run one statement, with `?` for each value, once for each tuple of values."""
    if db.dialect.name == "postgresql":
        statement = statement.replace("?", "%s")
    for start in range(0, len(values), BATCH_ROWS):
        db.exec_driver_sql(statement, list(values[start : start + BATCH_ROWS]))
