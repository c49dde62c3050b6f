"""Types of rows whose columns are read by name, and of the queries for them."""

from sqlalchemy import Row, Select

NamedRow = Row[*tuple[object, ...]]
NamedRowQuery = Select[*tuple[object, ...]]
