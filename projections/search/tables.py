"""The texts that search finds, and the words in them; the full-text index over the texts differs by database."""

from msgspec import Struct
from sqlalchemy import BigInteger, Column, Index, MetaData, Table, Text

from projections.engine.row_number_type import ROW_NUMBER

metadata = MetaData()

documents = Table(
    "documents",
    metadata,
    Column("document_no", ROW_NUMBER, primary_key=True, autoincrement=False),
    Column("register", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("recommendation", Text, nullable=False),
    Column("titles", Text, nullable=False),
    Column("texts", Text, nullable=False),
    Index("documents_by_id", "register", "kind", "id"),
    Index("documents_by_recommendation", "register", "recommendation"),
)

words = Table(
    "document_vocabulary",
    metadata,
    Column("register", Text, primary_key=True),
    Column("word", Text, primary_key=True),
    Column("skeleton", Text, nullable=False),
    Column("documents", BigInteger, nullable=False),
    Index("document_vocabulary_by_skeleton", "register", "skeleton"),
)
"""In how many documents of a register each word is; `skeleton` is the same for words that are often confused."""


class StoredDocument(Struct, gc=False):
    """A row of `documents`; `recommendation` is empty where it belongs to none.

    `titles` and `texts` are passages as JSON.
    """

    document_no: int
    register: str
    kind: str
    id: str
    recommendation: str
    titles: str
    texts: str
