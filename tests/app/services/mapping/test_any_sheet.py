"""Whatever is in a sheet: every row ends in one place, what is stored is stored once, and a preview says the same."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.adapters.spreadsheets.cells import Workbook
from app.services.accounts.actors import Operator
from app.services.bundles.importing import export_register
from app.services.container import Services
from app.services.mapping.importing import SheetOptions, import_sheet, preview_sheet
from app.services.mapping.results import RowOutcome
from app.services.mapping.table import read_table
from tests.app.services.mapping.sheets import CHOICES, mapping_of, sheet_of

HEADINGS = ("No.", "Title", "Part", "Asked", "Status", "On", "Due", "Link", "Note")
FIELDS = ("number", "title", "part", "addressees", "status", "status_on", "deadline", "source", "note")
MAPPING = mapping_of(
    *FIELDS,
    sub_rows="part",
    heading_rows="theme",
    choices=replace(CHOICES, status_on="2024"),
    words={"status": {"Complete": "implemented", "In Progress": "in_progress", "Undone": "reversed"}},
)
ROWS = st.tuples(
    st.sampled_from(["", "1", "2", "1.", "7(a)"]),
    st.sampled_from(["", "Publish", "publish", "Publish the list", "명단 공개", "=1+1", "\u202eTitle"]),
    st.sampled_from(["", "", "First", "Second"]),
    st.sampled_from(["", "Court", "court ", "Court\nPolice", "Police; Court"]),
    st.sampled_from(["", "Complete", "In Progress", "Undone", "Nearly"]),
    st.sampled_from(["", "2023", "14.3.2024", "03/04/2024", "soon", "2999-01-01"]),
    st.sampled_from(["", "2025", "Q3 2025", "never"]),
    st.sampled_from(["", "www.example.org/a", "https://example.org/a/", "Gazette", "http://", "a\nb"]),
    st.sampled_from(["", "x", "@x \x07"]),
)
SHEETS = st.lists(ROWS, max_size=8).map(lambda rows: sheet_of(HEADINGS, *rows))


@settings(max_examples=60)
@given(book=SHEETS)
def test_every_row_ends_in_one_place_and_twice_changes_nothing(
    new_services: Callable[..., Services], book: Workbook
) -> None:
    services = new_services()
    options = SheetOptions(register="any", create=True, valid_rows=True)
    preview = preview_sheet(services, Operator("ana"), book, MAPPING, options)
    result = import_sheet(services, Operator("ana"), book, MAPPING, options)
    items = [item.number for item in read_table(book, MAPPING).items]
    assert preview.result.outcomes == result.outcomes
    assert sorted(result.outcomes) == items
    bundle = export_register(services, "any")
    assert len(bundle.recommendations) == result.stored
    cited = {row for group in result.problems for row in group.rows}
    left_out = {row for row, outcome in result.outcomes.items() if outcome is RowOutcome.LEFT_OUT}
    assert {preview.built.item_of.get(row, row) for row in cited} == left_out
    before = services.log.last()
    again = import_sheet(services, Operator("ana"), book, MAPPING, replace(options, update=True))
    assert services.log.last() == before
    assert (again.stored, again.changed, again.left_out) == (0, 0, result.left_out)
