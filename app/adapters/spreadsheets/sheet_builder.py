"""Collects the cells of one sheet of a workbook."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict

from app.adapters.spreadsheets.cells import CellRow, CellSheet, DisplayDifference, MergedCells, column_letters
from app.adapters.spreadsheets.limits import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_DIFFERENCES,
    MAX_DIFFERENCES_OF_A_COLUMN,
    CellBudget,
)
from app.adapters.spreadsheets.number_formats import ShownValue
from domain.errors import Refusal, Refused, refusal

_MAX_EXAMPLES = 5


class SheetBuilder:
    """Rows in any order, and what else is known about the sheet."""

    def __init__(self, name: str, budget: CellBudget, *, is_hidden: bool = False) -> None:
        self.name = name
        self.is_hidden = is_hidden
        self.link_areas: list[tuple[MergedCells, str]] = []
        self.merged: list[MergedCells] = []
        self.comments = 0
        self.formulas = 0
        self.hidden_columns: set[int] = set()
        self._hidden_rows: list[int] = []
        self._budget = budget
        self._work = 0
        self._rows: list[CellRow] = []
        self._differences: list[DisplayDifference] = []
        self._differences_of: Counter[int] = Counter()
        self._without_result: list[str] = []
        self._errors: defaultdict[str, list[str]] = defaultdict(list)
        self._without_date: list[str] = []

    def add_row(self, number: int, cells: list[str], *, is_hidden: bool = False) -> None:
        """Add a row, unless all its cells are empty. Drops empty cells at the end."""
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            return
        self._budget.spend(cells, number)
        self._rows.append(CellRow(number, tuple(cells)))
        if is_hidden:
            self._hidden_rows.append(number)

    def add_difference(self, number: int, column: int, shown: ShownValue) -> None:
        """Note a cell whose display and value can differ in meaning, unless there are enough of its column."""
        if shown.displayed == "####" and not shown.read:
            self._without_date.append(cell_name(number, column))
        count = self._differences_of[column] = self._differences_of[column] + 1
        if count <= MAX_DIFFERENCES_OF_A_COLUMN and len(self._differences) < MAX_DIFFERENCES:
            cell = cell_name(number, column)
            self._differences.append(DisplayDifference(cell, shown.displayed, shown.stored, shown.read))

    def add_formula_without_result(self, number: int, column: int) -> None:
        self._without_result.append(cell_name(number, column))

    def add_error(self, number: int, column: int, error: str) -> None:
        self._errors[error[:20]].append(cell_name(number, column))

    def build(self) -> CellSheet:
        """Return the sheet."""
        self._rows.sort(key=lambda row: row.number)
        self._fill_merged_rows()
        width = max((len(row.cells) for row in self._rows), default=0)
        return CellSheet(
            name=self.name,
            rows=tuple(self._rows),
            width=width,
            is_hidden=self.is_hidden,
            merged=tuple(self.merged),
            links=self._links(),
            comments=self.comments,
            formulas=self.formulas,
            differences=tuple(self._differences),
            problems=tuple(self._problems()),
            hidden_rows=tuple(sorted(self._hidden_rows)),
            hidden_columns=tuple(sorted(n for n in self.hidden_columns if n < width)),
        )

    def _fill_merged_rows(self) -> None:
        """Repeat the text of vertically merged cells in each row that has other cells."""
        numbers = [row.number for row in self._rows]
        for area in self.merged:
            if area.top == area.bottom:
                continue
            first, last = self._rows_of(area, numbers)
            if first == last or numbers[first] != area.top or not (text := self._rows[first].cell(area.left)):
                continue
            for place in range(first + 1, last):
                self._fill(place, area.left, text)

    def _links(self) -> dict[str, str]:
        """The address of each cell with a text that is in an area with a link."""
        numbers = [row.number for row in self._rows]
        links = {}
        for area, address in self.link_areas:
            first, last = self._rows_of(area, numbers)
            for row in self._rows[first:last]:
                for column in range(area.left, min(area.right + 1, len(row.cells))):
                    if row.cells[column]:
                        links[cell_name(row.number, column)] = address
        return links

    def _rows_of(self, area: MergedCells, numbers: list[int]) -> tuple[int, int]:
        """The places of the rows of an area. Raises `Refused` if areas overlap so often that they never end."""
        first, last = bisect_left(numbers, area.top), bisect_right(numbers, area.bottom)
        self._work += 1 + (last - first) * min(1 + area.right - area.left, MAX_COLUMNS)
        if self._work > 3 * MAX_CELLS:
            raise Refused(
                refusal(
                    "Sheet “{sheet}” of “{file}” has too many merged or linked cells. Copy its values to a new file.",
                    sheet=self.name,
                    file=self._budget.file,
                )
            )
        return first, last

    def _fill(self, place: int, column: int, text: str) -> None:
        row = self._rows[place]
        if not row.cell(column):
            cells = [*row.cells, *[""] * (column + 1 - len(row.cells))]
            cells[column] = text
            self._rows[place] = CellRow(row.number, tuple(cells))

    def _problems(self) -> list[Refusal]:
        problems = []
        if cells := self._without_result:
            problems.append(
                refusal(
                    "{cells}: formulas without a result ({count}). Open the file in your spreadsheet program and save "
                    "it again.",
                    cells=_examples(cells),
                    count=len(cells),
                )
            )
        problems += [
            refusal(
                "{cells}: the error {error} ({count}). Read as empty. Correct the formula, or type the value.",
                cells=_examples(cells),
                error=error,
                count=len(cells),
            )
            for error, cells in self._errors.items()
        ]
        if cells := self._without_date:
            problems.append(
                refusal(
                    "{cells}: a date that no calendar has ({count}). Read as empty. Type the date again.",
                    cells=_examples(cells),
                    count=len(cells),
                )
            )
        return problems


def cell_name(number: int, column: int) -> str:
    """The name of a cell by the number of its row, from 1, and of its column, from 0."""
    return f"{column_letters(column)}{number}"


def _examples(cells: list[str]) -> str:
    return ", ".join(cells[:_MAX_EXAMPLES]) + (", …" if len(cells) > _MAX_EXAMPLES else "")
