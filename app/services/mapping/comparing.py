"""Decides for each text whether that of the file or the stored one counts, and notes the difference."""

from collections.abc import Mapping
from typing import Any

from app.services.bundles.problems import BundleProblem
from app.services.mapping.edition import ChangeKind, FieldChange
from app.services.mapping.matching import Matches
from app.services.mapping.said_rows import ITEM_SHEETS, BuiltSheet, SaidRows
from app.services.mapping.stored_now import StoredFacts, StoredNow
from app.services.mapping.table import SheetItem
from app.services.mapping.types import HERE, IN_FILE, SheetMapping
from domain.errors import refusal

_BOTH = refusal(
    "It was changed in the file and here.",
    cure='Choose which text counts, or say it once for all: conflicts = "file" or "here" among the choices.',
)


class FileComparison(SaidRows):
    """A file beside what is stored and what the last file said."""

    def __init__(
        self,
        built: BuiltSheet,
        mapping: SheetMapping,
        matches: Matches,
        stored: StoredNow,
        counts: Mapping[str, str],
    ) -> None:
        super().__init__(built, mapping)
        self.mapping, self.matches, self.stored, self.counts = mapping, matches, stored, counts
        self.last = stored.last.said if stored.last else {}
        self.here = StoredFacts(stored, built.bundle)
        self.kept: dict[str, list[Any]] = {name: [] for name in ("recommendations", *ITEM_SHEETS)}
        self.changes: list[FieldChange] = []
        self.problems: list[BundleProblem] = []

    def heading_of(self, field: str, on: str = "") -> str:
        columns = [column for column in self.columns if column.field == field]
        return next((c.heading for c in columns if c.on == on), columns[0].heading if columns else "")

    def decide(
        self,
        item: SheetItem,
        column: str,
        heading: str,
        texts: tuple[str | None, str, str],
        shown: tuple[Any, Any, str] | None = None,
        *,
        changed_here: bool | None = None,
    ) -> str:
        """Note a difference between what the file said last, what is here and what it says; return what counts."""
        last, here, file = texts
        differs_here = changed_here if changed_here is not None else last is not None and here != last
        if last is not None and file == last:
            kind, counts = ChangeKind.HERE, HERE
        elif not file:
            kind, counts = ChangeKind.EMPTIED, HERE
        elif differs_here:
            kind, counts = ChangeKind.BOTH, self.mapping.choices.conflicts
        else:
            kind, counts = ChangeKind.CHANGED, IN_FILE
        counts = self.counts.get(f"{item.number} {column}", counts)
        if not counts:
            self.problems.append(BundleProblem(self.built.table.file, item.number, heading, _BOTH, file))
        ours, theirs = (self.here.shown(*shown)) if shown else (here, file)
        self.changes.append(
            FieldChange(column=column, heading=heading, kind=kind, last=last, here=ours, file=theirs, counts=counts)
        )
        return counts
