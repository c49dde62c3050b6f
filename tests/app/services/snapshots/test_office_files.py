"""The document and the workbook of a package, as office programs read them."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from msgspec.structs import replace
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image

from app.services.container import Services
from app.services.snapshots.charts import draw_charts
from app.services.snapshots.document import build_document
from app.services.snapshots.freeze import FrozenReview, freeze_review
from app.services.snapshots.package_data import load_report_data
from app.services.snapshots.recomputation import open_package
from app.services.snapshots.report_builder import build_report
from app.services.snapshots.verify import verify
from domain import commands as c
from tests.support.bundles import change, write_small_bundle
from tests.support.reviews import package_file
from tests.support.small_register import import_and_open
from tests.support.story import assessment

FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def documents(frozen: FrozenReview) -> dict[str, WordDocument]:
    """The documents by language."""
    names = {"en": "report.docx", "ko": "report.ko.docx"}
    return {language: Document(io.BytesIO(package_file(frozen, name))) for language, name in names.items()}


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


def attributes(root: BaseOxmlElement, tag: str, name: str) -> list[str]:
    return [element.get(qn(name), "") for element in root.iter(qn(tag))]


def styled(document: WordDocument, *names: str) -> list[str]:
    return [p.text for p in document.paragraphs if p.style and p.style.name in names]


def numbered(document: WordDocument) -> Iterator[str]:
    """The headings with the numbers that an office program gives them: `1`, `1.1`."""
    chapter = part = 0
    for paragraph in document.paragraphs:
        if paragraph.style and paragraph.style.name == "Heading 1":
            chapter, part = chapter + 1, 0
            yield f"{chapter}\t{paragraph.text}"
        elif paragraph.style and paragraph.style.name == "Heading 2":
            part += 1
            yield f"{chapter}.{part}\t{paragraph.text}"


def test_the_document_is_one_to_work_on(documents: dict[str, WordDocument]) -> None:
    document = documents["en"]
    styles = {p.style.name for p in document.paragraphs if p.style}
    assert {"Title", "Heading 1", "Heading 2", "Heading 3", "Heading 4", "List Bullet", "Caption"} <= styles
    properties = document.core_properties
    assert properties.title == "A small register. Ten years on"
    assert properties.author == "The keepers of the small register"
    assert properties.identifier == "https://127.0.0.1/small/reviews/ten/2024-02-17/"
    for table in document.tables:
        rows = table._tbl.tr_lst
        assert rows[0].trPr is not None and rows[0].trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr is not None and row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
        assert attributes(table._tbl, "w:tblCaption", "w:val")[0]


def test_many_authors_and_long_titles_stop_no_document(services: Services, tmp_path: Path) -> None:
    """A property of the file has at most 255 letters; the document has all of them."""
    write_small_bundle(tmp_path / "small")
    authors = json.dumps([{"name": f"Author Number {n}"} for n in range(100)])
    change(tmp_path / "small", "register.json", '"A small register"', f'"{"Long " * 60}", "authors": {authors}')
    frozen = freeze_review(import_and_open(services, tmp_path / "small"), "small", "ten", by="ana")
    document = Document(io.BytesIO(package_file(frozen, "report.docx")))
    properties = document.core_properties
    assert properties.author.startswith("Author Number 0; Author Number 1; ")
    assert all(len(text) == 255 and text.endswith("…") for text in (properties.author, properties.title))
    assert "Author Number 99" in [p.text for p in document.paragraphs]


def test_its_contents_are_there_before_a_program_makes_them(documents: dict[str, WordDocument]) -> None:
    for document in documents.values():
        entries = [
            p for p in document.element.body.iter(qn("w:p")) if p.pPr is not None and "TOC" in (p.pPr.style or "")
        ]
        lines = [
            "".join(t.text or "\t" for t in p.iter(qn("w:t"), qn("w:tab")) if t.getparent().tag == qn("w:r"))
            for p in entries
        ]
        assert lines[1:] == list(numbered(document))
        numbers = document.part.numbering_part.element
        assert attributes(numbers, "w:lvlText", "w:val")[:2] == ["%1", "%1.%2"]
        assert attributes(numbers, "w:pStyle", "w:val")[:2] == ["Heading1", "Heading2"]
        fields = [i.text for i in document.element.body.iter(qn("w:instrText"))]
        assert fields[0] == 'TOC \\o "1-2" \\h \\z \\u'
        assert not any("PAGEREF" in field for field in fields), "nothing knows the number of a page"


def test_its_links_and_references_lead_somewhere(documents: dict[str, WordDocument]) -> None:
    for document in documents.values():
        body = document.element.body
        marks = attributes(body, "w:bookmarkStart", "w:name")
        assert len(set(marks)) == len(marks)
        assert len(set(attributes(body, "w:bookmarkStart", "w:id"))) == len(marks)
        anchors = set(filter(None, attributes(body, "w:hyperlink", "w:anchor")))
        assert len([a for a in anchors if a.startswith("_Toc")]) == len(list(numbered(document)))
        anchors |= {i.text.split()[1] for i in body.iter(qn("w:instrText")) if i.text.startswith("REF ")}
        assert {a for a in anchors if "_figure_" in a} and {a for a in anchors if "_table_" in a}
        assert anchors <= set(marks)


def test_its_charts_are_numbered_pictures_with_words(documents: dict[str, WordDocument]) -> None:
    for language, document in documents.items():
        figure, table = {"en": ("Figure", "Table"), "ko": ("그림", "표")}[language]
        captions = styled(document, "Caption")
        assert [line.split(".")[0] for line in captions if line.startswith(figure)] == [
            f"{figure} {n}" for n in (1, 2, 3)
        ]
        assert any(line.startswith(f"{table} 1. ") for line in captions)
        fields = [i.text for i in document.element.body.iter(qn("w:instrText"))]
        assert fields.count(f"SEQ {figure} \\* ARABIC") == len(document.inline_shapes) == 3
        for shape in document.inline_shapes:
            about = shape._inline.docPr.get("descr")
            assert {"en": "Partly implemented: 1", "ko": "일부 이행: 1"}[language] in about
        pictures = [part for part in document.part.package.iter_parts() if part.partname.ext == "png"]
        for part in pictures:
            with Image.open(io.BytesIO(part.blob)) as picture:
                assert picture.width == 1920
                assert len(picture.convert("RGB").getcolors(2**24) or ()) > 3


def test_each_page_says_what_it_is_of(documents: dict[str, WordDocument]) -> None:
    for language, document in documents.items():
        section = document.sections[0]
        assert section.header.paragraphs[0].text == f"{styled(document, 'Subtitle')[0]}. {styled(document, 'Title')[0]}"
        for footer in (section.footer, section.first_page_footer):
            assert "https://127.0.0.1/small/reviews/ten/2024-02-17/" in footer.paragraphs[0].text
            assert [i.text for i in footer._element.iter(qn("w:instrText"))] == {
                "en": ["PAGE", "NUMPAGES"],
                "ko": ["NUMPAGES", "PAGE"],
            }[language]


def test_it_names_its_languages_and_a_korean_font(documents: dict[str, WordDocument]) -> None:
    for language, document in documents.items():
        styles = document.styles.element
        assert attributes(styles, "w:lang", "w:eastAsia") == ["ko-KR"]
        assert attributes(styles, "w:lang", "w:val") == ["en-GB"]
        assert attributes(styles, "w:rFonts", "w:eastAsia") == ["Malgun Gothic"]
        assert document.core_properties.language == {"en": "en-GB", "ko": "ko-KR"}[language]
        titles = [p for p in document.paragraphs if p.text.startswith("[")]
        assert titles
        assert all(attributes(p._p, "w:lang", "w:val") for p in titles), "titles have the language of the source"


def rows_in_words(sheet: Worksheet) -> list[dict[str, object]]:
    head = int(sheet.print_title_rows.strip("$").split(":")[0].strip("$"))
    cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=head)]
    return [dict(zip(map(str, cells[0]), row, strict=True)) for row in cells[1:]]


def test_the_scorecard_is_printed_in_words(book: openpyxl.Workbook) -> None:
    assert book.sheetnames[:4] == ["about", "Printable scorecard", "인쇄용 평가표", "scorecard"]
    sheet = book["Printable scorecard"]
    by_title = {row["Recommendation"]: row for row in rows_in_words(sheet)}
    assert by_title["Renew the law"]["Why this status"] == FORMULA
    days = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, date)]
    assert days and all(cell.alignment.horizontal == "left" for cell in days), "apart from the column after it"
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


def test_its_first_page_names_the_publisher(package: Path) -> None:
    logo = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(logo, "png")
    with open_package(verify(package)) as source:
        data = load_report_data(source)
        report = replace(
            build_report(data, "en"),
            authors=[("Ana Lee", "https://orcid.org/0000-0002-1825-0097"), ("Ben Ko", "")],
            institution_ror="https://ror.org/02mhbdp94",
            colour="#123456",
            doi="10.5555/small.ten",
            how_to_cite="Lee and Ko. A small register.",
        )
        content = build_document(source.metadata, [report], {"en": draw_charts(data, "en")}, logo.getvalue())
    document = Document(io.BytesIO(content))
    assert document.core_properties.author == "Ana Lee; Ben Ko"
    assert document.core_properties.identifier == "https://doi.org/10.5555/small.ten"
    assert str(document.styles["Heading 1"].font.color.rgb) == "123456"
    texts = [p.text for p in document.paragraphs]
    assert "How to cite: Lee and Ko. A small register." in texts[: texts.index("Methodology in brief")]
    links = {rel.target_ref for rel in document.part.rels.values() if rel.is_external}
    assert {report.institution_ror, "https://doi.org/10.5555/small.ten", report.authors[0][1]} <= links
    assert document.inline_shapes[0]._inline.docPr.get("descr") == report.keeper.name
