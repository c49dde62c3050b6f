"""Builds the editable report (.docx) with real styles, headings, figures and tables."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC
from itertools import count

from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.shared import RGBColor

from app.services.snapshots import word_format
from app.services.snapshots.compressed_zip import compress
from app.services.snapshots.document_findings import write_findings
from app.services.snapshots.document_sections import write_recommendations, write_references
from app.services.snapshots.metadata import SnapshotMetadata
from app.services.snapshots.report import Report
from app.services.snapshots.word_format import WordTable
from app.services.snapshots.word_template import new_document
from app.services.snapshots.word_writer import WordWriter, fits_page, restart_headings, write_running_texts
from domain.png import png_size

LOGO_MM, MAX_LOGO_HEIGHT_MM = 40, 25
COLOURED_STYLES = ("Title", "Heading 1", "Heading 2")
DOI_ADDRESS = "https://doi.org/"
MAX_PROPERTY_LETTERS = 255
"""Of a property of the file; the document itself has the whole text."""


def build_document(
    metadata: SnapshotMetadata, reports: Sequence[Report], charts: Mapping[str, Mapping[str, bytes]], logo: bytes = b""
) -> bytes:
    """Return one file. `charts` are drawings (SVG) by language and name; packages before the fourth format have all
    languages in one file."""
    document = new_document()
    _describe(document, metadata, reports[0])
    ids = count(1)
    for report in reports:
        section = document.sections[0] if report is reports[0] else document.add_section(WD_SECTION.NEW_PAGE)
        running = write_running_texts(
            section, f"{report.register}. {report.title}", report.address, report.words["page_of"]
        )
        numbering = None if report is reports[0] else restart_headings(document)
        writer = WordWriter(document, report.language, report.words, ids, numbering)
        _write_report(writer, metadata, report, charts[report.language], logo)
        writer.finish()
        if len(reports) > 1:
            for part in (document.element.body, *running):
                word_format.mark_language(part, report.language)
    buffer = io.BytesIO()
    document.save(buffer)
    return compress(buffer.getvalue())


def _describe(document: Document, metadata: SnapshotMetadata, first: Report) -> None:
    """Fill in the properties of the file, and give headings the colour of the institution."""
    word_format.set_default_language(document, first.language)
    properties = document.core_properties
    texts = {
        "title": f"{first.register}. {first.title}",
        "author": "; ".join(name for name, _orcid in first.authors) or first.keeper.name,
        "language": word_format.LANGUAGE_TAGS.get(first.language, first.language),
        "subject": first.headline,
        "keywords": first.register,
        "comments": metadata.address,
        "identifier": f"{DOI_ADDRESS}{first.doi}" if first.doi else metadata.address,
    }
    for name, text in texts.items():
        setattr(properties, name, _as_property(text))
    properties.created = properties.modified = metadata.known.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties.last_modified_by, properties.revision = _as_property(first.keeper.name), 1
    if first.colour:
        for name in COLOURED_STYLES:
            document.styles[name].font.color.rgb = RGBColor.from_string(first.colour.removeprefix("#").upper())


def _as_property(text: str) -> str:
    return text if len(text) <= MAX_PROPERTY_LETTERS else f"{text[: MAX_PROPERTY_LETTERS - 1]}…"


def _write_report(
    writer: WordWriter, metadata: SnapshotMetadata, r: Report, charts: Mapping[str, bytes], logo: bytes
) -> None:
    w = r.words
    _write_front(writer, metadata, r, logo)
    writer.contents()
    if r.summary:
        writer.heading(w["summary"], 1)
        for text in r.summary:
            writer.paragraph(text)
    _write_scorecard(writer, r, charts)
    write_findings(writer, r)
    _write_chart(writer, w["charts"], charts["status-over-time"], w["shows_over_time"], w["figure_over_time"])
    writer.heading(w["method"], 1)
    writer.paragraph(w["method_text"])
    _write_numbers(writer, r)
    if fits_page(charts["lives"]):
        _write_chart(writer, w["lives"], charts["lives"], w["shows_histories"], w["figure_histories"])
        writer.paragraph(w["lives_text"])
    write_recommendations(writer, r)
    write_references(writer, r)
    _write_errata(writer, r)
    writer.heading(w["verify"], 1)
    writer.paragraph(w["verify_text"])
    word_format.add_link(writer.paragraph(), r.address, url=r.address, style=word_format.LINK)


def _write_front(writer: WordWriter, metadata: SnapshotMetadata, r: Report, logo: bytes) -> None:
    """The first page: title, authors, the numbers in one sentence, and what a reader must know of the report."""
    w = r.words
    if logo:
        width = png_size(logo).width_within(LOGO_MM, MAX_LOGO_HEIGHT_MM)
        word_format.add_picture(writer.document, logo, width, r.keeper.name, r.keeper.name)
    writer.paragraph(r.register, "Subtitle")
    writer.paragraph(r.title, "Title")
    for name, orcid in r.authors:
        line = writer.paragraph(f"{name} " if orcid else name, "Fact")
        if orcid:
            word_format.add_link(line, orcid, url=orcid, style=word_format.LINK)
    writer.paragraph(r.headline, "Lead")
    for label, text in ((w["as_of"], r.as_of), (w["known"], r.known), (w["position"], str(metadata.log_position))):
        writer.fact(label, text)
    for _kind, note in r.notes:
        writer.paragraph(note, "IntenseQuote")
    for label, text in (*r.kept, (w["cite"], r.how_to_cite)):
        writer.fact(label, text)
    for label, address in ((w["institution"], r.institution_ror), ("DOI", f"{DOI_ADDRESS}{r.doi}" if r.doi else "")):
        writer.fact(label, address, url=address)


def _write_scorecard(writer: WordWriter, r: Report, charts: Mapping[str, bytes]) -> None:
    w = r.words
    _write_chart(writer, w["on_that_day"], charts["scorecard"], w["shows_scorecard"], w["figure_scorecard"])
    writer.paragraph(f"{w['one_block']}. {r.headline}")


def _write_chart(writer: WordWriter, heading: str, drawing: bytes, sentence: str, caption: str) -> None:
    writer.heading(heading, 1)
    line = writer.paragraph()
    line.paragraph_format.keep_with_next = True
    writer.refer(line, sentence, writer.chart(drawing, caption))


def _write_numbers(writer: WordWriter, r: Report) -> None:
    w = r.words
    writer.heading(w["numbers"], 1)
    line = writer.paragraph(r.headline)
    for n in r.numbers:
        share = f", {n.percent}" if n.percent else ""
        writer.paragraph(f"{n.label}: {n.n} {w['of']} {n.of}{share}", "ListBullet")
    table = writer.table(
        WordTable(
            head=(w["status"], w["group"], w["count"], w["share"], w["meaning"]),
            rows=[
                (s.label, s.bucket, str(s.n), ", ".join(filter(None, (str(s.of), s.percent))), s.meaning)
                for s in r.statuses
            ],
            widths=(36, 22, 17, 21, 70),
            title=w["on_that_day"],
            about=r.headline,
        )
    )
    writer.refer(line, w["see"], table)


def _write_errata(writer: WordWriter, r: Report) -> None:
    writer.heading(r.words["errata"], 1)
    for erratum in r.errata:
        writer.paragraph(f"{erratum.on}: {erratum.what}. {erratum.why}", "ListBullet")
    if not r.errata:
        writer.paragraph(r.words["errata_none"])
