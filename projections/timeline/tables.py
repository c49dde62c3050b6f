"""One row per event, and per recommendation where an event is about several; `first` marks one of them. An event
about something that was removed before the opening is `removed`: only the history for staff shows it."""

from msgspec import Struct
from sqlalchemy import BigInteger, Boolean, Column, Index, MetaData, Table, Text

from projections.engine.compression import CompressedEvent
from projections.engine.partial_indexes import partial_index

metadata = MetaData()
IS_PROPOSAL, IS_FROZEN = "topic = 'recommendation.assessment_proposed'", "topic = 'review.frozen'"

entries = Table(
    "entries",
    metadata,
    Column("position", BigInteger, primary_key=True),
    Column("recommendation", Text, primary_key=True),
    Column("first", Boolean, nullable=False),
    Column("register", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("happened_at", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("assessment", Text, nullable=False),
    Column("data", CompressedEvent, nullable=False),
    Index("entries_by_recommendation", "register", "recommendation", "position"),
    Index("entries_by_register", "register", "position"),
    Index("entries_by_person", "register", "who", "position"),
    Index("entries_by_assessment", "register", "assessment"),
    partial_index(  # with all that the query reads, so that SQLite prefers it to the index above
        "proposals_by_person",
        *("register", "who", "topic", "assessment"),
        where=IS_PROPOSAL,
    ),
    partial_index("frozen_reviews", "register", "position", where=IS_FROZEN),
)


class StoredEntry(Struct, gc=False):
    """A row of `entries`; instants are microseconds, `data` is compressed."""

    position: int
    recommendation: str
    first: bool
    register: str
    topic: str
    public: bool
    removed: bool
    recorded_at: int
    happened_at: int
    who: str
    assessment: str
    data: bytes
