"""Decides for each text whether that of the file or the stored one counts, and notes the difference."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from app.adapters.spreadsheets.cells import CellRow
from app.services.bundles.problems import BundleProblem
from app.services.bundles.rows import Bundle
from app.services.mapping.edition import ChangeKind, FieldChange
from app.services.mapping.matching import Matches, item_texts
from app.services.mapping.said_texts import SaidTexts, part_prefix
from app.services.mapping.stored_now import StoredFacts, StoredNow
from app.services.mapping.table import SheetItem, SheetTable
from app.services.mapping.types import HERE, IN_FILE, SheetMapping
from domain.errors import refusal

ITEM_SHEETS = ("cards", "assessments", "deadlines", "responses", "relations", "addressees")
_BOTH = refusal(
    "It was changed in the file and here.",
    cure='Choose which text counts, or say it once for all: conflicts = "file" or "here" among the choices.',
)


class BuiltSheet(Struct, frozen=True):
    """What a sheet makes: valid rows, the id of each item by its row, and the person's headings by bundle column."""

    table: SheetTable
    bundle: Bundle
    recommendations: Mapping[int, str]
    origins: Mapping[tuple[str, str], str]


class FileComparison:
    """A file beside what is stored and what the last file said."""

    def __init__(
        self,
        built: BuiltSheet,
        mapping: SheetMapping,
        matches: Matches,
        stored: StoredNow,
        counts: Mapping[str, str],
    ) -> None:
        self.built, self.mapping, self.matches, self.stored, self.counts = built, mapping, matches, stored, counts
        self.last = stored.last.said if stored.last else {}
        self.columns = built.table.columns or mapping.columns
        self.texts = SaidTexts(self.columns, mapping)
        self.here = StoredFacts(stored, built.bundle)
        self.in_file = {row.fact.id: row for row in built.bundle.recommendations}
        self.rows = {name: _by_recommendation(getattr(built.bundle, name)) for name in ITEM_SHEETS}
        self.kept: dict[str, list[Any]] = {name: [] for name in ("recommendations", *ITEM_SHEETS)}
        self.changes: list[FieldChange] = []
        self.problems: list[BundleProblem] = []
        self._headings: dict[tuple[str, str], str] = {}

    def heading(self, sheet: str, column: str) -> str:
        """The person's heading of a column of a bundle, or of its original; empty if no column fills it."""
        key = sheet, column
        if key not in self._headings:
            languages = self.built.bundle.settings.languages
            originals = (column, *(column.removesuffix(f"_{language}") for language in languages))
            headings = (self.built.origins.get((sheet, original)) for original in originals)
            self._headings[key] = next(filter(None, headings), "")
        return self._headings[key]

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

    def texts_of(self, item: SheetItem, line: int) -> dict[str, str]:
        return self.texts.read(row_at(item, line))

    def prefix_of(self, item: SheetItem, line: int) -> str:
        """What the keys of a part's texts begin with; empty for the item's own row."""
        row = row_at(item, line)
        if row is item.row:
            return ""
        texts = item_texts(row, self.columns)
        return part_prefix(texts.get("part") or texts.get("title", ""))


def row_at(item: SheetItem, line: int) -> CellRow:
    return next((part for part in item.parts if part.number == line), item.row)


def _by_recommendation(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.from_ if "from_" in row.__struct_fields__ else row.recommendation].append(row)
    return dict(found)
