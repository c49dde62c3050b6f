"""How a person's own sheet maps to a register: what is saved with the register and used again next year."""

from msgspec import Struct

NOTE, LEAVE_OUT, UNDECIDED = "note", "leave_out", ""
"""What a column may mean besides a field: a note for staff, nothing, and not decided yet."""
IN_FILE, HERE = "file", "here"
"""Which of two texts counts: that of the file, or the stored one."""
SAME_ROW, NEW_ROW = "same", "new"
"""What every row is that is only like a stored recommendation."""


class MappedColumn(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A column of the sheet and the field that it fills."""

    column: str
    """Its letters, such as `C`."""
    heading: str
    field: str = UNDECIDED
    """A key of `FIELDS`, or one of the three above. Columns with one field are joined, in their order."""
    separator: str = ""
    """Splits a cell into several values. A line break always does, in fields that have several."""
    language: str = ""
    """Of a text, if it is not the first language of the register."""
    on: str = ""
    """The day of the assessments of a status column, or of its statement, as precise as known: `2024`, `2024-09-30`."""


class NameChoice(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a name in a cell stands for. Names with the same id are the same."""

    id: str
    name: str = ""
    """The name to store, if it is not the one in the cell."""
    parent: str = ""
    """The id of the body that it is part of."""


class HostChoice(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the sources at one host are."""

    source_class: str
    publisher: str = ""
    """The host itself if empty."""


class PublicationChoice(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A publication that made recommendations: of a name in a cell, or of all, if no column names one."""

    id: str = ""
    """Made from the title if empty."""
    title: str = ""
    """The name in the cell if empty."""
    publisher: str
    published_on: str
    url: str = ""


class NewRegister(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The register that a first import makes, if there is none."""

    title: str
    time_zone: str
    languages: tuple[str, ...] = ("en",)


class Choices(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The one stated choice for each thing that the sheet does not have."""

    kind: str = ""
    """The kind of recommendations whose cell is empty or that have no such column."""
    criteria: str = ""
    """`earlier_record`: the page says that none were written before the first assessment; `write`: staff write them."""
    review: str = ""
    """`as_brought`: statuses are stored as an earlier record; `second_person`: they wait as proposals."""
    theme: str = ""
    addressee: str = ""
    recommended_on: str = ""
    status_on: str = ""
    """The day of a status whose column and row have none."""
    source: str = ""
    """The id or address of the source of statuses and responses that name none; empty for none."""
    responder: str = ""
    """The body that gave the responses, where no column names one."""
    response_on: str = ""
    """The day of the responses, where no column has one."""
    resembling: str = ""
    """What rows are whose title is only like a stored one: `same` or `new`; each is asked about if empty."""
    conflicts: str = ""
    """What counts that was changed in the file and here: `file` or `here`; each is asked about if empty."""
    unmatched: str = ""
    """`new` if a file of which almost no row is stored has further recommendations; else it is refused."""


class SheetMapping(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that was guessed or chosen about a sheet. It is written as `mapping.toml`."""

    version: int = 1
    sheet: str = ""
    """Its name; empty for a text file and pasted cells."""
    header_rows: tuple[int, ...] = ()
    """The person's numbers of the rows with headings: one, or two that are read together."""
    encoding: str = ""
    separator: str = ""
    date_order: str = ""
    """`dmy`, `mdy` or `ymd`: how 03/04/2024 is read; empty if no date of the sheet is ambiguous."""
    heading_rows: str = ""
    """What rows with one text between items mean: `theme`, `note` or `leave_out`; empty if there are none."""
    sub_rows: str = ""
    """What rows below an item without a number of their own mean: `part`, `recommendation` or `leave_out`."""
    legacy: bool = False
    """Whether statuses that do not meet the rules are stored with a mark, in a register that is being prepared."""
    columns: tuple[MappedColumn, ...] = ()
    words: dict[str, dict[str, str]] = {}
    """By field, what each word in its cells means, as a code; an empty code is a word that is not decided, and
    `leave_out` makes the cell count as empty."""
    bodies: dict[str, NameChoice] = {}
    themes: dict[str, NameChoice] = {}
    publications: dict[str, PublicationChoice] = {}
    """By the name in a cell."""
    hosts: dict[str, HostChoice] = {}
    publication: PublicationChoice | None = None
    register: NewRegister | None = None
    choices: Choices = Choices()


class RowCorrections(Struct, frozen=True):
    """What a person changed for one file: cells typed in the preview, and rows left out. Not saved with a register."""

    cells: dict[str, str] = {}
    """The text instead of a cell's own, by cell name such as `F40`."""
    left_out: frozenset[int] = frozenset()
    """Numbers of rows."""
    matches: dict[int, str] = {}
    """What a row is that may be a stored recommendation, by its number: the id of that one; empty for a new one."""
    why: str = ""
    """The public reason for what is amended."""
    counts: dict[str, str] = {}
    """Which text counts, `file` or `here`, by row and column of a bundle, such as `12 recommendations.title`."""
