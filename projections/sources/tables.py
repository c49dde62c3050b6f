"""One row for each source of a register, and one for each event that cites a source."""

from msgspec import Struct
from sqlalchemy import BigInteger, Column, Index, MetaData, Table, Text

metadata = MetaData()

sources = Table(
    "source_list",
    metadata,
    Column("register", Text, primary_key=True),
    Column("evidence", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("address", Text, nullable=False),
    Column("same", Text, nullable=False),
    Column("words", Text, nullable=False),
    Index("source_list_by_position", "register", "position"),
    Index("source_list_by_address", "register", "address"),
    Index("source_list_by_same", "register", "same"),
)
"""`position` is that of the first event about it. `address` is comparable, empty if there is none; `same` tells sources
of one title, publisher and day; `words` are its titles, publisher, id and address in lower case."""

citations = Table(
    "source_citations",
    metadata,
    Column("register", Text, primary_key=True),
    Column("evidence", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Index("source_citations_by_position", "register", "position"),
    sqlite_with_rowid=False,
)
"""The positions of the proposals, published assessments and developments that cite a source."""


class StoredSource(Struct, gc=False):
    """A row of `source_list`."""

    register: str
    evidence: str
    position: int
    address: str
    same: str
    words: str


class StoredCitation(Struct, gc=False):
    """A row of `source_citations`."""

    register: str
    evidence: str
    position: int
