"""Compares two generations of views row by row: a rebuilt one must equal the one in use."""

from collections import Counter
from typing import Any

from sqlalchemy import Connection, Table, func, select

from projections.engine.batches import Projection

INTERNAL = {"span_no"}
"""Columns that number rows and may differ from one build to the next."""


def differences(one: Connection, other: Connection, projections: tuple[Projection, ...]) -> list[str]:
    """A sentence per table that differs; empty when both hold the same rows."""
    found = []
    for projection in projections:
        for table in projection.metadata.sorted_tables:
            left, right = _rows(one, table), _rows(other, table)
            if left != right:
                missing, extra = sum((right - left).values()), sum((left - right).values())
                found.append(
                    f"{projection.name}: table {table.name} lacks {missing} rows that the log gives, and has "
                    f"{extra} that it does not."
                )
    return found


def row_count(db: Connection, projection: Projection) -> int:
    """How many rows a projection holds."""
    tables = projection.metadata.sorted_tables
    return sum(db.scalar(select(func.count()).select_from(t)) or 0 for t in tables)


def _rows(db: Connection, table: Table) -> Counter[tuple[Any, ...]]:
    columns = [c for c in table.columns if c.name not in INTERNAL]
    return Counter(tuple(row) for row in db.execute(select(*columns)))
