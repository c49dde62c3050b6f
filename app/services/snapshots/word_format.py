"""Parts of a Word document that python-docx lacks: links, bookmarks, contents, languages, header rows."""

from collections.abc import Sequence

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

LATIN, HANGUL = "Calibri", "Malgun Gothic"
INK, QUIET = RGBColor(0x15, 0x20, 0x2B), RGBColor(0x44, 0x50, 0x5B)
LANGUAGE_TAGS = {"en": "en-GB", "ko": "ko-KR"}
FONT_SIZES = {
    "Normal": 10.5,
    "Title": 26,
    "Subtitle": 12,
    "Heading 1": 17,
    "Heading 2": 14,
    "Heading 3": 12,
    "Intense Quote": 10.5,
    "Caption": 9,
}
REFERENCE, LINK = "Evidence reference", "Hyperlink"


def new_document() -> WordDocument:
    """Return a document with the styles of the report."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(22)
    for name, size in FONT_SIZES.items():
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = LATIN, Pt(size), INK
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HANGUL)
    for name, colour, small in ((LINK, INK, False), (REFERENCE, QUIET, True)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
        style.font.color.rgb, style.font.underline, style.font.superscript = colour, not small, small
    for level in (1, 2):
        style = document.styles.add_style(f"TOC {level}", WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.paragraph_format.left_indent = document.styles["Normal"], Pt(12 * (level - 1))
        style.paragraph_format.space_after = Pt(2)
    return document


def add_paragraph(document: WordDocument, text: str = "", style: str = "") -> Paragraph:
    """Add a paragraph; `style` is a style id (its name without spaces), which needs no search."""
    paragraph = document.add_paragraph(text)
    if style:
        paragraph._p.style = style
    return paragraph


def add_link(paragraph: Paragraph, text: str, *, url: str = "", bookmark: str = "", style: str = LINK) -> None:
    """Add a link at the end of a paragraph, to a URL or to a bookmark."""
    element = OxmlElement("w:hyperlink")
    if url:
        element.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    else:
        element.set(qn("w:anchor"), bookmark)
    run = paragraph.add_run(text)
    run._r.style = style.replace(" ", "")
    element.append(run._r)
    paragraph._p.append(element)


def add_bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """Add a bookmark around a paragraph."""
    begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (begin, end):
        element.set(qn("w:id"), str(number))
    begin.set(qn("w:name"), name)
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, begin)
    paragraph._p.append(end)


def add_field(paragraph: Paragraph, instruction: str) -> None:
    """Add a field that the office program computes, such as a page number."""
    for kind in ("begin", "", "separate", "end"):
        run = paragraph.add_run()._r
        if kind:
            run.append(_field_character(kind))
        else:
            run.append(_instruction(instruction))


def add_contents(document: WordDocument, headings: Sequence[tuple[int, str]]) -> None:
    """Add a table of contents; the office program adds page numbers when it updates the field."""
    for number, (level, text) in enumerate(headings):
        line = add_paragraph(document, style=f"TOC{level}")
        if number == 0:
            for element in (
                _field_character("begin"),
                _instruction('TOC \\o "1-2" \\h \\z \\u'),
                _field_character("separate"),
            ):
                line.add_run()._r.append(element)
        line.add_run(text)
        if number == len(headings) - 1:
            line.add_run()._r.append(_field_character("end"))


def add_table(
    document: WordDocument, head: Sequence[str], rows: Sequence[Sequence[str]], title: str, widths: Sequence[int]
) -> None:
    """Add a table with a caption, widths in millimetres, and a header row repeated on each page."""
    add_paragraph(document, title, "Caption")
    table = document.add_table(rows=0, cols=len(head), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for number, row in enumerate([head, *rows]):
        table_row = table.add_row()
        table_row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for place, (cell, text) in enumerate(zip(table_row.cells, row, strict=True)):
            cell.width = Mm(widths[place])
            run = cell.paragraphs[0].add_run(text)
            run.bold = number == 0 or place == 0 or None
    first_row = table.rows[0]._tr.get_or_add_trPr()
    first_row.append(OxmlElement("w:tblHeader"))
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), title)
    table._tbl.tblPr.append(caption)
    add_paragraph(document)


def set_language(document: WordDocument, language: str) -> None:
    """Mark every run without a language as being in this language."""
    for run in document.element.body.iter(qn("w:r")):
        properties = run.get_or_add_rPr()
        if properties.find(qn("w:lang")) is None:
            element = OxmlElement("w:lang")
            for name in ("w:val", "w:eastAsia"):
                element.set(qn(name), LANGUAGE_TAGS.get(language, language))
            properties.append(element)


def _field_character(kind: str) -> BaseOxmlElement:
    element = OxmlElement("w:fldChar")
    element.set(qn("w:fldCharType"), kind)
    return element


def _instruction(text: str) -> BaseOxmlElement:
    element = OxmlElement("w:instrText")
    element.set(qn("xml:space"), "preserve")
    element.text = text
    return element
