"""What the report for editing needs of Word beside python-docx: links, bookmarks, contents, languages, header rows."""

from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

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


def new_document() -> Any:
    """A document with the styles of the report."""
    made = Document()
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(22)
    for name, size in FONT_SIZES.items():
        style = made.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = LATIN, Pt(size), INK
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HANGUL)
    for name, colour, small in ((LINK, INK, False), (REFERENCE, QUIET, True)):
        style = made.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
        style.font.color.rgb, style.font.underline, style.font.superscript = colour, not small, small
    for level in (1, 2):
        style = made.styles.add_style(f"TOC {level}", WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.paragraph_format.left_indent = made.styles["Normal"], Pt(12 * (level - 1))
        style.paragraph_format.space_after = Pt(2)
    return made


def add_paragraph(made: Any, text: str = "", style: str = "") -> Any:
    """A paragraph; `style` is the name of its style without spaces, which needs no search."""
    added = made.add_paragraph(text)
    if style:
        added._p.style = style
    return added


def add_link(to: Any, text: str, *, url: str = "", bookmark: str = "", style: str = LINK) -> None:
    """At the end of a paragraph: to an address, or to a bookmark of the document."""
    element = OxmlElement("w:hyperlink")
    if url:
        element.set(qn("r:id"), to.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    else:
        element.set(qn("w:anchor"), bookmark)
    run = to.add_run(text)
    run._r.style = style.replace(" ", "")
    element.append(run._r)
    to._p.append(element)


def add_bookmark(at: Any, name: str, number: int) -> None:
    """A bookmark around a paragraph."""
    begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (begin, end):
        element.set(qn("w:id"), str(number))
    begin.set(qn("w:name"), name)
    at._p.insert(1 if at._p.pPr is not None else 0, begin)
    at._p.append(end)


def add_field(to: Any, instruction: str) -> None:
    """Something that the office computes, such as the number of a page."""
    for kind in ("begin", "", "separate", "end"):
        run = to.add_run()._r
        if kind:
            run.append(_sign(kind))
        else:
            run.append(_instruction(instruction))


def add_contents(made: Any, headings: Sequence[tuple[int, str]]) -> None:
    """A table of contents, filled in; the office adds the pages when it is brought up to date."""
    for number, (level, text) in enumerate(headings):
        line = add_paragraph(made, style=f"TOC{level}")
        if number == 0:
            for element in (_sign("begin"), _instruction('TOC \\o "1-2" \\h \\z \\u'), _sign("separate")):
                line.add_run()._r.append(element)
        line.add_run(text)
        if number == len(headings) - 1:
            line.add_run()._r.append(_sign("end"))


def add_table(made: Any, head: Sequence[str], rows: Sequence[Sequence[str]], title: str, widths: Sequence[int]) -> None:
    """With a caption, widths in millimetres, and a first row that is repeated on each page."""
    add_paragraph(made, title, "Caption")
    added = made.add_table(rows=0, cols=len(head), style="Table Grid")
    added.autofit = False
    for column, width in zip(added.columns, widths, strict=True):
        column.width = Mm(width)
    for number, row in enumerate([head, *rows]):
        new = added.add_row()
        new._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for place, (cell, text) in enumerate(zip(new.cells, row, strict=True)):
            cell.width = Mm(widths[place])
            run = cell.paragraphs[0].add_run(text)
            run.bold = number == 0 or place == 0 or None
    first = added.rows[0]._tr.get_or_add_trPr()
    first.append(OxmlElement("w:tblHeader"))
    about = OxmlElement("w:tblCaption")
    about.set(qn("w:val"), title)
    added._tbl.tblPr.append(about)
    add_paragraph(made)


def set_language(made: Any, language: str) -> None:
    """Every run that says none yet is in this language."""
    for run in made.element.body.iter(qn("w:r")):
        properties = run.get_or_add_rPr()
        if properties.find(qn("w:lang")) is None:
            said = OxmlElement("w:lang")
            for name in ("w:val", "w:eastAsia"):
                said.set(qn(name), LANGUAGE_TAGS[language])
            properties.append(said)


def _sign(kind: str) -> Any:
    element = OxmlElement("w:fldChar")
    element.set(qn("w:fldCharType"), kind)
    return element


def _instruction(text: str) -> Any:
    element = OxmlElement("w:instrText")
    element.set(qn("xml:space"), "preserve")
    element.text = text
    return element
