"""Compares two generations of views row by row: a rebuilt one must equal the one in use."""

from collections import Counter

from sqlalchemy import Connection, Table, func, select

from projections.engine.batches import Projection
from projections.engine.rows import NamedRow

NUMBERING_COLUMNS = {"span_no"}
"""Columns that number rows and may differ from one build to the next."""


def differences(current: Connection, rebuilt: Connection, projections: tuple[Projection, ...]) -> list[str]:
    """A sentence per table that differs; empty when both contain the same rows."""
    sentences = []
    for projection in projections:
        for table in projection.metadata.sorted_tables:
            current_rows, rebuilt_rows = _rows(current, table), _rows(rebuilt, table)
            if current_rows != rebuilt_rows:
                missing, extra = rebuilt_rows - current_rows, current_rows - rebuilt_rows
                sentences.append(
                    f"{projection.name}: table {table.name} lacks {missing.total()} rows that the log gives, and has "
                    f"{extra.total()} that it does not."
                )
    return sentences


def row_count(db: Connection, projection: Projection) -> int:
    """How many rows a projection has."""
    tables = projection.metadata.sorted_tables
    return sum(db.scalar(select(func.count()).select_from(t)) or 0 for t in tables)


def _rows(db: Connection, table: Table) -> Counter[NamedRow]:
    columns = [c for c in table.columns if c.name not in NUMBERING_COLUMNS]
    return Counter(db.execute(select(*columns)))
