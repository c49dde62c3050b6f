"""Files that have no cells to read, or too many, are refused with the cure, before memory is used."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.spreadsheets import limits
from app.adapters.spreadsheets.reading import read_file
from domain.errors import Refused
from tests.app.adapters.spreadsheets.workbooks import workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SAVE_AS_XLSX = "Open it in your spreadsheet program and save it as .xlsx."
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODT = "application/vnd.oasis.opendocument.text"


def zipped(members: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def workbook_of(sheet: str | bytes, texts: str = "", more: dict[str, str | bytes] | None = None) -> bytes:
    """A workbook with this XML in its only sheet."""
    types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": f'<Relationships xmlns="{rels}"><Relationship Id="r1" Type="{types}/officeDocument" '
            f'Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{types}"><sheets><sheet name="S" sheetId="1" r:id="r1"/>'
            "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{rels}"><Relationship Id="r1" Type="{types}/worksheet" '
            f'Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{types}/sharedStrings" '
            'Target="sharedStrings.xml"/></Relationships>',
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
            "xl/worksheets/sheet1.xml": sheet,
            **(more or {}),
        }
    )


def sheet_of(rows: str, before: str = "") -> str:
    return f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def refusal_of(content: bytes, name: str = "tracker.xlsx") -> str:
    with pytest.raises(Refused) as caught:
        read_file(name, content)
    (sentence,) = caught.value.refusals
    return sentence


def test_the_workbook_of_these_tests_is_read() -> None:
    assert read_file("a.xlsx", workbook_of(sheet_of('<row r="1"><c r="A1"><v>1</v></c></row>'))).sheets[0].rows


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty. Choose another file."),
        (b"\xef\xbb\xbf\r\n\r\n", "is empty. Choose another file."),
        (b",,,\r\n,,,\r\n", "has no cells with text. Choose another file."),
        (b'" "," "\n', "has no cells with text. Choose another file."),
        (
            OLE + "EncryptedPackage".encode("utf-16-le"),
            "has a password. Open it in your spreadsheet program, remove the ",
        ),
        (OLE + "Workbook".encode("utf-16-le"), f"is in the old format .xls. {SAVE_AS_XLSX}"),
        (
            OLE + "WordDocument".encode("utf-16-le"),
            "is a text document. Copy its table into a spreadsheet and save that.",
        ),
        (b"%PDF-1.7\n", "is a PDF. Choose the spreadsheet from which it was made."),
        (b"\x89PNG\r\n\x1a\n", "is a picture. Choose the spreadsheet itself."),
        (b"\xff\xd8\xff\xe0", "is a picture. Choose the spreadsheet itself."),
        (b"\x1f\x8b\x08\x00", "is a compressed file. Unpack it, and choose the spreadsheet in it."),
        (b"<!DOCTYPE html><table>", "is a web page or an XML file, even if its name says otherwise. "),
        (b"\n<?xml version='1.0'?><Workbook/>", "is a web page or an XML file, even if its name says otherwise. "),
        (zipped({"register.json": "{}", "themes.csv": ""}), "is a zip with several files. Unpack it, and choose the "),
        (zipped({"[Content_Types].xml": "", "word/document.xml": ""}), "is no spreadsheet. Copy its table into a "),
        (zipped({"[Content_Types].xml": "", "xl/workbook.bin": ""}), f"is in the binary format .xlsb. {SAVE_AS_XLSX}"),
        (zipped({"Index/Tables.iwa": ""}), "is a Numbers file. Export it from Numbers as Excel (.xlsx)."),
        (
            zipped({"mimetype": ODT, "content.xml": ""}),
            "is no spreadsheet. Copy its table into a spreadsheet and save ",
        ),
        (
            zipped({"mimetype": ODS, "content.xml": "", "META-INF/manifest.xml": "<encryption-data/>"}),
            "has a password. ",
        ),
        (
            zipped({"mimetype": ODS, "content.xml": "<a"}),
            "is damaged or incomplete. Open it in your spreadsheet program ",
        ),
        (zipped({"mimetype": ODS}), "is damaged or incomplete. Open it in your spreadsheet program and save it again "),
        (
            zipped({"[Content_Types].xml": ""}),
            "is damaged or incomplete. Open it in your spreadsheet program and save it ",
        ),
        (workbook(lambda sheet: None), "has no cells with text. Choose another file."),
        (
            workbook(lambda sheet: sheet.append([1]))[:-60],
            "is damaged or incomplete. Open it in your spreadsheet program ",
        ),
        (
            b"a,b\n1,x\x00y\n",
            "has invisible NUL characters in lines 2. It is damaged or no text. Save it again as .xlsx.",
        ),
        (
            b"x" * (32 * 2**20 + 1),
            "is larger than 32 MB. Save only the sheet that you need, without pictures, or as CSV.",
        ),
    ],
)
def test_what_is_no_sheet_is_refused_with_the_cure(content: bytes, sentence: str) -> None:
    assert refusal_of(content).startswith(f"“tracker.xlsx” {sentence}")


@pytest.mark.parametrize(
    "content",
    [
        workbook_of(sheet_of('<row r="1"><c r="A1"><v>1</v></c></row>') + " " * 60_000_000),
        workbook_of(sheet_of("<row>" + "<c><v>1</v></c>" * 4_000_000 + "</row>")),
        zipped({"[Content_Types].xml": "", **{f"xl/media/{n}.png": "" for n in range(10_001)}}),
    ],
    ids=["spaces", "cells", "entries"],
)
def test_a_zip_bomb_is_refused(content: bytes) -> None:
    assert refusal_of(content).startswith("“tracker.xlsx” unpacks to far more than a spreadsheet has. ")


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"])
def test_an_entity_bomb_is_refused(part: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    sheet = sheet_of('<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>', bomb)
    assert "is damaged or incomplete" in refusal_of(workbook_of(sheet, more={part: sheet}))


def test_one_text_in_many_cells_is_refused_before_it_fills_the_memory() -> None:
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 700))
    content = workbook_of(sheet_of(cells), f"<si><t>{'x y' * 150_000}</t></si>")
    assert refusal_of(content).startswith("“tracker.xlsx” has too much text to be read at once. ")


def test_a_cell_longer_than_any_text_is_refused() -> None:
    assert refusal_of(b"a," + b"x" * 1_000_001, "list.csv").startswith("Cell B1 of “list.csv” has more than 1,000,000 ")


def test_too_many_columns_are_refused() -> None:
    wide = refusal_of(b"a," + b"x," * 1_000_000, "list.csv")
    assert wide.startswith("Row 1 of “list.csv” has 1,000,001 columns. At most 1,000 are read. ")
    far = refusal_of(workbook_of(sheet_of('<row r="3"><c r="BDWGN3"><v>1</v></c></row>')))
    assert far.startswith("Row 3 of “tracker.xlsx” has 1,002 columns. At most 1,000 are read. ")


def test_empty_cells_far_to_the_right_or_below_are_no_columns() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row><row r="1048576" hidden="1"/>'
    assert read_file("a.xlsx", workbook_of(sheet_of(rows))).sheets[0].width == 1


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ROWS", 20)
    assert refusal_of(b"a\n" * 21, "list.csv").startswith(
        "“list.csv” has more than 20 rows. Split it into several files"
    )


@pytest.mark.parametrize(
    "formula", ["(" * 200_000, '"a"&' * 20_000 + '"a"', 'HYPERLINK("' + "x" * 100_000, "1" * 100_000]
)
def test_a_formula_bomb_is_only_a_formula_without_a_result(formula: str) -> None:
    escaped = formula.replace("&", "&amp;").replace('"', "&quot;")
    rows = f'<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>{escaped}</f></c></row>'
    sheet = read_file("a.xlsx", workbook_of(sheet_of(rows))).sheets[0]
    assert sheet.rows[0].cells == ("1",)
    assert sheet.problems[0].startswith("B1: formulas without a result (1).")


def test_merged_cells_without_end_are_refused_not_filled() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 2001))
    merged = '<mergeCell ref="A1:XFD1048576"/>' * 60_000
    sheet = sheet_of(rows).replace("</worksheet>", f"<mergeCells>{merged}</mergeCells></worksheet>")
    assert refusal_of(workbook_of(sheet)).startswith("Sheet “S” of “tracker.xlsx” has too many merged or ")


@given(st.integers(0, 6000), st.binary(min_size=1, max_size=40))
@settings(max_examples=150)
def test_no_damage_raises_anything_but_a_refusal(at: int, noise: bytes) -> None:
    content = workbook(lambda sheet: sheet.append([1, "x", '="r"&"1"']))
    at %= len(content)
    try:
        read_file("tracker.xlsx", content[:at] + noise + content[at + len(noise) :])
    except Refused as refused:
        assert len(refused.refusals) == 1


@given(st.binary(max_size=300))
@settings(max_examples=300)
def test_no_bytes_raise_anything_but_a_refusal(content: bytes) -> None:
    try:
        read_file("list.csv", content)
    except Refused as refused:
        assert len(refused.refusals) == 1
