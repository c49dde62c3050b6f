"""The complete subtrees of the log's tree: the leaves at level 0, two halves' hash above them."""

from msgspec import Struct
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


class TreeNode(Struct, frozen=True, gc=False):
    """A row of `tree_nodes`: a complete subtree with its level, its place on that level (from 0), and its hash."""

    level: int
    place: int
    hash: bytes
