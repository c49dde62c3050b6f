"""Indexes over some rows of a table, in the words that SQLite and PostgreSQL share.

Their own words for it (`sqlite_where`, `postgresql_where`) load both dialects whichever is used.
"""

from typing import Any

from sqlalchemy import Index
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex
from sqlalchemy.sql.compiler import DDLCompiler

_WHERE = "where"


def partial_index(name: str, *columns: str, where: str) -> Index:
    """An index over the rows for which an SQL condition holds."""
    return Index(name, *columns, info={_WHERE: where})


@compiles(CreateIndex)
def _create_index(create: CreateIndex, compiler: DDLCompiler, **options: Any) -> str:
    statement = compiler.visit_create_index(create, **options)  # type: ignore[no-untyped-call]
    where = create.element.info.get(_WHERE)
    return f"{statement} WHERE {where}" if where else statement
