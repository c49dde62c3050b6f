"""Excel workbooks: cells as they are displayed, and what else a person should know about them."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter
from openpyxl import Workbook as OpenpyxlWorkbook
from openpyxl.chart import BarChart
from openpyxl.comments import Comment

from app.adapters.spreadsheets.cells import DisplayDifference, MergedCells
from app.adapters.spreadsheets.reading import read_file
from tests.app.adapters.spreadsheets.workbooks import first_sheet, rows_of, save, workbook


def test_rows_have_the_numbers_that_the_person_sees() -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["Our 2023 report: who did what"])
        sheet.merge_cells("A1:H1")
        sheet.append([])
        sheet.append([None, "No.", "Recommendation", None, None])
        sheet.append([None, 1, "Publish\nthe list"])
        sheet.append([" ", " "])
        sheet["B9"] = 2

    sheet = first_sheet(workbook(fill))
    assert rows_of(sheet) == [
        (1, ("Our 2023 report: who did what",)),
        (3, ("", "No.", "Recommendation")),
        (4, ("", "1", "Publish\nthe list")),
        (9, ("", "2")),
    ]
    assert (sheet.width, sheet.merged) == (3, (MergedCells(1, 0, 1, 7),))


def test_cells_are_read_as_displayed_and_differences_are_named() -> None:
    def fill(sheet: Any) -> None:
        sheet.append([60.1, 0.5, date(2024, 3, 14), date(2024, 3, 1), True, 1.5, datetime(2024, 3, 14, 15, 30)])
        for cell, code in (("A1", "0.00"), ("B1", "0%"), ("C1", "d-mmm"), ("D1", "mmm yyyy")):
            sheet[cell].number_format = code

    sheet = first_sheet(workbook(fill))
    assert rows_of(sheet) == [
        (1, ("60.10", "50%", "2024-03-14", "2024-03", "TRUE", "1.5", "2024-03-14T15:30:00")),
    ]
    assert sheet.differences == (
        DisplayDifference("A1", "60.10", "60.1", "60.10"),
        DisplayDifference("B1", "50%", "0.5", "50%"),
        DisplayDifference("C1", "14-Mar", "2024-03-14", "2024-03-14"),
    )


def test_a_column_full_of_differences_does_not_hide_those_of_others() -> None:
    def fill(sheet: Any) -> None:
        for _ in range(300):
            sheet.append([0.25])
            sheet.cell(sheet.max_row, 1).number_format = "0%"
        sheet["B300"] = 0.5
        sheet["B300"].number_format = "0"

    cells = [d.cell for d in first_sheet(workbook(fill)).differences]
    assert len(cells) == 11
    assert cells[-1] == "B300"


def test_a_date_in_a_column_too_narrow_is_read_and_named_once() -> None:
    def fill(sheet: Any) -> None:
        sheet.column_dimensions["A"].width = 5
        sheet.append([date(2024, 3, 14)])
        sheet.append([date(2024, 3, 15)])

    sheet = first_sheet(workbook(fill))
    assert rows_of(sheet) == [(1, ("2024-03-14",)), (2, ("2024-03-15",))]
    assert sheet.differences == (DisplayDifference("A1", "####", "2024-03-14", "2024-03-14"),)


def test_formulas_that_need_no_other_cell_are_read() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"] = '="r"&"1"'
        sheet["B1"] = '=HYPERLINK("https://example.org/gazette","Gazette")'
        sheet["C1"] = '=CONCATENATE("a ""b""", 2)'
        sheet["D1"] = '=HYPERLINK("https://example.org/alone")'

    sheet = first_sheet(workbook(fill))
    assert rows_of(sheet) == [(1, ("r1", "Gazette", 'a "b"2', "https://example.org/alone"))]
    assert sheet.links == {"B1": "https://example.org/gazette", "D1": "https://example.org/alone"}
    assert (sheet.formulas, sheet.problems) == (4, ())


def test_formulas_without_a_result_and_errors_are_named_by_cell() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    sheet.write_formula("A1", "=B1+1")  # the library writes 0 as a place-holder
    sheet.write_formula("A2", "=B1+1", None, 42)
    sheet.write_formula("A3", "=NOTHING()", None, "#NAME?")
    sheet.write_string("A4", "@StateDept announced it")
    sheet.write_string("A5", "-청문회를 연다.")
    book.close()
    read = first_sheet(buffer.getvalue())
    assert rows_of(read) == [(2, ("42",)), (4, ("@StateDept announced it",)), (5, ("-청문회를 연다.",))]
    assert read.problems == (
        "A1: formulas without a result (1). Open the file in your spreadsheet program and save it again.",
        "A3: the error #NAME? (1). Read as empty. Correct the formula, or type the value.",
    )


def test_a_result_that_the_file_holds_is_read() -> None:
    content = workbook(lambda sheet: sheet.append(["=B1&C1", "=B1=1", "=1/3"]))
    stored = {"<v></v>": "", "<v />": "", "<v/>": ""}
    xml = _part(content, "xl/worksheets/sheet1.xml")
    for empty in stored:
        xml = xml.replace(empty, "<v></v>")
    first, second, third, rest = xml.split("<v></v>")
    xml = f"{first}<v>x_x000D_\ny</v>{second}<v>1</v>{third}<v>0.333333333333</v>{rest}"
    xml = xml.replace('r="A1"', 'r="A1" t="str"').replace('r="B1"', 'r="B1" t="b"')
    sheet = first_sheet(_with_part(content, "xl/worksheets/sheet1.xml", xml))
    assert rows_of(sheet) == [(1, ("x\ny", "TRUE", "0.333333333"))]


def test_many_problems_of_one_cause_are_one_sentence() -> None:
    def fill(sheet: Any) -> None:
        for number in range(1, 1001):
            sheet[f"B{number}"] = "=A1+1"
            sheet[f"C{number}"] = "x"

    assert first_sheet(workbook(fill)).problems == (
        "B1, B2, B3, B4, B5, …: formulas without a result (1000). "
        "Open the file in your spreadsheet program and save it again.",
    )


def test_hidden_sheets_are_read_and_said_to_be_hidden_and_charts_are_left_out() -> None:
    book = OpenpyxlWorkbook()
    book.active.append(["x"])
    for name, state in (("Internal", "hidden"), ("Deep", "veryHidden"), ("Empty", "visible")):
        book.create_sheet(name).sheet_state = state
    book.create_chartsheet("Chart").add_chart(BarChart())
    sheets = read_file("sheet.xlsx", save(book)).sheets
    assert [(s.name, s.is_hidden) for s in sheets] == [
        ("Sheet", False),
        ("Internal", True),
        ("Deep", True),
        ("Empty", False),
    ]


def test_merged_rows_have_their_text_in_each_row() -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["Courts", 1, "a"])
        sheet.append([None, 2, "b"])
        sheet.append([None, None, None])
        sheet.append([None, 3, "c"])
        sheet.append([None, 4])
        sheet.merge_cells("A1:A4")
        sheet["D4"] = "wide"
        sheet.merge_cells("D4:F4")

    sheet = first_sheet(workbook(fill))
    assert rows_of(sheet) == [
        (1, ("Courts", "1", "a")),
        (2, ("Courts", "2", "b")),
        (4, ("Courts", "3", "c", "wide")),
        (5, ("", "4")),
    ]


def test_comments_links_and_what_is_hidden_are_counted() -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["a", "Gazette", "c"])
        sheet.append(["d"])
        sheet["A1"].comment = Comment("Ask Ana", "Ben")
        sheet["B1"].hyperlink = "https://example.org/gazette"
        sheet["B2"].hyperlink = "https://example.org/empty"
        sheet["B2"] = None
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["C"].hidden = True

    sheet = first_sheet(workbook(fill))
    assert sheet.comments == 1
    assert sheet.links == {"B1": "https://example.org/gazette"}
    assert (sheet.hidden_rows, sheet.hidden_columns) == ((2,), (2,))


def test_text_that_tells_how_to_pronounce_is_left_out() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet().write_string("A1", "東京")
    content = buffer.getvalue()
    xml = _part(content, "xl/sharedStrings.xml").replace(
        "<t>東京</t>", '<r><t>東</t></r><r><t>京</t></r><rPh sb="0" eb="2"><t>トウキョウ</t></rPh>'
    )
    assert rows_of(first_sheet(_with_part(content, "xl/sharedStrings.xml", xml))) == [(1, ("東京",))]


def test_prefixes_in_the_xml_change_nothing() -> None:
    xml = (
        '<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData><x:row r="2">'
        '<x:c r="B2" t="inlineStr"><x:is><x:t>in</x:t></x:is></x:c><x:c><x:v>7</x:v></x:c>'
        '<x:c r="D2" t="d"><x:v>2024-03-14T00:00:00</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    content = _with_part(workbook(lambda sheet: None), "xl/worksheets/sheet1.xml", xml)
    assert rows_of(first_sheet(content)) == [(2, ("", "in", "7", "2024-03-14"))]


@pytest.mark.parametrize("name", ["tracker.xlsx", "tracker.csv", "tracker", "tracker.xls"])
def test_a_workbook_is_known_by_its_content(name: str) -> None:
    book = read_file(name, workbook(lambda sheet: sheet.append(["x"])))
    assert (book.name, book.kind, book.encodings) == (name, "xlsx", ())


def _part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def _with_part(content: bytes, name: str, text: str) -> bytes:
    """The workbook with another text in one part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, text if member == name else old.read(member))
    return buffer.getvalue()
