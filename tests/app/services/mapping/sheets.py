"""Small sheets of an office, with their mappings, for tests of the import."""

from msgspec.structs import replace

from app.adapters.spreadsheets.cells import CellRow, CellSheet, Workbook, column_letters
from app.services.mapping.types import Choices, MappedColumn, NewRegister, PublicationChoice, SheetMapping

STATUS_WORDS = {"Complete": "implemented", "In Progress": "in_progress", "Not Started": "no_action", "": ""}
CHOICES = Choices(
    kind="one_off", criteria="earlier_record", review="as_brought", theme="Courts", addressee="Ministry of Justice"
)
REGISTER = NewRegister(title="A tracker", time_zone="Europe/Ljubljana")
PUBLICATION = PublicationChoice(title="Our report", publisher="A think tank", published_on="2023-09-14")


def sheet_of(*rows: tuple[str, ...], links: dict[str, str] | None = None, name: str = "tracker.xlsx") -> Workbook:
    """A file with one sheet, whose first row has the headings."""
    cells = tuple(CellRow(n, row) for n, row in enumerate(rows, 1) if any(row))
    sheet = CellSheet("Tracker", cells, max(len(row) for row in rows), links=links or {})
    return Workbook(name, "xlsx", "0" * 64, (sheet,))


def mapping_of(*columns: str | MappedColumn, choices: Choices = CHOICES, **more: object) -> SheetMapping:
    """A mapping whose columns, from the first on, fill these fields. A field may be written as `field@day`."""
    mapped = []
    for number, column in enumerate(columns):
        if isinstance(column, str):
            field, _, on = column.partition("@")
            column = MappedColumn(column="", heading="", field=field, on=on)
        mapped.append(replace(column, column=column_letters(number)))
    settings: dict[str, object] = {
        "header_rows": (1,),
        "legacy": True,
        "words": {"status": STATUS_WORDS},
        "publication": PUBLICATION,
        "register": REGISTER,
        "choices": choices,
        "columns": tuple(mapped),
    }
    return SheetMapping(**(settings | more))  # type: ignore[arg-type]
