"""Reads the fields of a row from the columns that fill them: joined texts, split lists, columns of different days."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

from app.adapters.spreadsheets.cells import CellRow, CellSheet, column_number
from app.services.mapping.fields import FIELDS
from app.services.mapping.types import LEAVE_OUT, UNDECIDED, MappedColumn

_SHORT_TEXTS = {"title": ": ", "number": " ", "locator": ", ", "theme": ": "}
"""Fields of one line, with what joins the texts of several columns."""


class Place(Struct, frozen=True, gc=False):
    """One column that fills a field."""

    index: int
    letters: str
    heading: str
    separator: str = ""
    on: str = ""
    field: str = ""

    @property
    def name(self) -> str:
        """As the person knows it: the heading, or the letters where there is none."""
        return self.heading or self.letters


class FieldReader:
    """Reads rows by the columns of a mapping. `original` is the first language of the register."""

    def __init__(self, columns: Iterable[MappedColumn], sheet: CellSheet, original: str) -> None:
        self._places: dict[tuple[str, str], list[Place]] = defaultdict(list)
        self._links = _links_by_place(sheet)
        for column in columns:
            language = "" if column.language == original else column.language
            place = Place(
                index=column_number(column.column),
                letters=column.column,
                heading=column.heading,
                separator=column.separator,
                on=column.on,
                field=column.field,
            )
            if column.field not in (UNDECIDED, LEAVE_OUT):
                self._places[column.field, language].append(place)
        self._places = dict(self._places)
        self.languages = sorted({language for _field, language in self._places if language})

    def has(self, field: str, language: str = "") -> bool:
        """Whether a column fills a field."""
        return (field, language) in self._places

    def places(self, field: str, language: str = "") -> Sequence[Place]:
        """The columns that fill a field, in their order."""
        return self._places.get((field, language), ())

    def all_places(self) -> list[Place]:
        """The columns of all fields."""
        return [place for places in self._places.values() for place in places]

    def name_of(self, field: str) -> str:
        """The heading of the first column of a field; empty if no column fills it."""
        places = self.places(field)
        return places[0].name if places else ""

    def text(self, row: CellRow, field: str, language: str = "") -> str:
        """The text of a field; the texts of several columns with a blank line between them."""
        places = self._places.get((field, language))
        if not places:
            return ""
        if field in _SHORT_TEXTS:
            texts = [" ".join(row.cell(p.index).split()) for p in places]
            return _SHORT_TEXTS[field].join(text for text in texts if text)
        if len(places) == 1:
            return row.cell(places[0].index).strip()
        return "\n\n".join(text for p in places if (text := row.cell(p.index).strip()))

    def first(self, row: CellRow, field: str) -> str:
        """The first text of a field that can have one value only."""
        for place in self._places.get((field, ""), ()):
            if text := row.cell(place.index).strip():
                return text
        return ""

    def values(self, row: CellRow, field: str, language: str = "") -> list[str]:
        """The values of a field that may have several, each once, from all its columns."""
        found: dict[str, None] = {}
        for place in self._places.get((field, language), ()):
            if text := row.cell(place.index).strip():
                found |= dict.fromkeys(split_cell(text, place))
        return list(found)

    def link(self, row: CellRow, index: int) -> str:
        """The address behind the text of a cell; empty if there is none."""
        return self._links.get((row.number, index), "") if self._links else ""

    def links_elsewhere(self, row: CellRow, fields: Iterable[str]) -> list[tuple[str, str]]:
        """The addresses behind cells of a row in columns of other fields, each with the heading of its column."""
        if not self._links:
            return []
        return [
            (place.name, address)
            for place in self.all_places()
            if place.field not in fields and (address := self._links.get((row.number, place.index)))
        ]


def split_cell(text: str, place: Place) -> list[str]:
    """The values in a cell: one in each line, or between the separators of its column."""
    if FIELDS.get(place.field) is None or not FIELDS[place.field].several:
        return [text]
    lines = text.split("\n") if "\n" in text else [text]
    if place.separator and place.separator != "\n":
        lines = [part for line in lines for part in line.split(place.separator)]
    return [value for line in lines if (value := line.strip())]


def _links_by_place(sheet: CellSheet) -> dict[tuple[int, int], str]:
    """The addresses behind cells, by row and column."""
    found = {}
    for name, address in sheet.links.items():
        letters = name.rstrip("0123456789")
        found[int(name[len(letters) :]), column_number(letters)] = address
    return found
