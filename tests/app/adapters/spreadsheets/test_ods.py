"""OpenDocument spreadsheets: the displayed text is in the file, with the true value beside it."""

import io
import zipfile

from app.adapters.spreadsheets.cells import CellSheet, DisplayDifference, MergedCells
from app.adapters.spreadsheets.reading import read_file
from tests.app.adapters.spreadsheets.workbooks import rows_of

NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        *(("office", "office"), ("table", "table"), ("text", "text")),
        *(("style", "style"), ("number", "datastyle"), ("dc", "other")),
    )
)
STYLES = """
<number:date-style style:name="D1"><number:day/><number:month/></number:date-style>
<number:date-style style:name="D2"><number:month/><number:year/></number:date-style>
<style:style style:name="day" style:family="table-cell" style:data-style-name="D1"/>
<style:style style:name="month" style:family="table-cell" style:data-style-name="D2"/>
<style:style style:name="child" style:family="table-cell" style:parent-style-name="month"/>
<style:style style:name="secret" style:family="table"><style:table-properties table:display="false"/></style:style>
"""


def sheets_of(tables: str) -> tuple[CellSheet, ...]:
    content = (
        f"<office:document-content {NAMES}><office:automatic-styles>{STYLES}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    book = read_file("tracker.ods", buffer.getvalue())
    assert book.kind == "ods"
    return book.sheets


def sheet_of(rows: str, columns: str = "") -> CellSheet:
    return sheets_of(f'<table:table table:name="T">{columns}{rows}</table:table>')[0]


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def cell(text: str = "", attributes: str = "") -> str:
    return f"<table:table-cell {attributes}>{f'<text:p>{text}</text:p>' if text else ''}</table:table-cell>"


def value(kind: str, stored: str, text: str, attributes: str = "") -> str:
    name = "date-value" if kind == "date" else "value"
    return cell(text, f'office:value-type="{kind}" office:{name}="{stored}" {attributes}')


def test_rows_and_cells_that_are_repeated_have_their_numbers() -> None:
    sheet = sheet_of(
        row(cell("Title"), cell(attributes='table:number-columns-repeated="16383"'))
        + row(cell(attributes='table:number-columns-repeated="9"'), attributes='table:number-rows-repeated="3"')
        + row(cell(), cell("a", 'table:number-columns-repeated="2"'), attributes='table:number-rows-repeated="2"')
        + row(cell(), attributes='table:number-rows-repeated="1048000"')
    )
    assert rows_of(sheet) == [(1, ("Title",)), (5, ("", "a", "a")), (6, ("", "a", "a"))]


def test_cells_are_read_as_displayed_and_differences_are_named() -> None:
    sheet = sheet_of(
        row(
            value("float", "60.1", "60.10"),
            value("percentage", "0.5", "50%"),
            value("float", "1234.5", "1.234,5"),
            value("date", "2024-03-14", "14.3.", 'table:style-name="day"'),
            value("date", "2024-03-01", "März 24", 'table:style-name="child"'),
            value("date", "2024-03-14T00:00:00", "14.03.24"),
            value("date", "2024-03-14T15:30:00", "14.03.24 15:30"),
            value("float", "7", "###"),
            cell("WAHR", 'office:value-type="boolean" office:boolean-value="true"'),
        )
    )
    assert rows_of(sheet)[0][1] == (
        *("60.10", "50%", "1.234,5", "2024-03-14", "2024-03", "2024-03-14", "2024-03-14T15:30:00", "7", "WAHR"),
    )
    assert sheet.differences == (
        DisplayDifference("A1", "60.10", "60.1", "60.10"),
        DisplayDifference("B1", "50%", "0.5", "50%"),
        DisplayDifference("D1", "14.3.", "2024-03-14", "2024-03-14"),
        DisplayDifference("H1", "###", "7", "7"),
    )


def test_line_breaks_spaces_links_and_comments_in_cells() -> None:
    sheet = sheet_of(
        row(
            "<table:table-cell><office:annotation><dc:creator>Ana</dc:creator><text:p>ask</text:p></office:annotation>"
            '<text:p>one<text:s text:c="2"/>two</text:p><text:p>three<text:line-break/>four</text:p></table:table-cell>',
            '<table:table-cell><text:p>see <text:a xlink:href="https://example.org/" '
            'xmlns:xlink="http://www.w3.org/1999/xlink">this</text:a></text:p></table:table-cell>',
        )
    )
    assert rows_of(sheet) == [(1, ("one  two\nthree\nfour", "see this"))]
    assert (sheet.comments, sheet.links) == (1, {"B1": "https://example.org/"})


def test_formulas_results_and_errors() -> None:
    sheet = sheet_of(
        row(
            cell("3", 'table:formula="of:=[.A2]+1" office:value-type="float" office:value="3"'),
            cell("#REF!", 'table:formula="of:=[.A2]" office:value-type="string"'),
            cell("", 'table:formula="of:=[.A2]"'),
            cell("", 'table:formula="of:=&quot;r&quot;&amp;&quot;1&quot;"'),
            cell("Gazette", 'table:formula="of:=HYPERLINK(&quot;https://example.org/&quot;;&quot;Gazette&quot;)"'),
        )
    )
    assert rows_of(sheet) == [(1, ("3", "", "", "r1", "Gazette"))]
    assert (sheet.formulas, sheet.links) == (5, {"E1": "https://example.org/"})
    assert sheet.problems == (
        "C1: formulas without a result (1). Open the file in your spreadsheet program and save it again.",
        "B1: the error #REF! (1). Read as empty. Correct the formula, or type the value.",
    )


def test_hidden_sheets_rows_and_columns_and_merged_cells() -> None:
    shown, hidden = sheets_of(
        '<table:table table:name="T"><table:table-column/><table:table-column table:visibility="collapse"/>'
        + row(cell("Courts", 'table:number-rows-spanned="2" table:number-columns-spanned="1"'), cell("a"))
        + row("<table:covered-table-cell/>", cell("b"), attributes='table:visibility="filter"')
        + '</table:table><table:table table:name="Internal" table:style-name="secret">'
        + row(cell("x"))
        + "</table:table>"
    )
    assert rows_of(shown) == [(1, ("Courts", "a")), (2, ("Courts", "b"))]
    assert shown.merged == (MergedCells(1, 0, 2, 0),)
    assert (shown.hidden_rows, shown.hidden_columns, shown.is_hidden) == ((2,), (1,), False)
    assert (hidden.name, hidden.is_hidden) == ("Internal", True)
