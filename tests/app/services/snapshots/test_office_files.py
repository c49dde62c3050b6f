"""The office files of a package, as office programs read them."""

import io
import zipfile

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from app.services.container import Services
from app.services.snapshots.freeze import FrozenReview, freeze_review
from domain import commands as c
from tests.support.reviews import package_file
from tests.support.story import assessment

FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def book(small: Services) -> openpyxl.Workbook:
    """The workbook of a review with a statement that begins as a formula does."""
    found = assessment(
        status="announced",
        effective_on="2024-01-15",
        reason="new_evidence",
        evidence=("search",),
        rationale=FORMULA,
    )
    proposed = small.execute(c.ProposeAssessment("small", recommendation="law", assessment=found), by="ana")
    small.execute(c.PublishAssessment("small", recommendation="law", assessment=proposed), by="ben")
    small.clock.go_on(days=1)  # type: ignore[attr-defined]
    frozen = freeze_review(small, "small", "ten", by="ana")
    return openpyxl.load_workbook(io.BytesIO(package_file(frozen, "scorecard.xlsx")))


def rows_in_words(sheet: Worksheet) -> list[dict[str, object]]:
    head = int(sheet.print_title_rows.strip("$").split(":")[0].strip("$"))
    cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=head)]
    return [dict(zip(map(str, cells[0]), row, strict=True)) for row in cells[1:]]


def test_the_scorecard_is_printed_in_words(book: openpyxl.Workbook) -> None:
    assert book.sheetnames[:4] == ["about", "Printable scorecard", "인쇄용 평가표", "scorecard"]
    sheet = book["Printable scorecard"]
    by_title = {row["Recommendation"]: row for row in rows_in_words(sheet)}
    assert by_title["Renew the law"]["Why this status"] == FORMULA
    assert all(cell.data_type in ("s", "n", "d") for s in book for row in s.iter_rows() for cell in row), "no formulas"
    assert (by_title["Renew the law"]["Status"], by_title["Renew the law"]["Theme"]) == ("Announced", "Laws")
    assert {row["상태"] for row in rows_in_words(book["인쇄용 평가표"])} >= {"약속·발표"}
    codes = {row[0].value: row for row in book["scorecard"].iter_rows(min_row=2)}
    heads = [cell.value for cell in book["scorecard"][1]]
    assert codes["law"][heads.index("status")].value == "announced", "programs find the codes where they were"
    ids = [row["Id"] for row in rows_in_words(sheet)]
    assert ids == list(codes)


def test_its_pages_are_set_up(book: openpyxl.Workbook) -> None:
    for name, times in (
        ("Printable scorecard", "As of 17 February 2024, as known on"),
        ("인쇄용 평가표", "2024년 2월 17일"),
    ):
        sheet = book[name]
        last_printed = sheet.print_area.split("$")[3]
        assert sheet[f"{last_printed}{sheet.max_row}"].column == sheet.max_column - 1, "ids are beside the page"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
        assert times in sheet.oddHeader.left.text
        assert {"&P", "&N"} <= set(sheet.oddFooter.right.text.replace("쪽", " ").split())
        assert sheet.freeze_panes and sheet.auto_filter.ref
        assert all(sheet.row_dimensions[n].height for n in range(1, sheet.max_row + 1) if sheet.cell(n, 1).value)
    assert book["about"].page_setup.orientation == "portrait"
    assert all(sheet.print_title_rows for sheet in book.worksheets[1:])


def test_office_files_are_compressed(frozen: FrozenReview) -> None:
    for name in ("report.docx", "scorecard.xlsx"):
        with zipfile.ZipFile(io.BytesIO(package_file(frozen, name))) as archive:
            assert archive.testzip() is None
            packed = [info for info in archive.infolist() if not info.filename.endswith(".png")]
            assert sum(info.compress_size for info in packed) * 2 < sum(info.file_size for info in packed)
