"""Reads many rows at the speed of the driver, in either database."""

from typing import Any

from sqlalchemy import Connection, Select


def read_rows(db: Connection, query: Select[Any]) -> list[tuple[Any, ...]]:
    """All rows as plain tuples of what the driver gives: numbers, texts and bytes."""
    cursor = db.execute(query).cursor
    assert cursor is not None, "a query that returns rows"
    return list(cursor.fetchall())
