"""One row of a sheet as it is read with the present answers."""

from msgspec import Struct

from app.adapters.spreadsheets.cells import Workbook, column_number
from app.presentation.i18n.labels import day_text
from app.presentation.i18n.translation import _
from app.services.bundles.typed_dates import read_date
from app.services.mapping.fields import FIELDS
from app.services.mapping.table import SheetItem, SheetTable, read_table
from app.services.mapping.types import NOTE, MappedColumn, SheetMapping

_DATES = ("recommended_on", "deadline", "deadline_stated_on", "status_on", "source_on", "response_on")


class SheetRowView(Struct, frozen=True):
    """A row: pairs of a field and what it says, and the number of the row to show next."""

    number: int
    texts: list[tuple[str, str]]
    following: int


def view_row(workbook: Workbook, mapping: SheetMapping, row: str) -> SheetRowView | None:
    """The item at or after a row, or the first; None if the sheet has none."""
    table = read_table(workbook, mapping)
    if not table.items:
        return None
    wanted = int(row) if row.isascii() and row.isdigit() and len(row) < 10 else 0
    place = next((n for n, item in enumerate(table.items) if item.number >= wanted), 0)
    following = table.items[(place + 1) % len(table.items)].number
    return SheetRowView(table.items[place].number, _texts(table, table.items[place], mapping), following)


def _texts(table: SheetTable, item: SheetItem, mapping: SheetMapping) -> list[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for column in table.columns:
        text = item.cell(column_number(column.column)).strip()
        if text and (label := _label(column)):
            found.setdefault(label, []).append(_as_read(column, text, mapping))
    if item.heading and mapping.heading_rows == "theme":
        found.setdefault(str(FIELDS["theme"].label), ["".join(item.heading.cells).strip()])
    if item.parts:
        found[_("Parts")] = [str(len(item.parts))]
    return [(label, "; ".join(texts)) for label, texts in found.items()]


def _label(column: MappedColumn) -> str:
    """The field in words, with the day of a column for one day; empty for a column that is left out."""
    if column.field == NOTE:
        return _("Note for staff")
    if column.field not in FIELDS:
        return ""
    label = str(FIELDS[column.field].label)
    return f"{label}, {day_text(column.on)}" if column.on else label


def _as_read(column: MappedColumn, text: str, mapping: SheetMapping) -> str:
    if column.field in _DATES and (day := read_date(text, mapping.date_order, numbers=True)):
        return day_text(day)
    if column.separator:
        return " / ".join(part.strip() for part in text.split(column.separator) if part.strip())
    return text
