"""Rows of a sheet as items: what is an item, what is a heading, a part or nothing."""

import pytest
from msgspec import structs

from app.adapters.spreadsheets.cells import CellRow, CellSheet, MergedCells, Workbook
from app.services.mapping.table import read_table
from app.services.mapping.types import MappedColumn, RowCorrections, SheetMapping
from domain.errors import Refused


def workbook(*rows: tuple[str, ...], merged: tuple[MergedCells, ...] = (), name: str = "Tracker") -> Workbook:
    cells = tuple(CellRow(n, row) for n, row in enumerate(rows, 1) if any(row))
    sheet = CellSheet(name, cells, max(len(row) for row in rows), merged=merged)
    return Workbook("tracker.xlsx", "xlsx", "0" * 64, (sheet,))


def columns(**fields: str) -> tuple[MappedColumn, ...]:
    return tuple(MappedColumn(column=letters, heading="", field=field) for field, letters in fields.items())


def numbers(book: Workbook, mapping: SheetMapping, corrections: RowCorrections | None = None) -> list[int]:
    return [item.number for item in read_table(book, mapping, corrections).items]


def test_items_keep_the_row_numbers_of_the_file() -> None:
    book = workbook(("Our report", ""), (), ("No.", "Title"), (), ("1", "Publish"), (" ", ""), ("2", "Appoint"))
    table = read_table(book, SheetMapping(header_rows=(3,)))
    assert table.headings == ("No.", "Title")
    assert [(item.number, item.cell(1)) for item in table.items] == [(5, "Publish"), (7, "Appoint")]


def test_a_header_that_is_repeated_on_each_page_is_no_item() -> None:
    book = workbook(("No.", "Title"), ("1", "Publish"), ("No.", "Title"), ("2", "Appoint"))
    assert numbers(book, SheetMapping(header_rows=(1,))) == [2, 4]


def test_two_header_rows_are_read_together_over_merged_cells() -> None:
    book = workbook(
        ("No.", "2023", "", "2024"),
        ("", "Status", "Source", "Status"),
        ("1", "Done", "x", "y"),
        merged=(MergedCells(1, 1, 1, 2),),
    )
    table = read_table(book, SheetMapping(header_rows=(1, 2)))
    assert table.headings == ("No.", "2023 Status", "2023 Source", "2024 Status")
    assert [item.number for item in table.items] == [3]


HEADED = workbook(("No.", "Title"), ("Courts",), ("1", "Publish"), ("2", "Appoint"), ("Prisons",), ("3", "Visit"))


def test_heading_rows_are_themes() -> None:
    table = read_table(HEADED, SheetMapping(header_rows=(1,), heading_rows="theme"))
    assert [(i.number, i.heading and i.heading.cell(0)) for i in table.items] == [
        (3, "Courts"),
        (4, "Courts"),
        (6, "Prisons"),
    ]


def test_heading_rows_are_notes_or_left_out() -> None:
    table = read_table(HEADED, SheetMapping(header_rows=(1,), heading_rows="note"))
    assert [row.number for row in table.notes] == [2, 5]
    table = read_table(HEADED, SheetMapping(header_rows=(1,), heading_rows="leave_out"))
    assert (table.notes, table.left_out) == ((), (2, 5))
    assert [i.number for i in table.items] == [3, 4, 6]


def test_an_item_that_has_only_a_title_is_no_heading() -> None:
    book = workbook(("No.", "Title"), ("Courts",), ("", "Publish"))
    mapping = SheetMapping(header_rows=(1,), heading_rows="theme", columns=columns(number="A", title="B"))
    assert numbers(book, mapping) == [3]


SUB_ROWS = workbook(("No.", "Title"), ("1", "Reform"), ("", "First part"), ("", "Second part"), ("2", "Appoint"))


@pytest.mark.parametrize(
    ("sub_rows", "items"), [("part", {2: [3, 4], 5: []}), ("recommendation", {2: [], 3: [], 4: [], 5: []})]
)
def test_rows_without_a_number(sub_rows: str, items: dict[int, list[int]]) -> None:
    mapping = SheetMapping(header_rows=(1,), sub_rows=sub_rows, columns=columns(number="A", title="B"))
    table = read_table(SUB_ROWS, mapping)
    assert {i.number: [row.number for row in i.parts] for i in table.items} == items


def test_rows_without_a_number_are_left_out_if_chosen() -> None:
    mapping = SheetMapping(header_rows=(1,), sub_rows="leave_out", columns=columns(number="A", title="B"))
    table = read_table(SUB_ROWS, mapping)
    assert ([i.number for i in table.items], table.left_out) == ([2, 5], (3, 4))


def test_rows_with_a_merged_number_are_one_item() -> None:
    book = workbook(
        ("No.", "Title", "Asked of"),
        ("1", "Reform", "Court"),
        ("1", "Reform", "Police"),
        ("2", "Appoint", "King"),
        merged=(MergedCells(2, 0, 3, 0),),
    )
    table = read_table(book, SheetMapping(header_rows=(1,), columns=columns(number="A", title="B")))
    assert [(i.number, i.cell(1), i.cell(2), i.also) for i in table.items] == [
        (2, "Reform", "Court\nPolice", (3,)),
        (4, "Appoint", "King", ()),
    ]


def test_rows_with_a_part_are_parts_of_the_item_above() -> None:
    book = workbook(("No.", "Title", "Part"), ("1", "Reform", "a"), ("1", "Reform", "b"), ("2", "Appoint", "c"))
    table = read_table(book, SheetMapping(header_rows=(1,), columns=columns(number="A", title="B", part="C")))
    assert {i.number: [row.number for row in i.parts] for i in table.items} == {2: [3], 4: []}


@pytest.mark.parametrize(
    ("number", "is_part"),
    [("1a", True), ("1 (b)", True), ("1.1", True), ("1-2", True), ("1.1.3", True), ("10", False), ("2", False)],
)
def test_rows_numbered_below_an_item_are_its_parts_if_so_chosen(number: str, is_part: bool) -> None:
    book = workbook(("No.", "Title"), ("1", "Reform"), (number, "Courts"))
    mapping = SheetMapping(header_rows=(1,), columns=columns(number="A", title="B"), sub_rows="part")
    (first, *others) = read_table(book, mapping).items
    assert ([row.number for row in first.parts], len(others)) == (([3], 0) if is_part else ([], 1))
    assert len(read_table(book, structs.replace(mapping, sub_rows="recommendation")).items) == 2


def test_corrections_replace_cells_and_leave_out_rows() -> None:
    book = workbook(("No.", "Title"), ("1", "Publish"), ("2", "Appoint"))
    corrections = RowCorrections(cells={"B2": "Publish all", "D2": "new"}, left_out=frozenset({3}))
    table = read_table(book, SheetMapping(header_rows=(1,)), corrections)
    assert [item.row for item in table.items] == [CellRow(2, ("1", "Publish all", "", "new"))]
    assert table.left_out == (3,)


def test_a_column_that_moved_is_found_by_its_heading() -> None:
    book = workbook(("New", "No.", "Title"), ("x", "1", "Publish"))
    mapping = SheetMapping(header_rows=(1,), columns=(MappedColumn(column="A", heading="No.", field="number"),))
    assert [c.column for c in read_table(book, mapping).columns] == ["B"]


def test_what_is_not_in_the_file_is_refused() -> None:
    book = workbook(("No.", "Title"), ("1", "Publish"))
    with pytest.raises(Refused, match="There is no sheet “Plan” in the file. It has: “Tracker”."):
        read_table(book, SheetMapping(sheet="Plan"))
    with pytest.raises(Refused, match="Row 7 is empty"):
        read_table(book, SheetMapping(header_rows=(7,)))
    gone = MappedColumn(column="C", heading="Status", field="status")
    with pytest.raises(Refused, match="There is no column “Status” in the file"):
        read_table(book, SheetMapping(header_rows=(1,), columns=(gone,)))
