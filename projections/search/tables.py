"""The texts that search finds; the full-text index over them differs by database."""

from msgspec import Struct
from sqlalchemy import BigInteger, Column, Index, MetaData, Table, Text

metadata = MetaData()

documents = Table(
    "documents",
    metadata,
    Column("document_no", BigInteger, primary_key=True, autoincrement=False),
    Column("register", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("recommendation", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index("documents_by_id", "register", "kind", "id"),
    Index("documents_by_recommendation", "register", "recommendation"),
)


class StoredDocument(Struct, gc=False):
    """A row of `documents`; `recommendation` is empty where it belongs to none."""

    document_no: int
    register: str
    kind: str
    id: str
    recommendation: str
    title: str
    text: str
