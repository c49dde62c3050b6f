"""The report for editing, with real styles, headings and tables."""

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from app.snapshots.face import Face
from app.snapshots.report import MOST, Move, Report, Section
from app.snapshots.restoring import stored

LATIN, HANGUL = "Calibri", "Malgun Gothic"
LANGUAGES = {"en": "en-GB", "ko": "ko-KR"}


def document(face: Face, reports: Sequence[Report]) -> bytes:
    """Both languages in one file."""
    made = Document()
    _set_fonts(made)
    about = made.core_properties
    about.title, about.author = f"{reports[0].register}. {reports[0].title}", "Uptake"
    about.created = about.modified = face.known.replace(tzinfo=None, microsecond=0)
    about.last_modified_by, about.revision, about.comments = "Uptake", 1, face.address
    for number, report in enumerate(reports):
        if number:
            made.add_page_break()
        _write(made, face, report)
    buffer = io.BytesIO()
    made.save(buffer)
    return stored(buffer.getvalue())


def _set_fonts(made: Any) -> None:
    for name in ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3"):
        style = made.styles[name]
        style.font.name, style.font.color.rgb = LATIN, RGBColor(0x15, 0x20, 0x2B)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HANGUL)
    made.styles["Normal"].font.size = Pt(10.5)


def _write(made: Any, face: Face, r: Report) -> None:
    w = r.words
    made.add_paragraph(r.register, style="Subtitle")
    made.add_paragraph(r.title, style="Title")
    made.add_paragraph(r.headline)
    made.add_paragraph(f"{w['as_of']}: {r.as_of}. {w['known']}: {r.known}. {w['position']}: {face.log_position}.")
    for note in r.notes:
        made.add_paragraph(note, style="Intense Quote")
    if r.summary:
        made.add_heading(w["summary"], 1)
        for paragraph in r.summary:
            made.add_paragraph(paragraph)
    made.add_heading(w["numbers"], 1)
    for n in r.numbers:
        made.add_paragraph(f"{n.label}: {n.n} {w['of']} {n.of} {n.percent}".rstrip(), style="List Bullet")
    _table(
        made,
        (w["status"], w["group"], w["count"], w["of"], w["meaning"]),
        [(s.label, s.bucket, str(s.n), f"{s.of} {s.percent}".rstrip(), s.meaning) for s in r.statuses],
    )
    made.add_heading(w["method"], 1)
    made.add_paragraph(w["method_text"])
    made.add_heading(w["changes"], 1)
    made.add_paragraph(r.since)
    for heading, moves in ((w["world"], r.changed), (w["learned"], r.learned)):
        made.add_heading(heading, 2)
        _moves(made, w, moves)
    made.add_heading(w["recommendations"], 1)
    if r.is_large:
        made.add_paragraph(w["too_many"])
    for theme in r.themes:
        made.add_heading(theme.title, 2)
        for section in theme.sections:
            _section(made, w, section)
    made.add_heading(w["references"], 1)
    for ref in r.references[:MOST]:
        made.add_paragraph(f"[{ref.n}] {ref.title}. {ref.about} {ref.url}".rstrip())
    made.add_heading(w["errata"], 1)
    for erratum in r.errata:
        made.add_paragraph(f"{erratum.on}: {erratum.what}. {erratum.why}", style="List Bullet")
    if not r.errata:
        made.add_paragraph(w["errata_none"])
    made.add_heading(w["verify"], 1)
    made.add_paragraph(w["verify_text"])
    made.add_paragraph(r.address)


def _moves(made: Any, w: dict[str, str], moves: Sequence[Move]) -> None:
    if not moves or len(moves) > MOST:
        made.add_paragraph(w["too_many"] if moves else w["nothing"])
        return
    head = (w["recommendation"], w["before"], w["after"], w["why"])
    _table(made, head, [(m.title, m.before, m.after, m.why) for m in moves])


def _section(made: Any, w: dict[str, str], s: Section) -> None:
    made.add_heading(s.title, 3)
    made.add_paragraph().add_run(s.label).bold = True
    made.add_paragraph(s.summary)
    made.add_paragraph(f"{w['life']}: {s.life}")
    _table(made, (), s.facts)
    for label, text in ((w["counts"], s.counts), (w["counts_not"], s.counts_not)):
        if text:
            made.add_paragraph(f"{label}: {text}")
    for part in s.parts:
        core = f" ({w['core']})" if part.core else ""
        made.add_paragraph(f"{part.label}: {part.title}{core}", style="List Bullet")
    for j in s.judgements:
        paragraph = made.add_paragraph(style="List Bullet")
        paragraph.add_run(j.label).bold = True
        item = f", {j.item}" if j.item else ""
        paragraph.add_run(f", {j.on}{item}. {w['reason']}: {j.reason}. {j.why}{_refs(j.refs)}")
        if j.withdrawn:
            paragraph.add_run(f" {w['withdrawn']}: {j.withdrawn}")
    for on, text, refs in s.happenings:
        made.add_paragraph(f"{on}: {text}{_refs(refs)}", style="List Bullet")


def _refs(numbers: Sequence[int]) -> str:
    return "".join(f" [{n}]" for n in numbers)


def _table(made: Any, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = made.add_table(rows=0, cols=len(head or rows[0]), style="Light Grid Accent 1" if head else "Table Grid")
    for number, row in enumerate([*([head] if head else []), *rows]):
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
        if head and number == 0:
            table.rows[0]._tr.get_or_add_trPr().append(_header_mark(table))
    made.add_paragraph()


def _header_mark(table: Any) -> Any:
    """Says that the first row is a header, which is repeated on each page."""
    return table.rows[0]._tr.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"})
