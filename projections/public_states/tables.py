"""One row per register, and one with an empty name for events of the log itself; and which registers refer to which."""

from sqlalchemy import BigInteger, Boolean, Column, MetaData, Table, Text

metadata = MetaData()

public_states = Table(
    "public_states",
    metadata,
    Column("register", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("stamp", BigInteger, nullable=False),
    Column("is_open", Boolean, nullable=False),
)
"""`position` and `stamp` (µs) are those of the last event that public pages can show."""

register_links = Table(
    "register_links",
    metadata,
    Column("register", Text, primary_key=True),
    Column("other", Text, primary_key=True),
)
"""Pairs of registers, each in both orders, between which a relation was ever stated."""
