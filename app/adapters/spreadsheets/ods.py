"""Reads OpenDocument spreadsheets (.ods). The file holds each cell as it is displayed."""

import re
from datetime import datetime

from app.adapters.spreadsheets.cells import CellSheet, MergedCells
from app.adapters.spreadsheets.date_formats import iso, read_parts
from app.adapters.spreadsheets.formulas import constant_value, link_address
from app.adapters.spreadsheets.limits import MAX_CELL_CHARACTERS, MAX_COLUMNS, MAX_SHEETS, CellBudget
from app.adapters.spreadsheets.number_formats import ShownValue, plain_number
from app.adapters.spreadsheets.ods_styles import OdsStyles
from app.adapters.spreadsheets.sheet_builder import SheetBuilder
from app.adapters.spreadsheets.xml_parts import Attributes, local_name, parse_xml
from app.adapters.spreadsheets.zips import LimitedZip

_CELLS = ("table-cell", "covered-table-cell")
_SKIPPED = frozenset(
    (
        *("annotation", "tracked-changes", "shapes", "forms", "frame", "custom-shape", "caption", "g", "control"),
        *("line", "rect", "circle", "ellipse", "polygon", "polyline", "path", "connector", "ruby-text", "note"),
    )
)
"""Elements in or beside cells whose text is not that of a cell."""
_ERROR = re.compile(r"#(?:REF!|VALUE!|NAME\?|N/A|NUM!|NULL!|DIV/0!)|Err:\d+")
_NO_DIGITS = re.compile(r"[^0-9.,\-]")
_SPACES = re.compile(r"[ \t\r\n]+")
_MAX_REPEATED = 2**21


def read_ods(name: str, archive: LimitedZip) -> tuple[CellSheet, ...]:
    """Return the sheets. Raises `BadXml` for damaged parts and `Refused` if there is too much in it."""
    reader = OdsReader(name)
    for part in ("styles.xml", "content.xml"):
        if part in archive.members:
            parse_xml(archive.pieces(part), reader.start, reader.end, reader.text)
    return tuple(builder.build() for builder in reader.sheets)


class OdsReader:
    """Handlers for a parser of the styles and then of the content."""

    def __init__(self, name: str) -> None:
        self.sheets: list[SheetBuilder] = []
        self._budget = CellBudget(name)
        self._styles = OdsStyles()
        self._skipped = 0
        self._number = self._next_number = 1
        self._row: list[str] = []
        self._row_is_hidden = False
        self._column = self._next_column = 0
        self._column_styles: list[str] = []
        self._cell: Attributes | None = None
        self._paragraphs: list[str] = []
        self._text: list[str] | None = None
        self._size = 0
        self._is_covered = False

    def start(self, name: str, attributes: Attributes) -> None:
        name = local_name(name)
        if self._skipped or name in _SKIPPED or (name == "table" and self._cell is not None):
            if name == "annotation" and self._cell is not None and not self._skipped:
                self.sheets[-1].comments += 1
            self._skipped += 1
            return
        attributes = {local_name(key): value for key, value in attributes.items()}
        if self._cell is not None:
            self._start_in_cell(name, attributes)
        elif name in _CELLS:
            self._start_cell(attributes, is_covered=name != "table-cell")
        elif name == "table-row":
            self._start_row(attributes)
        elif name == "table-column":
            self._start_column(attributes)
        elif name == "table":
            self._start_table(attributes)
        else:
            self._styles.start(name, attributes)

    def text(self, data: str) -> None:
        if self._text is not None and not self._skipped:
            self._size += len(data)
            if self._size <= 2 * MAX_CELL_CHARACTERS:
                self._text.append(_SPACES.sub(" ", data))

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        name = local_name(name)
        if name in _CELLS and self._cell is not None:
            self._end_cell(self._cell)
        elif name == "p" and self._text is not None:
            self._paragraphs.append("".join(self._text).strip(" "))
            self._text = None
        elif name == "table-row" and self.sheets:
            self._end_row()

    def _start_table(self, attributes: Attributes) -> None:
        if len(self.sheets) < MAX_SHEETS:
            is_hidden = self._styles.hides_table(attributes.get("style-name", ""))
            self.sheets.append(SheetBuilder(attributes.get("name", ""), self._budget, is_hidden=is_hidden))
        self._next_number = 1
        self._column_styles = []

    def _start_column(self, attributes: Attributes) -> None:
        count = min(_repeated(attributes, "number-columns-repeated"), MAX_COLUMNS + 1 - len(self._column_styles))
        first = len(self._column_styles)
        self._column_styles += [attributes.get("default-cell-style-name", "")] * count
        if attributes.get("visibility", "visible") != "visible" and self.sheets:
            self.sheets[-1].hidden_columns.update(range(first, first + count))

    def _start_row(self, attributes: Attributes) -> None:
        self._number = self._next_number
        self._next_number += _repeated(attributes, "number-rows-repeated")
        self._row_is_hidden = attributes.get("visibility", "visible") != "visible"
        self._row = []
        self._next_column = 0

    def _end_row(self) -> None:
        if any(self._row):
            for number in range(self._number, self._next_number):
                self.sheets[-1].add_row(number, self._row, is_hidden=self._row_is_hidden)
        self._row = []

    def _start_cell(self, attributes: Attributes, *, is_covered: bool) -> None:
        self._cell = attributes
        self._is_covered = is_covered
        self._column = self._next_column
        self._next_column += _repeated(attributes, "number-columns-repeated")
        self._paragraphs = []
        self._size = 0

    def _start_in_cell(self, name: str, attributes: Attributes) -> None:
        if name == "p":
            self._text = []
        elif self._text is None:
            return
        elif name == "s":
            self._text.append(" " * min(_repeated(attributes, "c"), MAX_CELL_CHARACTERS))
        elif name == "tab":
            self._text.append("\t")
        elif name == "line-break":
            self._text.append("\n")
        elif name == "a" and attributes.get("href"):
            self._add_link(attributes["href"])

    def _add_link(self, address: str) -> None:
        if self.sheets and not address.startswith("#"):
            area = MergedCells(self._number, self._column, self._number, self._column)
            self.sheets[-1].link_areas.append((area, address))

    def _end_cell(self, cell: Attributes) -> None:
        self._cell = self._text = None
        if self._is_covered or not self.sheets or not (self._paragraphs or "value-type" in cell or "formula" in cell):
            return
        self._note_merged(cell)
        text = self._cell_text(cell, "\n".join(self._paragraphs))
        if text and not text.isspace():
            repeated = max(1, min(self._next_column - self._column, MAX_COLUMNS + 1))
            self._row.extend([""] * (min(self._column, MAX_COLUMNS + 1) - len(self._row)))
            self._row.extend([text] * repeated)

    def _note_merged(self, cell: Attributes) -> None:
        rows, columns = _repeated(cell, "number-rows-spanned"), _repeated(cell, "number-columns-spanned")
        if rows > 1 or columns > 1:
            bottom, right = self._number + rows - 1, self._column + columns - 1
            self.sheets[-1].merged.append(MergedCells(self._number, self._column, bottom, right))

    def _cell_text(self, cell: Attributes, displayed: str) -> str:
        kind = cell.get("value-type", "")
        if "formula" in cell and not self._has_result(cell, displayed):
            return self._constant(cell["formula"])
        if kind == "date":
            return self._date_text(cell, displayed)
        if kind in ("float", "percentage", "currency"):
            return self._number_text(cell.get("value", ""), displayed)
        if kind == "boolean":
            return displayed or cell.get("boolean-value", "").upper()
        if kind == "string":
            return cell.get("string-value", displayed)
        return displayed

    def _has_result(self, cell: Attributes, displayed: str) -> bool:
        """Whether a formula has one. Notes its address, and an error as its result."""
        builder = self.sheets[-1]
        builder.formulas += 1
        if address := link_address(_excel_formula(cell["formula"])):
            self._add_link(address)
        if _ERROR.fullmatch(displayed):
            builder.add_error(self._number, self._column, displayed)
            cell.clear()
            cell["formula"] = '""'
            return False
        return bool(displayed) or cell.get("value-type") == "string"

    def _constant(self, formula: str) -> str:
        value = constant_value(_excel_formula(formula))
        if value is None:
            self.sheets[-1].add_formula_without_result(self._number, self._column)
        return value or ""

    def _date_text(self, cell: Attributes, displayed: str) -> str:
        value = cell.get("date-value", "")
        try:
            when = datetime.fromisoformat(value).replace(microsecond=0, tzinfo=None)
        except ValueError:
            return displayed or value
        parts = self._styles.date_parts(cell.get("style-name") or self._column_style())
        read, differs = read_parts(when, parts) if parts else (iso(when), False)
        return self._note(ShownValue(displayed, iso(when), read, differs or _is_narrow(displayed)))

    def _number_text(self, value: str, displayed: str) -> str:
        try:
            stored = plain_number(float(value))
        except (ValueError, OverflowError):
            return displayed
        if not displayed or _is_narrow(displayed):
            return self._note(ShownValue(displayed, stored, stored, differs=True)) if displayed else stored
        digits = _NO_DIGITS.sub("", displayed)
        is_same = displayed.isalpha() or stored in (digits.replace(",", ""), digits.replace(".", "").replace(",", "."))
        return self._note(ShownValue(displayed, stored, displayed, differs=not is_same))

    def _note(self, shown: ShownValue) -> str:
        if shown.differs:
            self.sheets[-1].add_difference(self._number, self._column, shown)
        return shown.read

    def _column_style(self) -> str:
        return self._column_styles[self._column] if self._column < len(self._column_styles) else ""


def _excel_formula(formula: str) -> str:
    """A formula without the prefix of its language, such as `of:=`."""
    return formula.partition("=")[2] if formula.partition("=")[0].rstrip(":").isalpha() else formula


def _is_narrow(displayed: str) -> bool:
    """Whether the column is too narrow for the value: `###`."""
    return bool(displayed) and not displayed.strip("#")


def _repeated(attributes: Attributes, name: str) -> int:
    value = attributes.get(name, "1")
    return min(int(value), _MAX_REPEATED) if value.isdigit() and len(value) < 10 else 1
