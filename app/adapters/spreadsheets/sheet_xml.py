"""Reads the XML of one sheet of an .xlsx, cell by cell."""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from app.adapters.spreadsheets.cells import MergedCells, column_number
from app.adapters.spreadsheets.delimited import normalize_line_ends
from app.adapters.spreadsheets.formulas import constant_value, link_address
from app.adapters.spreadsheets.limits import MAX_COLUMNS, MAX_TEXT_CHARACTERS
from app.adapters.spreadsheets.number_formats import NumberFormat, ShownValue
from app.adapters.spreadsheets.sheet_builder import SheetBuilder
from app.adapters.spreadsheets.xml_parts import Attributes, BadXml, local_name, parse_xml

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MAX_CACHED_NUMBERS = 50_000
_MIDNIGHT = re.compile(r"T00:00:00(?:\.0+)?Z?$")
_DIGITS = "0123456789"


class WorkbookData(Struct):
    """What cells of all sheets refer to."""

    texts: list[str] = []
    formats: list[NumberFormat] = []
    is_1904: bool = False
    is_computed_on_load: bool = False
    """Whether results in the file are place-holders, as programs write that cannot compute."""


class SheetXmlReader:
    """Handlers for a parser. Rows go to the builder; `merged` and `links` are references to look up.

    A sheet may have a million cells, so the handlers do little, and plain texts and repeated numbers take a short way.
    """

    def __init__(self, data: WorkbookData, builder: SheetBuilder) -> None:
        self.merged: list[str] = []
        self.links: list[tuple[str, str, str]] = []
        """The cells, the id of the relation, and the place in its target."""
        self.pieces: list[str] = []
        self.text = self.pieces.append
        """Collects all text; the start of an element with a value empties it."""
        self._data = data
        self._builder = builder
        self._general = data.formats[0] if data.formats else NumberFormat("General")
        self._formats = {str(number): number_format for number, number_format in enumerate(data.formats)}
        self._has_text_formats = any(f.text_section for f in data.formats)
        self._columns: dict[str, int] = {}
        self._widths: dict[int, float] = {}
        self._numbers: dict[tuple[str, str], ShownValue] = {}
        self._row: list[str] = []
        self._number = 0
        self._is_hidden = False
        self._cell: Attributes | None = None
        self._phonetic = False
        self._column = -1
        self._type = self._style = self._value = ""
        self._formula: str | None = None
        self._inline: list[str] = []

    def read(self, pieces: Iterable[bytes]) -> None:
        """Parse a sheet."""
        parse_xml(self._checked(pieces), self.start, self.end, self.text)

    def _checked(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield each piece; refuse a text that goes on over many pieces."""
        for piece in pieces:
            yield piece
            if len(self.pieces) > 1 and sum(map(len, self.pieces)) > MAX_TEXT_CHARACTERS:
                raise BadXml("a text is too long")

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._cell = attributes
            self._value = ""
            self._formula = None
        elif name == "v":
            self.pieces.clear()
        elif ":" in name:
            self.start(local_name(name), attributes)
        elif self._cell is not None:
            self.pieces.clear()
            self._phonetic = self._phonetic or name == "rPh"
        elif name == "row":
            self._start_row(attributes)
        else:
            self.pieces.clear()
            self._start_other(name, attributes)

    def end(self, name: str) -> None:
        if name == "v":
            pieces = self.pieces
            self._value = pieces[0] if len(pieces) == 1 else "".join(pieces)
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self._builder.add_row(self._number, self._row, is_hidden=self._is_hidden)
            self._row = []
        elif ":" in name:
            self.end(local_name(name))
        elif self._cell is not None:
            self._end_in_cell(name)

    def _end_in_cell(self, name: str) -> None:
        if name == "f":
            self._formula = "".join(self.pieces)
        elif name == "rPh":
            self._phonetic = False
        elif name == "t" and not self._phonetic:
            self._inline.append("".join(self.pieces))

    def _start_row(self, attributes: Attributes) -> None:
        number = attributes.get("r", "")
        self._number = int(number) if number.isdigit() and len(number) < 9 else self._number + 1
        self._is_hidden = is_true(attributes.get("hidden", ""))
        self._column = -1

    def _end_cell(self) -> None:
        cell = self._cell
        self._cell = None
        if cell is None:
            return
        letters = cell.get("r", "").rstrip(_DIGITS)
        column = self._columns.get(letters)
        self._column = column = self._new_column(letters) if column is None else column
        self._type = cell.get("t", "")
        self._style = cell.get("s", "")
        if self._formula is not None:
            text = self._computed_text()
        elif self._type == "s" and not self._has_text_formats:
            text = self._shared_text()
        else:
            text = self._plain_text()
        self._inline.clear()
        if text:
            row = self._row
            if column == len(row):
                row.append(text)
            elif column > len(row):
                row.extend([""] * (min(column, MAX_COLUMNS + 1) - len(row)))
                row.append(text)
            else:
                row[column] = text

    def _new_column(self, letters: str) -> int:
        """The place of a column by its letters; without letters, the next one."""
        if not letters:
            return self._column + 1
        try:
            column = self._columns[letters] = column_number(letters[:8])
        except ValueError:
            raise BadXml("a cell has no valid name") from None
        return column

    def _shared_text(self) -> str:
        try:
            return self._data.texts[int(self._value)]
        except (ValueError, IndexError):
            raise BadXml("a cell refers to a text that is missing") from None

    def _computed_text(self) -> str:
        """The result of a formula that the file holds, or that needs no other cell."""
        formula = self._formula or ""
        builder = self._builder
        builder.formulas += 1
        if address := link_address(formula):
            builder.link_areas.append((MergedCells(self._number, self._column, self._number, self._column), address))
        is_placeholder = self._data.is_computed_on_load and self._type in ("", "n") and self._value == "0"
        if (self._value or self._type == "str") and not is_placeholder:
            return self._plain_text()
        constant = constant_value(formula)
        if constant is None:
            builder.add_formula_without_result(self._number, self._column)
        return constant or ""

    def _plain_text(self) -> str:
        kind, value = self._type, self._value
        if kind in ("", "n"):
            return self._number_text(value)
        if kind == "s":
            return self._shown_text(self._shared_text())
        if kind == "inlineStr":
            return self._shown_text(clean_text("".join(self._inline)))
        if kind == "b":
            return "TRUE" if is_true(value.strip()) else "FALSE"
        if kind == "e":
            self._builder.add_error(self._number, self._column, value)
            return ""
        if kind == "d":
            return _MIDNIGHT.sub("", value)
        return self._shown_text(clean_text(value))

    def _shown_text(self, text: str) -> str:
        if not text:
            return ""
        number_format = self._format()
        if number_format.text_section is None:
            return text
        shown = number_format.show_text(text)
        if shown.differs:
            self._builder.add_difference(self._number, self._column, shown)
        return shown.read

    def _format(self) -> NumberFormat:
        return self._formats.get(self._style, self._general)

    def _number_text(self, raw: str) -> str:
        style = self._style
        if raw.isdigit() and len(raw) < 12 and (not style or self._format().is_general):
            return str(int(raw)) if raw[0] == "0" else raw
        if not raw:
            return ""
        key = style, raw
        shown = self._numbers.get(key)
        if shown is None:
            shown = self._show_number(raw)
            if len(self._numbers) < _MAX_CACHED_NUMBERS:
                self._numbers[key] = shown
        width = self._widths.get(self._column) if self._widths else None
        if width is not None and len(shown.displayed) > width and not self._format().is_general:
            self._widths[self._column] = float("inf")  # once for each column
            self._builder.add_difference(
                self._number, self._column, ShownValue("####", shown.stored, shown.read, differs=True)
            )
        elif shown.differs:
            self._builder.add_difference(self._number, self._column, shown)
        return shown.read

    def _show_number(self, raw: str) -> ShownValue:
        try:
            return self._format().show(float(raw))
        except (ValueError, OverflowError):
            return ShownValue(raw, raw, raw)

    def _start_other(self, name: str, attributes: Attributes) -> None:
        if name == "mergeCell":
            self.merged.append(attributes.get("ref", ""))
        elif name == "hyperlink":
            ident = next((value for key, value in attributes.items() if local_name(key) == "id"), "")
            self.links.append((attributes.get("ref", ""), ident, attributes.get("location", "")))
        elif name == "col":
            self._start_column(attributes)

    def _start_column(self, attributes: Attributes) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if not (first.isdigit() and last.isdigit()):
            return
        columns = range(int(first) - 1, min(int(last), MAX_COLUMNS))
        if is_true(attributes.get("hidden", "")):
            self._builder.hidden_columns.update(columns)
        elif is_true(attributes.get("customWidth", "")):
            try:
                width = float(attributes.get("width", ""))
            except ValueError:
                return
            self._widths.update(dict.fromkeys(columns, width))


def is_true(value: str) -> bool:
    return value in ("1", "true", "on")


def clean_text(text: str) -> str:
    """A text of a cell without the escapes of Excel (`_x000D_`), with line breaks as `\\n`; empty if it is blank."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text).replace("\x00", "")
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "" if text.isspace() else normalize_line_ends(text)
