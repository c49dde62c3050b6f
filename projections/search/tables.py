"""What can be found, with its text; the full-text index beside it differs by database."""

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
COLUMNS = tuple(c.name for c in documents.columns)
