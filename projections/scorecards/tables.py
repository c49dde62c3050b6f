"""The tables of the scorecards. Days are ordinals, instants microseconds, statuses small numbers: 2 million
rows of integers are counted in a third less time than rows of text."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, SmallInteger, Table, Text

from projections.engine.partial_indexes import partial_index
from projections.engine.row_number_type import ROW_NUMBER

metadata = MetaData()

registers = Table(
    "scorecard_registers",
    metadata,
    Column("register_no", Integer, primary_key=True, autoincrement=False),
    Column("register", Text, nullable=False, unique=True),
    Column("changed_at", BigInteger, nullable=False),
)
"""`changed_at` is the latest instant (µs) from which on an item of the register is rated or described otherwise."""

items = Table(
    "items",
    metadata,
    Column("item_no", Integer, primary_key=True, autoincrement=False),
    Column("rec_no", Integer, nullable=False),
    Column("register_no", Integer, nullable=False),
    Column("recommendation", Text, nullable=False),
    Column("element", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("theme", Text, nullable=False),
    Column("core", Boolean, nullable=False),
    Column("recommended", Integer, nullable=False),
    Column("known_from", BigInteger, nullable=False),
    Column("known_to", BigInteger, nullable=False),
    Column("described_from", BigInteger, nullable=False),
    Column("place_key", LargeBinary, nullable=False),
    Column("title_key", LargeBinary, nullable=False),
    Column("priority", Boolean, nullable=False),
    Column("publications", Text, nullable=False),
    Column("placed_from", BigInteger, nullable=False),
    Index("items_by_id", "register_no", "recommendation", "element"),
    Index("items_by_rec", "rec_no"),
    Index("items_by_theme", "register_no", "theme", "element"),
)
"""A recommendation (element empty, item_no = rec_no) or one of its elements; its number is its place in the log.
`kind`, `theme`, `core` and `recommended` (0 for an element) are those known since `described_from`; `place_key` and
`title_key` (its place in lists, as bytes in order), `priority` and `publications` (ids, each between commas) since
`placed_from`; they are empty for an element."""

earlier_items = Table(
    "earlier_items",
    metadata,
    Column("item_no", Integer, primary_key=True, autoincrement=False),
    Column("known_from", BigInteger, primary_key=True, autoincrement=False),
    Column("known_to", BigInteger, nullable=False),
    Column("rec_no", Integer, nullable=False),
    Column("register_no", Integer, nullable=False),
    Column("element", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("theme", Text, nullable=False),
    Column("core", Boolean, nullable=False),
    Column("recommended", Integer, nullable=False),
    Index("earlier_items_by_rec", "rec_no"),
    Index("earlier_items_known", "register_no", "known_to", "known_from"),
)
"""How an item was described before an amendment, with the instants between which that was known."""

earlier_places = Table(
    "earlier_places",
    metadata,
    Column("item_no", Integer, primary_key=True, autoincrement=False),
    Column("known_from", BigInteger, primary_key=True, autoincrement=False),
    Column("known_to", BigInteger, nullable=False),
    Column("register_no", Integer, nullable=False),
    Column("place_key", LargeBinary, nullable=False),
    Column("title_key", LargeBinary, nullable=False),
    Column("priority", Boolean, nullable=False),
    Column("publications", Text, nullable=False),
    Index("earlier_places_known", "register_no", "known_to", "known_from"),
)
"""The same of what decides the place of a recommendation in lists, and which filters find it."""

assessments = Table(
    "assessments",
    metadata,
    Column("assessment_no", ROW_NUMBER, primary_key=True, autoincrement=False),
    Column("item_no", Integer, nullable=False),
    Column("rec_no", Integer, nullable=False),
    Column("register_no", Integer, nullable=False),
    Column("assessment", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("effective", Integer, nullable=False),
    Column("effective_on", Text, nullable=False),
    Column("motion", SmallInteger),
    Column("confidence", SmallInteger),
    Column("review_by", Integer),
    Column("legacy", Boolean, nullable=False),
    Column("known_from", BigInteger, nullable=False),
    Column("known_to", BigInteger, nullable=False),
    Index("assessments_by_rec", "rec_no"),
    Index("assessments_by_id", "register_no", "assessment"),
    Index("assessments_by_day", "register_no", "effective", "rec_no"),
)
"""A published assessment; its number is its place in the log."""

deadlines = Table(
    "deadlines",
    metadata,
    Column("deadline_no", ROW_NUMBER, primary_key=True, autoincrement=False),
    Column("item_no", Integer, nullable=False),
    Column("rec_no", Integer, nullable=False),
    Column("register_no", Integer, nullable=False),
    Column("deadline", Text, nullable=False),
    Column("due", Integer, nullable=False),
    Column("due_on", Text, nullable=False),
    Column("stated", Integer, nullable=False),
    Column("stated_on", Text, nullable=False),
    Column("stated_by", Text, nullable=False),
    Column("known_from", BigInteger, nullable=False),
    Column("known_to", BigInteger, nullable=False),
    Index("deadlines_by_rec", "rec_no"),
    Index("deadlines_by_id", "register_no", "deadline"),
)
"""A stated deadline; its number is its place in the log. `due` is the last day of `due_on`."""

spans = Table(
    "spans",
    metadata,
    Column("span_no", ROW_NUMBER, primary_key=True, autoincrement=False),
    Column("register_no", Integer, nullable=False),
    Column("rec_no", Integer, nullable=False),
    Column("item_no", Integer, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("effective_from", Integer, nullable=False),
    Column("effective_to", Integer, nullable=False),
    Column("known_from", BigInteger, nullable=False),
    Column("known_to", BigInteger, nullable=False),
    Column("code", SmallInteger, nullable=False),
    Column("since", Integer),
    Column("since_on", Text),
    Column("assessment_no", BigInteger),
    Column("motion", SmallInteger),
    Column("confidence", SmallInteger),
    Column("review_by", Integer),
    Column("peak", SmallInteger),
    Column("peak_on", Integer),
    Column("first_done", Integer),
    Column("due", Integer),
    Column("deadline_no", BigInteger),
    Index(
        "spans_counted",
        "register_no",
        "level",
        "known_to",
        "effective_to",
        "effective_from",
        "known_from",
        "code",
        "motion",
        "confidence",
        "review_by",
        "rec_no",
        "since",
        "due",
        "first_done",
    ),
    Index("spans_by_rec", "rec_no"),
    partial_index(
        "spans_with_deadline",
        "register_no",
        "level",
        "known_to",
        "effective_to",
        "effective_from",
        "known_from",
        "code",
        "due",
        "first_done",
        where="due IS NOT NULL",
    ),
)
"""A rectangle of days and instants in which an item stood the same. `level` is 0 on the scorecard, 1 for a
recommendation before the day it was recommended, 2 for an element. `code` holds status, peak and legacy mark.
`first_done` is the first day on which the item was done, `due` the due day of the deadline in force."""

day_counts = Table(
    "day_counts",
    metadata,
    Column("register_no", Integer, primary_key=True, autoincrement=False),
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("scope", Text, primary_key=True),
    Column("block", Integer, primary_key=True, autoincrement=False),
    Column("measure", Text, primary_key=True),
    Column("n", Integer, nullable=False),
    partial_index("day_counts_of_nothing", "register_no", where="n = 0"),
    sqlite_with_rowid=False,
)
"""By how much a number of the scorecard as known now changes in a block of days: the sum of all up to a day is the
number on it. `scope` is empty for the whole register. A block has 1 day at level 0, 32 at level 1, 1,024 at level 2."""
