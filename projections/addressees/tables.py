"""The table of addressees: a row for each period in which a body was asked, and was known to be asked."""

from msgspec import Struct
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text

metadata = MetaData()

addressees = Table(
    "addressees",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("register", Text, nullable=False),
    Column("recommendation", Text, nullable=False),
    Column("stated", Boolean, nullable=False),
    Column("element", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("from_on", Text, nullable=False),
    Column("to_on", Text, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("known_from", BigInteger, nullable=False),
    Column("known_to", BigInteger, nullable=False),
    Index("addressees_of_recommendation", "register", "recommendation", "known_to"),
    Index(
        "addressees_by_body", "register", "body", "known_to", "last", "first", "known_from", "recommendation", "stated"
    ),
)
"""`position` is that of the event in the log and `place` that of the row in the event: a rebuild gives the same keys.
`stated` marks those that a recommendation was registered with: they count where it has no others. `first` and `last`
are its days as ordinals."""


class StoredAddressee(Struct, gc=False):
    """A row of `addressees`; instants are microseconds."""

    position: int
    place: int
    register: str
    recommendation: str
    stated: bool
    element: str
    body: str
    role: str
    from_on: str
    to_on: str
    first: int
    last: int
    known_from: int
    known_to: int
