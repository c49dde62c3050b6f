"""Writes many rows at the speed of the driver, in either database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table


def write_rows(db: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows at the speed of the driver: COPY on PostgreSQL, executemany on SQLite."""
    if not rows:
        return
    names = ", ".join(columns)
    if db.dialect.name == "postgresql":
        driver: Any = db.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(columns))
        db.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", list(rows))


def write_many(db: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Run one statement, with `?` for its values, for many rows, in pieces that no driver chokes on."""
    if db.dialect.name == "postgresql":
        statement = statement.replace("?", "%s")
    for start in range(0, len(rows), 1000):
        db.exec_driver_sql(statement, list(rows[start : start + 1000]))
