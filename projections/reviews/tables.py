"""One row per change of a review: its schedule where `as_of` is empty, else what is prepared for that day."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, Table, Text

from projections.engine.row_number_type import ROW_NUMBER

metadata = MetaData()

review_versions = Table(
    "review_versions",
    metadata,
    Column("position", ROW_NUMBER, primary_key=True),
    Column("register", Text, nullable=False),
    Column("review", Text, nullable=False),
    Column("as_of", Text, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Index("review_versions_by_register", "register", "position"),
)
