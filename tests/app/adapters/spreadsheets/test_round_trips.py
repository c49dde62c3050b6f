"""Any table of texts, written in any dialect, is read back to the same cells."""

import io
from collections.abc import Iterator

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook as OpenpyxlWorkbook

from app.adapters.spreadsheets.cells import CellSheet
from app.adapters.spreadsheets.delimited import SEPARATORS
from app.adapters.spreadsheets.reading import read_file, read_pasted
from tests.app.adapters.spreadsheets.workbooks import save

Table = list[list[str]]
ENCODINGS = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"),
    *("cp1252", "cp1250", "cp1251", "cp1254", "cp949", "cp932", "big5"),
)
LETTERS = "aZ7 .,;\t|\"'=@-\n\r€éèščřžĄдЖğşİ청문회勧告の建議议“”—"
CONTROL = {c for c in map(chr, range(32)) if c not in "\t\n\r"} | {"\x7f", "\ufeff", "\ufffe", "\uffff"}
TEXTS = st.one_of(
    st.text(LETTERS, max_size=12),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="".join(CONTROL)), max_size=8),
)
TABLES = st.lists(st.lists(TEXTS, min_size=1, max_size=6), min_size=1, max_size=8)


def expected(table: Table) -> list[tuple[int, tuple[str, ...]]]:
    """The cells with a text, with line breaks as `\\n`, by number of row."""
    rows = []
    for number, row in enumerate(table, 1):
        cells = ["" if c.isspace() else c.replace("\r\n", "\n").replace("\r", "\n") for c in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            rows.append((number, tuple(cells)))
    return rows


def cells_of(sheet: CellSheet) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in sheet.rows]


def encodable(table: Table, encoding: str) -> Table:
    """The table with only those characters that the encoding has and that it reads back."""
    return [["".join(_kept(text, encoding)) for text in row] for row in table]


def _kept(text: str, encoding: str) -> Iterator[str]:
    codec = "utf-8" if encoding.startswith("utf") else encoding
    for letter in text:
        if letter.encode(codec, "ignore").decode(codec) == letter:
            yield letter


def _quoted(cell: str, separator: str, *, always: bool) -> str:
    needs_quotes = always or {separator, '"', "\r", "\n"} & set(cell)
    return '"' + cell.replace('"', '""') + '"' if needs_quotes else cell


@given(
    TABLES,
    st.sampled_from(ENCODINGS),
    st.sampled_from(SEPARATORS),
    st.sampled_from(["\r\n", "\n", "\r"]),
    st.booleans(),
    st.booleans(),
)
@settings(max_examples=400)
def test_a_text_file_is_read_back(
    table: Table, encoding: str, separator: str, line_end: str, quotes_all: bool, states_separator: bool
) -> None:
    table = encodable(table, encoding)
    lines = [separator.join(_quoted(cell, separator, always=quotes_all) for cell in row) for row in table]
    if states_separator:
        lines.insert(0, f"sep={separator}")
    content = line_end.join([*lines, ""]).encode(encoding)
    if not expected(table) or (not states_separator and table[0][0].lower().startswith("sep=")):
        return
    chosen = "" if states_separator else separator
    book = read_file("t.csv", content, encoding=encoding, separator=chosen)
    assert cells_of(book.sheets[0]) == expected(table)
    assert book.separator == separator


@given(TABLES)
@settings(max_examples=150)
def test_a_workbook_of_openpyxl_is_read_back(table: Table) -> None:
    book = OpenpyxlWorkbook()
    for y, row in enumerate(table, 1):
        for x, text in enumerate(row, 1):
            cell = book.active.cell(y, x)
            cell.value, cell.data_type = text, "s"
    if expected(table):
        assert cells_of(read_file("t.xlsx", save(book)).sheets[0]) == expected(table)


@given(TABLES, st.booleans())
@settings(max_examples=150)
def test_a_workbook_of_xlsxwriter_is_read_back(table: Table, is_inline: bool) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": is_inline}) as book:
        sheet = book.add_worksheet()
        for y, row in enumerate(table):
            for x, text in enumerate(row):
                if text:
                    sheet.write_string(y, x, text)
    if expected(table):
        assert cells_of(read_file("t.xlsx", buffer.getvalue()).sheets[0]) == expected(table)


@given(TABLES, st.sampled_from(["\r\n", "\n"]))
@settings(max_examples=200)
def test_pasted_cells_are_read_back(table: Table, line_end: str) -> None:
    """As Excel and LibreOffice copy: only cells with a tab or a line break are quoted.

    Other cells that begin with a quote are left out: two of them may look like one that is quoted.
    """
    table = [[c if {"\t", "\n", "\r"} & set(c) else c.lstrip('"') for c in row] for row in table]
    lines = (
        "\t".join(_quoted(c, "\t", always=True) if {"\t", "\n", "\r"} & set(c) else c for c in row) for row in table
    )
    if expected(table):
        sheet = read_pasted(line_end.join(lines) + line_end).sheets[0]
        assert cells_of(sheet) == expected(table)
