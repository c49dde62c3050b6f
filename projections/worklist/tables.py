"""One row per open proposal, per draft of success criteria that is not approved, and per source that is not public."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, Table, Text

metadata = MetaData()

proposals = Table(
    "open_proposals",
    metadata,
    Column("register", Text, primary_key=True),
    Column("assessment", Text, primary_key=True),
    Column("recommendation", Text, nullable=False),
    Column("element", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
    Column("returned_by", Text, nullable=False),
    Column("returned_at", BigInteger),
    Column("publish_at", BigInteger),
    Column("approved_by", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Index("open_proposals_by_age", "register", "at"),
    Index("open_proposals_by_recommendation", "register", "recommendation", "at"),
)
"""`note` and `returned_by` are empty until the proposal is returned, `approved_by` until it is scheduled."""

criteria_drafts = Table(
    "open_cards",
    metadata,
    Column("register", Text, primary_key=True),
    Column("recommendation", Text, primary_key=True),
    Column("element", Text, primary_key=True),
    Column("author", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

sources = Table(
    "noted_sources",
    metadata,
    Column("register", Text, primary_key=True),
    Column("evidence", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("record", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
"""Evidence that nothing public cites yet; `record` is the key of its text."""

open_responses = Table(
    "open_responses",
    metadata,
    Column("register", Text, primary_key=True),
    Column("response", Text, primary_key=True),
    Column("recommendation", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Index("open_responses_by_age", "register", "at"),
    Index("open_responses_by_recommendation", "register", "recommendation", "at"),
)
"""Proposed responses that no one has decided on; `data` holds their facts."""
