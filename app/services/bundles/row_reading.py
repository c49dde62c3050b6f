"""Builds a typed row from the cells of a record: quickly if all are valid, else cell by cell."""

from collections.abc import Callable, Container, Sequence
from keyword import iskeyword
from operator import itemgetter
from typing import Any

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from app.services.bundles.converting import find_converter
from app.services.bundles.sheet_types import BundleColumn, Sheet
from app.services.bundles.typed_values import read_value
from domain.errors import Refusal, Refused, refusal
from domain.text import in_one_line, is_one_line, normalize_text
from domain.values import TranslatedFact, arrange_translations

EMPTY_CELL = refusal("the cell is empty.", cure="Enter a value.")
CellReason = tuple[str, Refusal, str]
"""A column, what is wrong in it, and the text of its cell."""
_MAX_CACHED_TEXTS, _MAX_CACHED_LENGTH = 20_000, 100  # cached texts per column, and their length


class BlankCell(Refused):
    """A cell with only spaces, treated as absent."""


class _Cells(dict[str, object]):
    """The values of the cells of a column; each text is converted only once.

    `typed` has the texts that were written in another way than a bundle has them, with what they were read as.
    """

    def __init__(self, column: BundleColumn) -> None:
        self._convert, self._kind = find_converter(column.kind), column.kind
        self._has_one_line = is_one_line(column.name) and column.kind == "text"
        self.typed: dict[str, str] = {}

    def __missing__(self, cell: str) -> object:
        text, reason = normalize_text(cell)
        if reason:
            raise Refused(reason)
        if not text:
            raise BlankCell
        if self._has_one_line:
            text = in_one_line(text)
        value = self._convert(text) if self._kind == "text" else self._read(text.strip())
        if len(cell) <= _MAX_CACHED_LENGTH and len(self) < _MAX_CACHED_TEXTS:
            self[cell] = value
        return value

    def _read(self, text: str) -> object:
        try:
            return self._convert(text)
        except Refused:
            value, written = read_value(self._kind, text)
        if written != text:
            self.typed[text] = written
        return value


class RowReader:
    """Reads the records of a table with these columns in this order; None stands for a column that is left out."""

    def __init__(self, sheet: Sheet, columns_in_order: list[BundleColumn | None]) -> None:
        self.width = len(columns_in_order)
        self.row = sheet.row
        columns = [c for c in columns_in_order if c]
        self._cells = [(n, c.name, _Cells(c)) for n, c in enumerate(columns_in_order) if c]
        self._required = [c.name for c in columns if c.required]
        self._needed = _pick([n for n, c in enumerate(columns_in_order) if c and c.required])
        annotations = sheet.row.__annotations__
        parts = {n: t for n, t in annotations.items() if isinstance(t, type) and issubclass(t, Struct)}
        inside = {name: set(part.__struct_fields__) for name, part in parts.items()}
        self._parts = [
            (name, part, self._readers(inside[name]), self._translation_readers(columns, part))
            for name, part in parts.items()
        ]
        translations = {c.name for c in columns if c.original}
        self._own = self._readers({name for _, name, _ in self._cells} - translations - set().union(*inside.values()))
        self._absent = _absent(sheet.row, parts)

    def _readers(self, names: set[str]) -> list[tuple[str, int, Callable[[str], object]]]:
        return [(name, n, cells.__getitem__) for n, name, cells in self._cells if name in names]

    def _translation_readers(
        self, columns: list[BundleColumn], part: type[Struct]
    ) -> list[tuple[str, str, str, int, Callable[[str], object]]]:
        """Language, field and column of each translation of a part, and how to read it."""
        fields_with_translations = part.TRANSLATED if issubclass(part, TranslatedFact) else ()
        by_name = {name: (n, cells) for n, name, cells in self._cells}
        return sorted(
            (c.language, c.original, c.name, by_name[c.name][0], by_name[c.name][1].__getitem__)
            for c in columns
            if c.original in fields_with_translations
        )

    @property
    def typed(self) -> dict[str, dict[str, str]]:
        """By column, the texts that were written in another way than a bundle has them, with what they were read as."""
        return {name: cells.typed for _, name, cells in self._cells if cells.typed}

    def read_quickly(self, line: int, cells: list[str]) -> Struct:
        """Return the row. Raises `Refused` with only the first reason if a cell is invalid."""
        if len(cells) != self.width or "" in self._needed(cells):
            raise BlankCell
        row = dict(self._absent, line=line)
        for part, kind, readers, translations in self._parts:
            values: dict[str, Any] = {name: convert(cell) for name, n, convert in readers if (cell := cells[n])}
            for language, field, _, n, convert in translations:
                if cell := cells[n]:
                    values.setdefault("translations", {}).setdefault(language, {})[field] = convert(cell)
            row[part] = kind(**values)
        for name, n, convert in self._own:
            if cell := cells[n]:
                row[field_name(name)] = convert(cell)
        return self.row(**row)

    def read_values(self, cells: list[str]) -> tuple[dict[str, object], list[CellReason]]:
        """Return the valid values by column, and each invalid column with its reasons and the text of its cell."""
        if len(cells) != self.width:
            return {}, [("", wrong_width(len(cells), self.width), "")]
        values: dict[str, object] = {}
        reasons: dict[str, Sequence[Refusal]] = {}
        for n, name, convert in self._cells:
            try:
                if cell := cells[n]:
                    values[name] = convert[cell]
            except BlankCell:
                pass
            except Refused as refused:
                reasons[name] = refused.refusals
        for name in self._required:
            if name not in values and name not in reasons:
                reasons[name] = (EMPTY_CELL,)
        return values, [(name, reason, cells[n]) for n, name, _ in self._cells for reason in reasons.get(name, ())]

    def build(self, line: int, values: dict[str, object]) -> Struct:
        """Return the row with these values."""
        row = dict(self._absent, line=line)
        for part, kind, readers, translations in self._parts:
            own = {name: values[name] for name, _, _ in readers if name in values}
            texts = [(language, field, str(values.get(name, ""))) for language, field, name, _, _ in translations]
            if arranged := arrange_translations(texts):
                own["translations"] = arranged
            row[part] = kind(**own)
        row |= {field_name(name): values[name] for name, _, _ in self._own if name in values}
        return self.row(**row)


def wrong_width(cells: int, columns: int) -> Refusal:
    """Why a row does not fit its header."""
    return refusal("the row has {cells} cells; the header has {columns} columns.", cells=cells, columns=columns)


def field_name(column: str) -> str:
    """The field of a row for a column; a word of Python gets an underscore."""
    return f"{column}_" if iskeyword(column) else column


def _pick(places: list[int]) -> Callable[[list[str]], tuple[str, ...]]:
    """Return a function that picks these cells of a record as a tuple."""
    if len(places) == 1:
        return lambda cells: (cells[places[0]],)
    return itemgetter(*places)


def _absent(row: type[Struct], parts: Container[str]) -> dict[str, object]:
    """Return empty texts for required fields of the row whose cells may be absent."""
    needed = [f.name for f in fields(row) if f.default is NODEFAULT and f.default_factory is NODEFAULT]
    return {name: "" for name in needed if name != "line" and name not in parts}
