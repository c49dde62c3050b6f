"""Writes many rows at the speed of the driver, in either database."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import astuple
from sqlalchemy import Connection, Table

BATCH_ROWS = 1000
"""How many rows one statement takes, so that no driver runs out of parameters."""


FEW_ROWS = 10
"""So few rows are quicker to insert in one statement than to copy to PostgreSQL."""


def write_rows(db: Connection, table: Table, rows: Sequence[Struct]) -> None:
    """Insert rows of one type, whose fields are named as the columns: many by COPY on PostgreSQL."""
    if not rows:
        return
    columns = type(rows[0]).__struct_fields__
    names = ", ".join(columns)
    is_postgres = db.dialect.name == "postgresql"
    if is_postgres and len(rows) > FEW_ROWS:
        driver: Any = db.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(astuple(row))
        return
    marks = f"({', '.join('?' * len(columns))})"
    statement = f"INSERT INTO {table.name} ({names}) VALUES {marks}"
    if is_postgres:
        write_many(db, ", ".join([statement, *[marks] * (len(rows) - 1)]), [tuple(v for r in rows for v in astuple(r))])
    else:
        write_many(db, statement, [astuple(row) for row in rows])


def write_many(db: Connection, statement: str, values: Sequence[tuple[object, ...]]) -> int:
    """Run one statement, with `?` for each value, once for each tuple of values; returns how many rows it changed."""
    if db.dialect.name == "postgresql":
        statement = statement.replace("?", "%s")
    if len(values) == 1:
        return db.exec_driver_sql(statement, values[0]).rowcount
    parts = (list(values[start : start + BATCH_ROWS]) for start in range(0, len(values), BATCH_ROWS))
    return sum(db.exec_driver_sql(statement, part).rowcount for part in parts)
