"""What was read from a file: sheets of cells, each cell as the text that is displayed."""

from functools import lru_cache

from msgspec import Struct

from domain.errors import Refusal


class MergedCells(Struct, frozen=True):
    """A range of cells that is displayed as one; rows are numbered from 1, columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


class DisplayDifference(Struct, frozen=True):
    """A cell whose display and stored value can differ in meaning, with what was read."""

    cell: str
    """As a spreadsheet names it, such as `F40`."""
    displayed: str
    stored: str
    read: str


class CellRow(Struct, frozen=True, gc=False):
    """A row that is not blank. Cells at the end that are empty are left out."""

    number: int
    """As the person's program numbers it: from 1, blank rows counted."""
    cells: tuple[str, ...]

    def cell(self, column: int) -> str:
        """The text of a column, numbered from 0; empty beyond the last cell."""
        return self.cells[column] if column < len(self.cells) else ""


class CellSheet(Struct, frozen=True):
    """One sheet. Vertically merged cells have their text in every row, horizontally merged ones in the first column."""

    name: str
    rows: tuple[CellRow, ...]
    width: int
    """Number of columns up to the last cell with a text."""
    is_hidden: bool = False
    merged: tuple[MergedCells, ...] = ()
    links: dict[str, str] = {}
    """The address behind a displayed text, by cell name."""
    comments: int = 0
    formulas: int = 0
    differences: tuple[DisplayDifference, ...] = ()
    """Those worth showing, at most 100."""
    problems: tuple[Refusal, ...] = ()
    """Cells that could not be read, such as errors and formulas without a result, as sentences with the cell."""
    hidden_rows: tuple[int, ...] = ()
    """Those with a text. They are read like all others."""
    hidden_columns: tuple[int, ...] = ()


class EncodingChoice(Struct, frozen=True):
    """An encoding in which a text file may be written, with lines that tell it from others."""

    name: str
    """As Python names it, such as `cp949`."""
    sample: tuple[str, ...]
    unreadable: int = 0
    """Number of bytes that are no letter in this encoding."""


class SeparatorChoice(Struct, frozen=True):
    """A separator, with the least and greatest number of cells that it makes in a row."""

    separator: str
    fewest: int
    most: int


class Workbook(Struct, frozen=True):
    """A file as it was read."""

    name: str
    """As the person chose it; empty for pasted cells."""
    kind: str
    """`xlsx`, `ods`, `text` or `pasted`."""
    digest: str
    """SHA-256 of the content, in hexadecimal."""
    sheets: tuple[CellSheet, ...]
    encoding: str = ""
    separator: str = ""
    separator_is_stated: bool = False
    """Whether the file says so itself, in a line such as `sep=;`."""
    encodings: tuple[EncodingChoice, ...] = ()
    """The likely ones, best first; empty for workbooks."""
    separators: tuple[SeparatorChoice, ...] = ()


def column_letters(column: int) -> str:
    """The letters of a column that is numbered from 0: 0 is `A`, 26 is `AA`."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """The number of a column, from 0, by its letters. Raises `ValueError` for other texts."""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise ValueError(letters)
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
