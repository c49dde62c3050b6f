"""Writes the report in one language into a Word document: numbered headings, figures and tables, and the contents."""

import re
from collections.abc import Iterator, Sequence
from itertools import count
from typing import NamedTuple
from xml.etree import ElementTree

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.text.paragraph import Paragraph

from app.presentation.pictures.raster import png_of
from app.services.snapshots import word_format
from app.services.snapshots.word_format import WordTable

TEXT_MM, MAX_PICTURE_MM = 166, 200
"""The width of a line, and the greatest height of a picture with its caption below."""
MIN_SCALE = 0.75
"""How much smaller than a line is wide a picture may be drawn; the words in a smaller one cannot be read."""
PIXELS = 2.0
"""To a unit of a drawing: nearly 300 to an inch."""
NUMBERED_LEVELS = 2
PAGE_FIELDS = {"{n}": "PAGE", "{all}": "NUMPAGES"}
BRACES = re.compile(r"(\{\w+\})")
SVG = "{http://www.w3.org/2000/svg}"


class Caption(NamedTuple):
    """What texts refer to: the bookmark of a figure or table, and its label with its number."""

    bookmark: str
    label: str


class WordWriter:
    """One language of a document. `numbering` is the list of its headings, if not that of their styles."""

    def __init__(
        self, document: WordDocument, language: str, words: dict[str, str], ids: Iterator[int], numbering: int | None
    ) -> None:
        self.document, self.words = document, words
        self._names = language.replace("-", "_")  # in names of bookmarks Word allows letters, digits and underscores
        self._ids, self._numbering = ids, numbering
        self._headings: list[tuple[int, str, str, str]] = []
        self._numbers = [0] * NUMBERED_LEVELS
        self._counts = {"figure": count(1), "table": count(1)}
        self._contents: Paragraph | None = None

    def paragraph(self, text: str = "", style: str = "") -> Paragraph:
        return word_format.add_paragraph(self.document, text, style)

    def heading(self, text: str, level: int) -> None:
        """Add a heading; those of the first two levels have numbers and are in the contents."""
        paragraph = self.paragraph(text, f"Heading{level}")
        if level > NUMBERED_LEVELS:
            return
        self._numbers = [n + (i == level - 1) if i < level else 0 for i, n in enumerate(self._numbers)]
        if self._numbering:
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = level - 1
            properties.get_or_add_numId().val = self._numbering
        name = f"_Toc_{self._names}_{len(self._headings) + 1}"
        word_format.add_bookmark(paragraph, name, next(self._ids))
        number = ".".join(map(str, self._numbers[:level]))
        self._headings.append((level, number, text, name))

    def fact(self, label: str, text: str, url: str = "") -> None:
        """Add a line of a label and a text, which may be a link; no line without a text."""
        if not text:
            return
        line = self.paragraph(style="Fact")
        line.add_run(f"{label}: ").bold = True
        if url:
            word_format.add_link(line, text, url=url, style=word_format.LINK)
        else:
            line.add_run(text)

    def references(self, line: Paragraph, numbers: Sequence[int]) -> None:
        """Add links to evidence by its numbers."""
        for n in numbers:
            word_format.add_link(line, f" [{n}]", bookmark=self.reference(n), style=word_format.REFERENCE)

    def reference(self, number: int) -> str:
        """The bookmark of a piece of evidence."""
        return f"ref_{self._names}_{number}"

    def bookmark(self, paragraph: Paragraph, name: str) -> None:
        word_format.add_bookmark(paragraph, name, next(self._ids))

    def table(self, content: WordTable) -> Caption:
        """Add a table below its caption."""
        caption = self._caption("table", content.title, keep_with_next=True)
        word_format.add_table(self.document, content, self.reference)
        self.paragraph(style="TableText")
        return caption

    def chart(self, drawing: bytes, title: str) -> Caption:
        """Add a drawing (SVG) as a picture above its caption."""
        root, (width, _height) = _read_drawing(drawing)
        about = " ".join(f"{root.findtext(SVG + name, '').rstrip('.')}." for name in ("title", "desc"))
        png = png_of(drawing.decode(), round(width), PIXELS)
        word_format.add_picture(self.document, png, _picture_mm(drawing), title, about)
        return self._caption("figure", title)

    def refer(self, paragraph: Paragraph, sentence: str, caption: Caption) -> None:
        """Add a sentence that leads to a figure or table by its number, in place of what it has in braces."""
        for piece in BRACES.split(f" {sentence}" if paragraph.text else sentence):
            if BRACES.fullmatch(piece):
                word_format.add_field(paragraph, f"REF {caption.bookmark} \\h", caption.label)
            else:
                paragraph.add_run(piece)

    def _caption(self, kind: str, text: str, *, keep_with_next: bool = False) -> Caption:
        number, word = next(self._counts[kind]), self.words[kind]
        line = self.paragraph(style="Caption")
        line.paragraph_format.keep_with_next = keep_with_next or None
        runs = [line.add_run(f"{word} "), *word_format.add_field(line, f"SEQ {word} \\* ARABIC", str(number))]
        for run in runs:
            run.bold = True
        caption = Caption(f"_Ref_{self._names}_{kind}_{number}", f"{word} {number}")
        word_format.add_bookmark(line, caption.bookmark, next(self._ids), runs)
        line.add_run(f". {text.rstrip('.')}.")
        return caption

    def contents(self) -> None:
        """Begin a page with the contents, which `finish` fills in."""
        self._contents = self.paragraph(self.words["contents"], "TOCHeading")

    def finish(self) -> None:
        """Fill in the contents: a field with its entries, which the office program can update with page numbers."""
        heading = self._contents
        assert heading is not None
        begin = ["begin", 'TOC \\o "1-2" \\h \\z \\u', "separate"]
        lines = [self._entry(*entry) for entry in self._headings]
        first, last = lines[0], lines[-1]
        for place, part in enumerate(begin):
            run = OxmlElement("w:r")
            run.append(word_format.field_instruction(part) if place == 1 else word_format.field_character(part))
            first._p.insert(1 + place, run)
        last.add_run()._r.append(word_format.field_character("end"))
        block, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
        heading._p.addprevious(block)
        block.append(_gallery())
        block.append(content)
        for line in (heading, *lines):
            content.append(line._p)

    def _entry(self, level: int, number: str, text: str, name: str) -> Paragraph:
        line = self.paragraph(style=f"TOC{level}")
        word_format.add_link(line, f"{number}\t{text}", bookmark=name)
        return line


def fits_page(drawing: bytes) -> bool:
    """Whether a drawing is large enough to be read on a page."""
    return _picture_mm(drawing) >= TEXT_MM * MIN_SCALE


def _picture_mm(drawing: bytes) -> float:
    """The width of a drawing on a page."""
    _root, (width, height) = _read_drawing(drawing)
    return min(TEXT_MM, MAX_PICTURE_MM * width / height)


def _read_drawing(drawing: bytes) -> tuple[ElementTree.Element, tuple[float, float]]:
    """The root of a drawing, its width and its height."""
    root = ElementTree.fromstring(drawing)  # noqa: S314 - drawn by us
    _x, _y, width, height = map(float, root.attrib["viewBox"].split())
    return root, (width, height)


def write_running_texts(section: Section, header: str, footer: str, page_of: str) -> list[BaseOxmlElement]:
    """Write the header, and the footer with page numbers; the first page has only the footer. Returns both parts."""
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = section.first_page_header.is_linked_to_previous = False
    section.header.paragraphs[0].add_run(header)
    section.first_page_header.paragraphs[0]._p.style = "Normal"
    parts = [section.header._element]
    for part in (section.footer, section.first_page_footer):
        part.is_linked_to_previous = False
        line = part.paragraphs[0]
        line.add_run(f"{footer}\t")
        for piece in BRACES.split(page_of):
            if piece in PAGE_FIELDS:
                word_format.add_field(line, PAGE_FIELDS[piece], "1")
            else:
                line.add_run(piece)
        parts.append(part._element)
    return parts


def restart_headings(document: WordDocument) -> int:
    """Return a new list for numbered headings, which begins at 1."""
    numbers = document.part.numbering_part.element
    number = numbers.add_num(0)
    for level in range(NUMBERED_LEVELS):
        number.add_lvlOverride(ilvl=level).add_startOverride(1)
    return int(number.numId)


def _gallery() -> BaseOxmlElement:
    """The mark by which Word offers to update the contents."""
    properties, part = OxmlElement("w:sdtPr"), OxmlElement("w:docPartObj")
    gallery = OxmlElement("w:docPartGallery")
    gallery.set(qn("w:val"), "Table of Contents")
    part.append(gallery)
    part.append(OxmlElement("w:docPartUnique"))
    properties.append(part)
    return properties
