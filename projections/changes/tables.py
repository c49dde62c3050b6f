"""One row per public change of what a register says."""

from msgspec import Struct
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text

from projections.engine.row_number_type import ROW_NUMBER

metadata = MetaData()

changes = Table(
    "changes",
    metadata,
    Column("position", ROW_NUMBER, primary_key=True),
    Column("register", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("recommendation", Text, nullable=False),
    Column("element", Text, nullable=False),
    Column("assessment", Text, nullable=False),
    Column("deadline", Text, nullable=False),
    Column("due_on", Text, nullable=False),
    Column("status", Text),
    Column("effective_on", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("statement", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("translations", Text, nullable=False),
    Column("said_by", Text, nullable=False),
    Column("replaced_by", Text, nullable=False),
    Column("legacy", Boolean, nullable=False),
    Column("response", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("stance", Text),
    Column("relation", Text),
    Column("related_to", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("amendment", LargeBinary),
    Column("recorded_at", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("correction", Boolean, nullable=False),
    Column("recommendations", Integer, nullable=False),
    Column("assessments", Integer, nullable=False),
    Index("changes_by_register", "register", "position"),
    Index("changes_by_instant", "register", "at"),
    Index("changes_by_recommendation", "register", "recommendation", "position"),
)


class StoredChange(Struct, gc=False, kw_only=True):
    """A row of `changes`; instants are microseconds, texts are empty where the kind of change has none.

    `translations` is JSON: those of `why` and `statement`, by language. `amendment` is the stored event that amended
    something, `subject` the id of the theme, publication, body, review or source that it amended. `recommendations` and
    `assessments` count what a register was opened with.
    """

    position: int
    register: str
    kind: str
    recommendation: str = ""
    element: str = ""
    assessment: str = ""
    deadline: str = ""
    due_on: str = ""
    status: str | None = None
    effective_on: str = ""
    reason: str = ""
    statement: str = ""
    why: str = ""
    translations: str = "{}"
    said_by: str = ""
    replaced_by: str = ""
    legacy: bool = False
    response: str = ""
    body: str = ""
    stance: str | None = None
    relation: str | None = None
    related_to: str = ""
    subject: str = ""
    amendment: bytes | None = None
    recorded_at: int
    at: int
    correction: bool = False
    recommendations: int = 0
    assessments: int = 0
