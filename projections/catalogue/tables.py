"""The catalogue's tables: one row per version of a fact. `place` is the position of the first version, so that an
amended fact keeps its place in lists."""

from msgspec import Struct
from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, Table, Text, text

from projections.engine.partial_indexes import partial_index
from projections.engine.row_number_type import ROW_NUMBER

metadata = MetaData()
OF_REGISTER = "kind IN ('register', 'opening')"
IS_OF_REGISTER = text(OF_REGISTER)
"""The facts about registers themselves, of which there are few: in literals, so that the index serves the query."""

facts = Table(
    "facts",
    metadata,
    Column("position", ROW_NUMBER, primary_key=True),
    Column("place", BigInteger, nullable=False),
    Column("register", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("known_from", BigInteger, nullable=False),
    Column("known_to", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Index("facts_by_id", "register", "kind", "id", "known_from"),
    partial_index("facts_of_registers", "register", "position", where=OF_REGISTER),
)

outdated = Table(
    "outdated_translations",
    metadata,
    Column("register", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("field", Text, primary_key=True),
)
"""A translation whose original changed after it was last written or checked."""


class StoredFact(Struct, gc=False):
    """A row of `facts`; instants are microseconds, `data` is the fact as JSON."""

    position: int
    place: int
    register: str
    kind: str
    id: str
    known_from: int
    known_to: int
    data: bytes
