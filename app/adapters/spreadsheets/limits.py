"""How much a file of cells may hold. All limits are checked while reading, before memory is used."""

from msgspec import Struct

from app.adapters.spreadsheets.cells import column_letters
from domain.errors import Refused, refusal

MAX_FILE_BYTES = 32 * 2**20
MAX_PART_BYTES = 384 * 2**20
"""Of one part of a workbook, unpacked. Sheets are read piece by piece."""
MAX_ROWS = 2_000_000
MAX_COLUMNS = 1_000
MAX_CELLS = 10_000_000
MAX_CHARACTERS = 256 * 2**20
MAX_CELL_CHARACTERS = 1_000_000
MAX_TEXT_CHARACTERS = 2 * MAX_CELL_CHARACTERS
"""Of one text before it is known to which cell it belongs."""
MAX_WRITTEN_CHARACTERS = 32_767
"""Of a cell of an .xlsx, by the format."""
MAX_SHEETS = 500
MAX_DIFFERENCES, MAX_DIFFERENCES_OF_A_COLUMN = 100, 10


class CellBudget(Struct):
    """Counts the rows, cells and characters of a whole file. Raises `Refused` when there are too many."""

    file: str
    rows: int = 0
    cells: int = 0
    characters: int = 0

    def spend(self, cells: list[str], row: int) -> None:
        """Count one row."""
        if len(cells) > MAX_COLUMNS:
            raise Refused(
                refusal(
                    "Row {row} of “{file}” has {count} columns. At most {most} are read. Delete the columns that you "
                    "do not need, or check the separator.",
                    row=row,
                    file=self.file,
                    count=f"{len(cells):,}",
                    most=f"{MAX_COLUMNS:,}",
                )
            )
        self.rows += 1
        self.cells += len(cells)
        characters = sum(map(len, cells))
        self.characters += characters
        if characters > MAX_CELL_CHARACTERS and max(map(len, cells)) > MAX_CELL_CHARACTERS:
            column = next(n for n, text in enumerate(cells) if len(text) > MAX_CELL_CHARACTERS)
            raise _too_long_cell(self.file, f"{column_letters(column)}{row}")
        if self.rows > MAX_ROWS:
            raise _too_many_rows(self.file)
        if self.cells > MAX_CELLS or self.characters > MAX_CHARACTERS:
            raise too_much_text(self.file)


def too_much_text(file: str) -> Refused:
    return Refused(refusal("“{file}” has too much text to be read at once. Split it into several files.", file=file))


def _too_many_rows(file: str) -> Refused:
    return Refused(
        refusal(
            "“{file}” has more than {most} rows. Split it into several files, or delete rows that you do not need.",
            file=file,
            most=f"{MAX_ROWS:,}",
        )
    )


def _too_long_cell(file: str, cell: str) -> Refused:
    return Refused(
        refusal(
            "Cell {cell} of “{file}” has more than {most} characters. Shorten it.",
            cell=cell,
            file=file,
            most=f"{MAX_CELL_CHARACTERS:,}",
        )
    )
