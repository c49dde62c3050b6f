"""CSV for people: nothing is computed by a spreadsheet, and everything is read back as it was."""

from hypothesis import given
from hypothesis import strategies as st

from app.adapters.spreadsheets.formula_escapes import FORMULA_PREFIXES, escape_formula, unescape_formula
from app.services.bundles.problems import BundleProblem
from app.services.bundles.tables import read_csv
from app.services.tables.csv_files import (
    DataTable,
    write_spreadsheet_csv,
)

CELLS = st.text(st.sampled_from("=+-@\t'\"\n,a＝ "), max_size=8)


@given(CELLS)
def test_every_cell_is_read_back_as_it_was(cell: str) -> None:
    assert unescape_formula(escape_formula(cell)) == cell
    assert not escape_formula(cell).startswith(FORMULA_PREFIXES)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_every_table_is_read_back_as_it_was(rows: list[tuple[str, str]]) -> None:
    table = DataTable("t", ("a", "b"), tuple(rows))
    problems: list[BundleProblem] = []
    read = read_csv("t.csv", write_spreadsheet_csv(table), problems)
    assert read
    assert (tuple(tuple(cells) for _line, cells in read.records), problems) == (table.rows, [])
