"""One row per recommendation that staff work on, and one per text of it that can be translated."""

import unicodedata

from msgspec import Struct
from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()

overview_items = Table(
    "overview_items",
    metadata,
    Column("rec_no", Integer, primary_key=True, autoincrement=False),
    Column("register", Text, nullable=False),
    Column("recommendation", Text, nullable=False),
    Column("theme", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("number_key", LargeBinary, nullable=False),
    Column("title_key", LargeBinary, nullable=False),
    Column("languages", Text, nullable=False),
    Column("items_without_criteria", Integer, nullable=False),
    Index("overview_items_by_id", "register", "recommendation", unique=True),
    Index("overview_items_numbered", "register", "number"),
    Index("overview_items_by_number", "register", "number_key"),
    Index("overview_items_by_title", "register", "title_key"),
    Index("overview_items_counted", "register", "languages", "items_without_criteria"),
    Index("overview_items_by_theme", "register", "theme"),
)
"""`rec_no` is the place in the log, as in the scorecards. The keys sort as bytes, so that both databases agree.
`number` is the printed one as `printed_number` compares it, empty without one. `languages` holds those into which every
text is translated, each between commas."""

overview_texts = Table(
    "overview_texts",
    metadata,
    Column("register", Text, primary_key=True),
    Column("recommendation", Text, primary_key=True),
    Column("element", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("languages", Text, nullable=False),
)
"""The texts of a recommendation (element empty) and of its elements; `kind` is `facts` or `criteria`.
`languages` is `*` where there is nothing to translate."""


class StoredOverviewItem(Struct, gc=False):
    """A row of `overview_items`."""

    rec_no: int
    register: str
    recommendation: str
    theme: str
    number: str
    number_key: bytes
    title_key: bytes
    languages: str
    items_without_criteria: int


class StoredOverviewText(Struct, gc=False):
    """A row of `overview_texts`."""

    register: str
    recommendation: str
    element: str
    kind: str
    languages: str


def printed_number(text: str) -> str:
    """A printed number without regard to letter case, width and spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
