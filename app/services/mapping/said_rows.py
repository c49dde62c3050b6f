"""What a file says about each of its recommendations, as it is saved for the comparison with the next one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from app.adapters.spreadsheets.cells import CellRow
from app.services.bundles.row_comparison import cell_text
from app.services.bundles.rows import Bundle
from app.services.mapping.asked_bodies import roles_in_file, roles_text
from app.services.mapping.matching import item_texts, row_digest
from app.services.mapping.said_texts import SaidTexts, part_prefix
from app.services.mapping.saved import SaidRow
from app.services.mapping.table import SheetItem, SheetTable
from app.services.mapping.types import SheetMapping
from domain.values import TranslatedFact, translations_by_name

ITEM_SHEETS = ("cards", "assessments", "deadlines", "responses", "relations", "addressees")


class BuiltSheet(Struct, frozen=True):
    """What a sheet makes: valid rows, the id of each item by its row, and the person's headings by bundle column."""

    table: SheetTable
    bundle: Bundle
    recommendations: Mapping[int, str]
    origins: Mapping[tuple[str, str], str]


class SaidRows:
    """What the rows of a file say, by recommendation."""

    def __init__(self, built: BuiltSheet, mapping: SheetMapping) -> None:
        self.built = built
        self.columns = built.table.columns or mapping.columns
        self.texts = SaidTexts(self.columns, mapping)
        self.in_file = {row.fact.id: row for row in built.bundle.recommendations}
        self.rows = {name: _by_recommendation(getattr(built.bundle, name)) for name in ITEM_SHEETS}
        self._headings: dict[tuple[str, str], str] = {}

    def read_all(self, recommendations: Iterable[str]) -> Iterator[tuple[str, SaidRow]]:
        """What the file says about these recommendations."""
        wanted = set(recommendations)
        for item in self.built.table.items:
            ident = self.built.recommendations.get(item.number, "")
            if ident in wanted:
                texts = item_texts(item.row, self.columns)
                digest = row_digest(item, self.columns)
                yield ident, SaidRow(texts.get("number", ""), texts.get("title", ""), digest, self.cells(item, ident))

    def cells(self, item: SheetItem, ident: str) -> dict[str, str]:
        """The texts of an item by column of a bundle, and those of its statements as they are written."""
        cells: dict[str, str] = {}
        self._add(cells, "recommendations", self.in_file[ident].fact, "recommendations.")
        for card in self.rows["cards"].get(ident, ()):
            self._add(cells, "cards", card.fact, cell_prefix("cards", card.fact.element))
        if "recommendations.addressees" in cells:
            file = roles_in_file(self.in_file[ident].fact.addressees, self.rows["addressees"].get(ident, ()))
            cells["recommendations.addressees"] = roles_text(file)
        cells |= self.texts.read(item.row)
        for part in item.parts:
            prefix = self.prefix_of(item, part.number)
            cells |= {prefix + key: text for key, text in self.texts.read(part).items()}
        return cells

    def heading(self, sheet: str, column: str) -> str:
        """The person's heading of a column of a bundle, or of its original; empty if no column fills it."""
        key = sheet, column
        if key not in self._headings:
            languages = self.built.bundle.settings.languages
            originals = (column, *(column.removesuffix(f"_{language}") for language in languages))
            headings = (self.built.origins.get((sheet, original)) for original in originals)
            self._headings[key] = next(filter(None, headings), "")
        return self._headings[key]

    def texts_of(self, item: SheetItem, line: int) -> dict[str, str]:
        return self.texts.read(row_at(item, line))

    def prefix_of(self, item: SheetItem, line: int) -> str:
        """What the keys of a part's texts begin with; empty for the item's own row."""
        row = row_at(item, line)
        if row is item.row:
            return ""
        texts = item_texts(row, self.columns)
        return part_prefix(texts.get("part") or texts.get("title", ""))

    def _add(self, cells: dict[str, str], sheet: str, fact: TranslatedFact, prefix: str) -> None:
        texts = translations_by_name(fact) if fact.translations else {}
        cells |= {prefix + name: text for name, text in texts.items() if self.heading(sheet, name)}
        for name in fact.__struct_fields__:
            if name != "translations" and self.heading(sheet, name):
                cells[prefix + name] = cell_text(getattr(fact, name))


def row_at(item: SheetItem, line: int) -> CellRow:
    return next((part for part in item.parts if part.number == line), item.row)


def cell_prefix(sheet: str, element: str) -> str:
    return f"{sheet}/{element}." if element else f"{sheet}."


def _by_recommendation(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.from_ if "from_" in row.__struct_fields__ else row.recommendation].append(row)
    return dict(found)
