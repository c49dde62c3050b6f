"""Builds the editable report (.docx) with real styles, headings and tables."""

import io
from collections.abc import Sequence

from docx.document import Document
from docx.text.paragraph import Paragraph

from app.services.snapshots import word_format
from app.services.snapshots.compressed_zip import compress
from app.services.snapshots.metadata import SnapshotMetadata
from app.services.snapshots.report import (
    MAX_DETAILED_ROWS,
    RecommendationSection,
    Report,
    ReportAssessment,
    ReportDeadline,
    ReportResponse,
    StatusChange,
)

BOOKMARKS_PER_LANGUAGE = 100_000
"""The offset between the bookmark ids of two languages."""


def build_document(metadata: SnapshotMetadata, reports: Sequence[Report]) -> bytes:
    """Return one file with all languages."""
    document = word_format.new_document()
    properties, first = document.core_properties, reports[0]
    properties.title, properties.author, properties.language = (
        f"{first.register}. {first.title}",
        first.keeper.name,
        first.language,
    )
    properties.subject, properties.keywords = first.headline, metadata.address
    properties.created = properties.modified = metadata.known.replace(tzinfo=None, microsecond=0)
    properties.last_modified_by, properties.revision, properties.comments = first.keeper.name, 1, metadata.address
    footer = document.sections[0].footer.paragraphs[0]
    footer.add_run(f"{first.keeper.name}  {metadata.address}  ")
    word_format.add_field(footer, "PAGE")
    for number, report in enumerate(reports):
        if number:
            document.add_page_break()
        _write_report(document, metadata, report, number * BOOKMARKS_PER_LANGUAGE)
        word_format.set_language(document, report.language)
    buffer = io.BytesIO()
    document.save(buffer)
    return compress(buffer.getvalue())


def _write_report(document: Document, metadata: SnapshotMetadata, r: Report, first: int) -> None:
    """Write one language; the ids of its bookmarks follow `first`."""
    _write_front(document, metadata, r)
    _write_numbers(document, r)
    _write_changes(document, r)
    _write_recommendations(document, r)
    _write_references(document, r, first)
    _write_errata(document, r)
    _heading(document, r.words["verify"], 1)
    word_format.add_paragraph(document, r.words["verify_text"])
    word_format.add_link(word_format.add_paragraph(document), r.address, url=r.address)


def _write_front(document: Document, metadata: SnapshotMetadata, r: Report) -> None:
    w = r.words
    word_format.add_paragraph(document, r.register, "Subtitle")
    word_format.add_paragraph(document, r.title, "Title")
    word_format.add_paragraph(document, r.headline)
    word_format.add_paragraph(
        document, f"{w['as_of']}: {r.as_of}. {w['known']}: {r.known}. {w['position']}: {metadata.log_position}."
    )
    for _kind, note in r.notes:
        word_format.add_paragraph(document, note, "IntenseQuote")
    word_format.add_contents(document, _headings(r))
    if r.summary:
        _heading(document, w["summary"], 1)
        for text in r.summary:
            word_format.add_paragraph(document, text)


def _write_numbers(document: Document, r: Report) -> None:
    w = r.words
    _heading(document, w["numbers"], 1)
    for n in r.numbers:
        share = f", {n.percent}" if n.percent else ""
        word_format.add_paragraph(document, f"{n.label}: {n.n} {w['of']} {n.of}{share}", "ListBullet")
    word_format.add_table(
        document,
        (w["status"], w["group"], w["count"], w["of"], w["meaning"]),
        [(s.label, s.bucket, str(s.n), ", ".join(filter(None, (str(s.of), s.percent))), s.meaning) for s in r.statuses],
        w["on_that_day"],
        (38, 22, 14, 20, 72),
    )
    _heading(document, w["method"], 1)
    word_format.add_paragraph(document, w["method_text"])


def _write_changes(document: Document, r: Report) -> None:
    w = r.words
    _heading(document, w["changes"], 1)
    word_format.add_paragraph(document, r.since)
    if r.added:
        word_format.add_paragraph(document, r.added)
    for heading, changes in ((w["world"], r.changed), (w["learned"], r.learned)):
        _heading(document, heading, 2)
        _status_change_table(document, w, changes, r.since)


def _write_recommendations(document: Document, r: Report) -> None:
    _heading(document, r.words["recommendations"], 1)
    if r.is_large:
        word_format.add_paragraph(document, r.words["too_many"])
    for theme in r.themes:
        _heading(document, theme.title, 2)
        for section in theme.sections:
            _section(document, r, section)


def _write_references(document: Document, r: Report, first: int) -> None:
    _heading(document, r.words["references"], 1)
    for ref in r.references:
        line = word_format.add_paragraph(document, f"[{ref.n}] {ref.title}. {ref.about} ")
        word_format.add_bookmark(line, _bookmark(r, ref.n), first + ref.n)
        if ref.url:
            word_format.add_link(line, ref.url, url=ref.url)


def _write_errata(document: Document, r: Report) -> None:
    _heading(document, r.words["errata"], 1)
    for erratum in r.errata:
        word_format.add_paragraph(document, f"{erratum.on}: {erratum.what}. {erratum.why}", "ListBullet")
    if not r.errata:
        word_format.add_paragraph(document, r.words["errata_none"])


def _headings(r: Report) -> list[tuple[int, str]]:
    w = r.words
    headings = [(1, w["summary"])] if r.summary else []
    headings += [(1, w["numbers"]), (1, w["method"]), (1, w["changes"]), (2, w["world"]), (2, w["learned"])]
    headings += [(1, w["recommendations"]), *((2, theme.title) for theme in r.themes)]
    return [*headings, (1, w["references"]), (1, w["errata"]), (1, w["verify"])]


def _heading(document: Document, text: str, level: int) -> None:
    word_format.add_paragraph(document, text, f"Heading{level}")


def _status_change_table(document: Document, w: dict[str, str], changes: Sequence[StatusChange], title: str) -> None:
    if not changes or len(changes) > MAX_DETAILED_ROWS:
        word_format.add_paragraph(document, w["too_many_changes"] if changes else w["nothing"])
        return
    head = (w["recommendation"], w["before"], w["after"], w["why"])
    word_format.add_table(
        document, head, [(m.title, m.before, m.after, m.why) for m in changes], title, (46, 30, 30, 60)
    )


def _section(document: Document, r: Report, s: RecommendationSection) -> None:
    w = r.words
    _heading(document, s.title, 3)
    status_line = word_format.add_paragraph(document)
    status_line.add_run(s.label).bold = True
    status_line.add_run("".join(f", {text}" for text in (s.since, *s.marks) if text))
    if s.statement:
        word_format.add_paragraph(document, s.statement)
    word_format.add_paragraph(document, s.summary)
    word_format.add_paragraph(document, f"{w['life']}: {s.history}")
    facts = word_format.add_paragraph(document)
    for number, (label, text) in enumerate(s.facts):
        facts.add_run(f"{'; ' if number else ''}{label}: ").bold = True
        facts.add_run(text)
    for label, text in ((w["counts"], s.counts), (w["counts_not"], s.counts_not)):
        if text:
            word_format.add_paragraph(document, f"{label}: {text}")
    _list_parts(document, r, s)
    for j in s.assessments:
        _add_assessment(document, r, j)
    for response in s.responses:
        _add_response(document, r, response, w["responses"])
    for on, text, refs in s.developments:
        _add_references(word_format.add_paragraph(document, f"{on}: {text}", "ListBullet"), r, refs)


def _list_parts(document: Document, r: Report, s: RecommendationSection) -> None:
    """Its elements, deadlines and editions."""
    for part in s.parts:
        core = f" ({r.words['core']})" if part.core else ""
        word_format.add_paragraph(document, f"{part.label}: {part.title}{core}", "ListBullet")
    for deadline in s.deadlines:
        _add_deadline(document, r, deadline)
    for relation in s.relations:
        line = word_format.add_paragraph(document, style="ListBullet")
        line.add_run(f"{r.words['editions']}: ").bold = True
        line.add_run(relation)


def _add_assessment(document: Document, r: Report, j: ReportAssessment) -> None:
    w = r.words
    line = word_format.add_paragraph(document, style="ListBullet")
    line.add_run(j.label).bold = True
    item = f", {j.item}" if j.item else ""
    line.add_run(f", {j.on}{item}. {w['reason']}: {j.reason}. {' '.join(filter(None, (j.why, j.successors)))}")
    _add_references(line, r, j.refs)
    if j.withdrawn:
        line.add_run(f" {w['withdrawn']}: {j.withdrawn}")
    for reply in j.replies:
        _add_response(document, r, reply, w["reply"])


def _add_deadline(document: Document, r: Report, deadline: ReportDeadline) -> None:
    line = word_format.add_paragraph(document, style="ListBullet")
    line.add_run(f"{r.words['deadlines']}: {deadline.line}").bold = True
    line.add_run("".join(f". {text}" for text in (deadline.words, deadline.note) if text))
    _add_references(line, r, deadline.refs)
    if deadline.withdrawn:
        line.add_run(f" {r.words['withdrawn']}: {deadline.withdrawn}")


def _add_response(document: Document, r: Report, response: ReportResponse, label: str) -> None:
    line = word_format.add_paragraph(document, style="ListBullet")
    line.add_run(f"{label}: {response.line}").bold = True
    line.add_run(f". {response.text}")
    _add_references(line, r, response.refs)
    if response.withdrawn:
        line.add_run(f" {r.words['withdrawn']}: {response.withdrawn}")


def _add_references(line: Paragraph, r: Report, numbers: Sequence[int]) -> None:
    for n in numbers:
        word_format.add_link(line, f" [{n}]", bookmark=_bookmark(r, n), style=word_format.REFERENCE)


def _bookmark(r: Report, n: int) -> str:
    return f"{r.language}-ref-{n}"
