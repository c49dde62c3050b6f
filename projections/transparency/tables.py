"""The complete subtrees of the log's tree: the leaves at level 0, two halves' hash above them."""

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, SmallInteger, Table

metadata = MetaData()

nodes = Table(
    "tree_nodes",
    metadata,
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
