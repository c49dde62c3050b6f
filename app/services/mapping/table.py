"""Reads the rows of a sheet as items: without titles, blank rows and repeated headings, with their parts below them."""

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, structs

from app.adapters.spreadsheets.cells import CellRow, CellSheet, Workbook, column_letters, column_number
from app.services.mapping.templates import TemplateSource, template_sources
from app.services.mapping.types import MappedColumn, RowCorrections, SheetMapping
from domain.errors import Refused, refusal

_SUB_NUMBER = re.compile(r"\.? ?(?:[a-z]|\([a-z0-9]{1,3}\)|[a-z]\))|(?:[.\-–/] ?[a-z0-9]{1,3})+\.?", re.IGNORECASE)
_CELL_NAME = re.compile(r"([A-Z]{1,4})([1-9][0-9]*)", re.ASCII | re.IGNORECASE)


class SheetItem(Struct, frozen=True, gc=False):
    """One item of a sheet: its row, and the rows below that are parts of it."""

    row: CellRow
    heading: CellRow | None = None
    """The heading row that it is under, if headings are themes."""
    parts: tuple[CellRow, ...] = ()
    also: tuple[int, ...] = ()
    """The numbers of further rows whose cells were joined to its own, because their number or title is merged."""

    @property
    def number(self) -> int:
        return self.row.number

    def cell(self, column: int) -> str:
        """The text of a column, numbered from 0; empty beyond the last cell."""
        return self.row.cell(column)


class SheetTable(Struct, frozen=True):
    """The items of a sheet in order. Columns are those of the mapping, at the letters that they have in this file."""

    file: str
    """The name of the file; empty for pasted cells."""
    sheet: CellSheet
    headings: tuple[str, ...]
    """The heading of each column, numbered from 0; empty without one."""
    items: tuple[SheetItem, ...]
    columns: tuple[MappedColumn, ...] = ()
    notes: tuple[CellRow, ...] = ()
    """Heading rows that are notes."""
    left_out: tuple[int, ...] = ()
    """The numbers of the rows that were left out: by the person, or as headings or rows below an item."""
    sources: tuple[TemplateSource, ...] = ()
    """Those that a template describes on a sheet of their own."""


def read_table(workbook: Workbook, mapping: SheetMapping, corrections: RowCorrections | None = None) -> SheetTable:
    """Return the items of the mapped sheet.

    Raises `Refused` if the sheet, its headings or a mapped column are not in the file.
    """
    sheet = find_sheet(workbook, mapping.sheet)
    headings = read_headings(sheet, mapping.header_rows)
    columns = _find_columns(mapping.columns, headings)
    corrections = corrections or RowCorrections()
    rows = _corrected(sheet.rows, corrections.cells)
    table = _ItemReader(workbook.name, sheet, headings, columns, mapping).read(rows, corrections.left_out)
    return structs.replace(table, sources=template_sources(workbook))


def is_sub_number(number: str, above: str) -> bool:
    """Whether a number is one below another, such as `1a`, `1.1` or `1 (a)` below `1`."""
    return number.startswith(above) and bool(_SUB_NUMBER.fullmatch(number[len(above) :]))


def find_sheet(workbook: Workbook, name: str) -> CellSheet:
    """Return a sheet by its name, or the first that is shown and has rows. Raises `Refused` if there is none."""
    if name:
        for sheet in workbook.sheets:
            if sheet.name == name:
                return sheet
        if len(workbook.sheets) == 1 and workbook.kind in ("text", "pasted"):
            return workbook.sheets[0]
        names = ", ".join(f"“{sheet.name}”" for sheet in workbook.sheets)
        raise Refused(
            refusal("There is no sheet “{name}” in the file. It has: {names}.", name=name, names=names, field="sheet")
        )
    shown = [sheet for sheet in workbook.sheets if sheet.rows and not sheet.is_hidden]
    if not shown:
        raise Refused(refusal("No sheet of the file has any cells.", field="sheet"))
    return shown[0]


def read_headings(sheet: CellSheet, header_rows: Sequence[int]) -> tuple[str, ...]:
    """Return the heading of each column. Two header rows are read together, the upper one over all its columns."""
    lines = [row for row in sheet.rows if row.number in header_rows]
    if len(lines) < len(header_rows):
        missing = sorted(set(header_rows) - {row.number for row in lines})
        raise Refused(
            refusal("Row {number} is empty, so it cannot hold the headings.", number=missing[0], field="header_rows")
        )
    texts = [_spread(sheet, row) for row in lines]
    if len(texts) == 2:
        texts[0] = _carried(*texts)
    width = max((len(line) for line in texts), default=0)
    return tuple(_joined(line[n].strip() if n < len(line) else "" for line in texts) for n in range(width))


def _spread(sheet: CellSheet, row: CellRow) -> list[str]:
    """The cells of a header row, with the text of merged cells in each of their columns."""
    cells = list(row.cells)
    for merged in sheet.merged:
        if merged.top == row.number and merged.right > merged.left:
            cells += [""] * (merged.right + 1 - len(cells))
            cells[merged.left : merged.right + 1] = [cells[merged.left]] * (merged.right + 1 - merged.left)
    return cells


def _carried(upper: list[str], lower: list[str]) -> list[str]:
    """The upper header row with each text carried to the right, over columns that only the lower row divides."""
    carried = [*upper, *[""] * (len(lower) - len(upper))]
    for n in range(1, len(lower)):
        if not carried[n].strip() and lower[n].strip() and lower[n - 1].strip() != carried[n - 1].strip():
            carried[n] = carried[n - 1] if lower[n - 1].strip() else ""
    return carried


def _joined(texts: Iterable[str]) -> str:
    """Texts that are read together, each once, on one line."""
    return " ".join(" ".join(dict.fromkeys(text for text in texts if text)).split())


def _find_columns(columns: Sequence[MappedColumn], headings: Sequence[str]) -> tuple[MappedColumn, ...]:
    """The mapped columns with the letters that they have here: columns may have moved since the mapping was made."""
    found, missing = [], []
    for column in columns:
        place = column_number(column.column)
        if not column.heading or (place < len(headings) and headings[place] == column.heading):
            found.append(column)
        elif headings.count(column.heading) == 1:
            found.append(structs.replace(column, column=column_letters(headings.index(column.heading))))
        else:
            missing.append(column)
    if missing:
        raise Refused(
            *(
                refusal(
                    "There is no column “{heading}” in the file. Match its columns to fields again.",
                    heading=column.heading,
                    field="columns",
                )
                for column in missing
            )
        )
    return tuple(found)


def _corrected(rows: Iterable[CellRow], cells: dict[str, str]) -> Iterator[CellRow]:
    """The rows with the texts that a person typed instead of those in the file."""
    texts: dict[int, dict[int, str]] = {}
    for name, text in cells.items():
        if match := _CELL_NAME.fullmatch(name):
            texts.setdefault(int(match[2]), {})[column_number(match[1])] = text
    for row in rows:
        if row.number in texts:
            changed = list(row.cells)
            for column, text in texts[row.number].items():
                changed += [""] * (column + 1 - len(changed))
                changed[column] = text
            row = CellRow(row.number, tuple(changed))
        yield row


class _ItemReader:
    """Reads the rows of one sheet, from the top."""

    def __init__(
        self,
        file: str,
        sheet: CellSheet,
        headings: tuple[str, ...],
        columns: tuple[MappedColumn, ...],
        mapping: SheetMapping,
    ) -> None:
        self.file, self.sheet, self.headings, self.columns, self.mapping = file, sheet, headings, columns, mapping
        places = {c.field: column_number(c.column) for c in reversed(columns) if not c.language}
        self.number, self.title, self.part = places.get("number"), places.get("title"), places.get("part")
        self.ident = places.get("id")
        self.merged = self._merged_rows()
        self.items: list[SheetItem] = []
        self.notes: list[CellRow] = []
        self.left_out: list[int] = []
        self.heading: CellRow | None = None

    def read(self, rows: Iterable[CellRow], left_out: frozenset[int]) -> SheetTable:
        start, header = max(self.mapping.header_rows, default=0), self._header_cells()
        for row in rows:
            if row.number <= start or not "".join(row.cells).strip() or (header and _texts(row) == header):
                continue
            if row.number in left_out:
                self.left_out.append(row.number)
            elif self.mapping.heading_rows and self._is_heading(row):
                self._add_heading(row)
            else:
                self._add_row(row)
        return SheetTable(
            self.file,
            self.sheet,
            self.headings,
            tuple(self.items),
            self.columns,
            tuple(self.notes),
            tuple(self.left_out),
        )

    def _merged_rows(self) -> dict[int, int]:
        """The first row of each item that has several, by the others: those whose number or title is merged."""
        keys = {self.number, self.title, self.ident} - {None}
        return {number: m.top for m in self.sheet.merged if m.left in keys for number in range(m.top + 1, m.bottom + 1)}

    def _header_cells(self) -> list[str]:
        """The texts of the last header row, which some sheets repeat on each page."""
        last = max(self.mapping.header_rows, default=0)
        header = next((_texts(row) for row in self.sheet.rows if row.number == last), [])
        return header if len(header) > 1 else []

    def _is_heading(self, row: CellRow) -> bool:
        """Whether a row has one text only, which is not the title of an item that has its own column for it."""
        texts = [n for n, text in enumerate(row.cells) if text.strip()]
        if len(texts) != 1 or row.number in self.merged:
            return False
        return texts[0] == 0 or texts[0] not in (self.title, self.part)

    def _add_heading(self, row: CellRow) -> None:
        if self.mapping.heading_rows == "theme":
            self.heading = row
        elif self.mapping.heading_rows == "note":
            self.notes.append(row)
        else:
            self.left_out.append(row.number)

    def _add_row(self, row: CellRow) -> None:
        above = self.items[-1] if self.items else None
        if above and self._is_continued(above, row):
            self.items[-1] = self._with_part(above, row) if self._has_part(row) else self._joined_to(above, row)
        elif above and self.mapping.sub_rows != "recommendation" and self._is_below(above, row):
            if self.mapping.sub_rows == "leave_out":
                self.left_out.append(row.number)
            else:
                self.items[-1] = self._with_part(above, row)
        else:
            self.items.append(SheetItem(row, self.heading))

    def _is_continued(self, above: SheetItem, row: CellRow) -> bool:
        """Whether a row belongs to the item above: its number or title is merged with that of the item."""
        return self.merged.get(row.number) in (above.number, *above.also) if row.number in self.merged else False

    def _has_part(self, row: CellRow) -> bool:
        return self.part is not None and bool(row.cell(self.part).strip())

    def _is_below(self, above: SheetItem, row: CellRow) -> bool:
        """Whether a row is a part of the item above: by its number or without one, or with the name of a part."""
        if self._has_part(row):
            return self._is_same_item(above, row)
        if not self.mapping.sub_rows or self.number is None or self.title is None:
            return False
        own, of_above = row.cell(self.number).strip(), above.cell(self.number).strip()
        return bool(of_above) and (not own or is_sub_number(own, of_above))

    def _is_same_item(self, above: SheetItem, row: CellRow) -> bool:
        """Whether number and title are those of the item above or empty."""
        keys = [n for n in (self.ident, self.number, self.title) if n is not None]
        return all(row.cell(n).strip() in ("", above.cell(n).strip()) for n in keys)

    def _with_part(self, above: SheetItem, row: CellRow) -> SheetItem:
        return structs.replace(above, parts=(*above.parts, row))

    def _joined_to(self, above: SheetItem, row: CellRow) -> SheetItem:
        """The item with the further texts of a row, each in its column below the item's own."""
        width = max(len(above.row.cells), len(row.cells))
        cells = tuple(_below(above.cell(n), row.cell(n)) for n in range(width))
        return structs.replace(above, row=CellRow(above.number, cells), also=(*above.also, row.number))


def _texts(row: CellRow) -> list[str]:
    return [text.strip() for text in row.cells if text.strip()]


def _below(text: str, further: str) -> str:
    return text if not further.strip() or further in text.split("\n") else f"{text}\n{further}" if text else further
