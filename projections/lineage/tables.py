"""The stated relations. Days are ordinals, instants microseconds."""

from msgspec import Struct
from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text

from projections.engine.row_number_type import ROW_NUMBER

metadata = MetaData()

relations = Table(
    "relations",
    metadata,
    Column("position", ROW_NUMBER, primary_key=True, autoincrement=False),
    Column("register", Text, nullable=False),
    Column("recommendation", Text, nullable=False),
    Column("relation", Text, nullable=False),
    Column("to_register", Text, nullable=False),
    Column("to_recommendation", Text, nullable=False),
    Column("effective_from", Integer, nullable=False),
    Column("known_from", BigInteger, nullable=False),
    Column("known_to", BigInteger, nullable=False),
    Column("item_known_to", BigInteger, nullable=False),
    Column("withdrawn_by", Text, nullable=False),
    Column("withdrawn_reason", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Index("relations_by_recommendation", "register", "recommendation"),
    Index("relations_by_target", "to_register", "to_recommendation"),
)
"""`to_register` is empty for an address outside. `item_known_to` is when the recommendation itself was withdrawn;
`data` is the relation as JSON."""


class StoredRelation(Struct, gc=False):
    """A row of `relations`."""

    position: int
    register: str
    recommendation: str
    relation: str
    to_register: str
    to_recommendation: str
    effective_from: int
    known_from: int
    known_to: int
    item_known_to: int
    withdrawn_by: str
    withdrawn_reason: str
    data: bytes
