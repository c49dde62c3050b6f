"""Parts of a Word document that python-docx lacks: links, bookmarks, fields, header rows, pictures with texts."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import nspfxmap, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm
from docx.text.paragraph import Paragraph
from docx.text.run import Run

LANGUAGE_TAGS = {"en": "en-GB", "ko": "ko-KR"}
EAST_ASIAN = ("ja", "ko", "zh")
REFERENCE, LINK = "Evidencereference", "Hyperlink"
"""Ids of character styles."""


Cell = str | tuple[str, Sequence[int]]


@dataclass(frozen=True)
class WordTable:
    """`widths` are in millimetres; `about` says what the table shows, for those who do not see it.

    A cell is a text, or a text and the numbers of the evidence for it.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int]
    title: str
    about: str


def add_paragraph(document: WordDocument, text: str = "", style: str = "") -> Paragraph:
    """Add a paragraph; `style` is a style id (its name without spaces), which needs no search."""
    element = OxmlElement("w:p")
    document.element.body[-1].addprevious(element)  # before the section; python-docx would search all paragraphs for it
    if style:
        _set_style(element, "p", style)
    paragraph = Paragraph(element, document._body)
    if text:
        paragraph.add_run(text)
    return paragraph


def _set_style(element: BaseOxmlElement, kind: str, style: str) -> None:
    """Name the style of a paragraph (`p`) or run (`r`) that has no properties yet."""
    properties, name = OxmlElement(f"w:{kind}Pr"), OxmlElement(f"w:{kind}Style")
    name.set(qn("w:val"), style)
    properties.append(name)
    element.insert(0, properties)


def add_link(paragraph: Paragraph, text: str, *, url: str = "", bookmark: str = "", style: str = "") -> None:
    """Add a link at the end of a paragraph, to a URL or to a bookmark; a tab in the text stays one."""
    element = OxmlElement("w:hyperlink", nsdecls=nspfxmap("w", "r"))  # else the prefix depends on what else is loaded
    if url:
        element.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    else:
        element.set(qn("w:anchor"), bookmark)
        element.set(qn("w:history"), "1")
    run = paragraph.add_run(text)
    if style:
        _set_style(run._r, "r", style)
    element.append(run._r)
    paragraph._p.append(element)


def add_bookmark(paragraph: Paragraph, name: str, number: int, runs: Sequence[Run] = ()) -> None:
    """Add a bookmark around some runs of a paragraph that follow each other, or around all of it."""
    begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (begin, end):
        element.set(qn("w:id"), str(number))
    begin.set(qn("w:name"), name)
    if runs:
        runs[0]._r.addprevious(begin)
        runs[-1]._r.addnext(end)
        return
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, begin)
    paragraph._p.append(end)


def add_field(paragraph: Paragraph, instruction: str, result: str) -> list[Run]:
    """Add a field and what it shows until the office program computes it, such as a page number."""
    runs = [paragraph.add_run() for _ in range(5)]
    for run, kind in zip(runs, ("begin", "", "separate", "result", "end"), strict=True):
        if kind == "result":
            run.text = result
        else:
            run._r.append(field_character(kind) if kind else field_instruction(instruction))
    return runs


def field_character(kind: str) -> BaseOxmlElement:
    element = OxmlElement("w:fldChar")
    element.set(qn("w:fldCharType"), kind)
    return element


def field_instruction(text: str) -> BaseOxmlElement:
    element = OxmlElement("w:instrText")
    element.set(qn("xml:space"), "preserve")
    element.text = text
    return element


def add_picture(document: WordDocument, png: bytes, width: float, name: str, about: str) -> None:
    """Add a picture in a paragraph of its own, `width` millimetres wide, with a text for those who do not see it."""
    paragraph = add_paragraph(document, style="Picture")
    shape = paragraph.add_run().add_picture(io.BytesIO(png), Mm(width))
    properties = shape._inline.docPr
    properties.set("name", name)
    properties.set("descr", about)


def add_table(document: WordDocument, content: WordTable, reference: Callable[[int], str]) -> None:
    """Add a table whose header row is repeated on each page, and whose rows are not split.

    `reference` gives the bookmark of the evidence with a number.
    """
    table = document.add_table(rows=0, cols=len(content.head), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, content.widths, strict=True):
        column.width = Mm(width)
    for number, row in enumerate([content.head, *content.rows]):
        table_row = table.add_row()
        properties = table_row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for cell, width, written in zip(table_row.cells, content.widths, row, strict=True):
            text, numbers = (written, ()) if isinstance(written, str) else written
            cell.width = Mm(width)
            paragraph = cell.paragraphs[0]
            _set_style(paragraph._p, "p", "TableText")
            if number == 0:
                paragraph.paragraph_format.keep_with_next = True
            paragraph.add_run(text)
            for n in numbers:
                add_link(paragraph, f" [{n}]", bookmark=reference(n), style=REFERENCE)
    for name, text in (("w:tblCaption", content.title), ("w:tblDescription", content.about)):
        element = OxmlElement(name)
        element.set(qn("w:val"), text)
        table._tbl.tblPr.append(element)


def set_default_language(document: WordDocument, language: str) -> None:
    """Set the language of all runs without one."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    assert defaults is not None
    for element in defaults.iter(qn("w:lang")):
        _write_language(element, language)


def mark_language(root: BaseOxmlElement, language: str) -> None:
    """Mark every run in an element as being in this language, if it has none yet."""
    for run in root.iter(qn("w:r")):
        properties = run.get_or_add_rPr()
        if properties.find(qn("w:lang")) is None:
            element = OxmlElement("w:lang")
            _write_language(element, language)
            properties.append(element)


def _write_language(element: BaseOxmlElement, language: str) -> None:
    """Name a language of each script: Latin letters in Korean are English, and Hangul elsewhere is Korean."""
    tag = LANGUAGE_TAGS.get(language, language)
    is_east_asian = language[:2] in EAST_ASIAN
    element.set(qn("w:val"), LANGUAGE_TAGS["en"] if is_east_asian else tag)
    element.set(qn("w:eastAsia"), tag if is_east_asian else LANGUAGE_TAGS["ko"])
