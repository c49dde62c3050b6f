"""The published responses, and the days and instants at which each is in force. Days are ordinals, instants
microseconds."""

from msgspec import Struct
from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()

answered = Table(
    "answered_recommendations",
    metadata,
    Column("register", Text, primary_key=True),
    Column("recommendation", Text, primary_key=True),
    Column("known_from", BigInteger, primary_key=True),
    Column("recommended", Integer, nullable=False),
    Column("known_to", BigInteger, nullable=False),
)
"""Every recommendation: the day on which it was made, as known in each interval until the register had it no more.

The first interval begins at 0: a view of a time before the recommendation was registered is reconstructed."""

responses = Table(
    "responses",
    metadata,
    Column("register", Text, primary_key=True),
    Column("response", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("recommendation", Text, nullable=False),
    Column("given", Integer, nullable=False),
    Column("known_from", BigInteger, nullable=False),
    Column("known_to", BigInteger, nullable=False),
    Column("published_by", Text, nullable=False),
    Column("withdrawn_by", Text, nullable=False),
    Column("withdrawn_reason", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Index("responses_by_recommendation", "register", "recommendation", "position"),
    Index("responses_by_position", "register", "position"),
)
"""`position` is that in the log; `data` the facts as JSON."""

spans = Table(
    "response_spans",
    metadata,
    Column("register", Text, nullable=False),
    Column("recommendation", Text, nullable=False),
    Column("response", Text, nullable=False),
    Column("stance", Text, nullable=False),
    Column("effective_from", Integer, nullable=False),
    Column("effective_to", Integer, nullable=False),
    Column("known_from", BigInteger, nullable=False),
    Column("known_to", BigInteger, nullable=False),
    Index(
        "response_spans_counted",
        "register",
        "stance",
        "known_to",
        "effective_to",
        "effective_from",
        "known_from",
        "recommendation",
    ),
    Index("response_spans_by_recommendation", "register", "recommendation"),
)
"""A rectangle of days and instants in which a response is in force; `stance` is its position on the matter."""


class StoredAnswered(Struct, gc=False):
    """A row of `answered`."""

    register: str
    recommendation: str
    known_from: int
    recommended: int
    known_to: int


class StoredResponse(Struct, gc=False):
    """A row of `responses`."""

    register: str
    response: str
    position: int
    recommendation: str
    given: int
    known_from: int
    known_to: int
    published_by: str
    withdrawn_by: str
    withdrawn_reason: str
    data: bytes


class StoredResponseSpan(Struct, gc=False):
    """A row of `response_spans`."""

    register: str
    recommendation: str
    response: str
    stance: str
    effective_from: int
    effective_to: int
    known_from: int
    known_to: int
