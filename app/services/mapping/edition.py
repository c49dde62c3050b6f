"""What next year's file changes: every difference by row, with what the file said last time and what is stored."""

from enum import StrEnum

from msgspec import Struct

from app.services.bundles.problems import BundleProblem
from app.services.bundles.rows import Bundle


class ChangeKind(StrEnum):
    """Who changed a text since the last file, and so what an import does about it."""

    CHANGED = "changed"
    """The file; it is stored as an amendment or a proposal."""
    EMPTIED = "emptied"
    """The file has nothing any more; what is stored is kept unless a person chooses."""
    HERE = "changed_here"
    """Staff, in Uptake; the file says what it said last time, and what is stored is kept."""
    BOTH = "both_changed"
    """Both, to different texts; a person chooses."""
    NOT_STORED = "not_stored"
    """The file, but it changes nothing that is stored, such as a text about a status that is the same."""


class FieldChange(Struct, frozen=True, kw_only=True):
    """One difference. Codes are codes; ids of bodies, themes and publications are their names."""

    column: str
    """Of a bundle, such as `recommendations.title`, or of a statement, such as `status@2024`."""
    heading: str
    """The person's own heading; empty where several columns or none make it."""
    kind: ChangeKind
    last: str | None
    """What the file said last time; None if there was no last time."""
    here: str
    file: str
    counts: str
    """What is stored by an import: `file` or `here`; empty if that is not decided."""


class ChangedRow(Struct, frozen=True, kw_only=True):
    """A row with its differences."""

    row: int
    recommendation: str
    title: str
    """The stored title."""
    changes: tuple[FieldChange, ...] = ()
    is_reworded: bool = False
    is_renumbered: bool = False

    def of_kind(self, *kinds: ChangeKind) -> tuple[FieldChange, ...]:
        return tuple(change for change in self.changes if change.kind in kinds)


class NewItem(Struct, frozen=True):
    """A row that is a new recommendation."""

    row: int
    recommendation: str
    title: str
    number: str


class GoneItem(Struct, frozen=True):
    """A stored recommendation that the file does not have. It stays as it is."""

    recommendation: str
    title: str
    number: str


class NextEdition(Struct, frozen=True, kw_only=True):
    """The differences of a file to what is stored, and what is left to store."""

    bundle: Bundle
    """The rows to import: what the file changes, and what is new."""
    new: tuple[NewItem, ...] = ()
    rows: tuple[ChangedRow, ...] = ()
    """The matched rows with differences."""
    gone: tuple[GoneItem, ...] = ()
    problems: tuple[BundleProblem, ...] = ()
    is_of_another_register: bool = False
    """Whether almost no row is stored, and it was not said that the rows are new ones."""

    @property
    def reworded(self) -> tuple[ChangedRow, ...]:
        return tuple(row for row in self.rows if row.is_reworded)

    @property
    def renumbered(self) -> tuple[ChangedRow, ...]:
        return tuple(row for row in self.rows if row.is_renumbered)
