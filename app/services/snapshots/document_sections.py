"""Writes the recommendations of the editable report one by one, and the evidence that they cite."""

from collections.abc import Sequence

from app.services.snapshots import word_format
from app.services.snapshots.report import (
    RecommendationSection,
    Report,
    ReportAssessment,
    ReportDeadline,
    ReportResponse,
)
from app.services.snapshots.word_writer import WordWriter


def write_recommendations(writer: WordWriter, r: Report) -> None:
    writer.heading(r.words["recommendations"], 1)
    if r.is_large:
        writer.paragraph(r.words["too_many"])
    for theme in r.themes:
        writer.heading(theme.title, 2)
        for section in theme.sections:
            _write_section(writer, r, section)


def write_references(writer: WordWriter, r: Report) -> None:
    """The evidence, each title in its own language."""
    writer.heading(r.words["references"], 1)
    for ref in r.references:
        line = writer.paragraph(f"[{ref.n}] ")
        title = line.add_run(ref.title)
        if ref.language:
            word_format.mark_language(title._r, ref.language)
        translation = f" ({ref.translation})" if ref.translation else ""
        line.add_run(f"{translation}. {ref.about} ")
        writer.bookmark(line, writer.reference(ref.n))
        if ref.url:
            word_format.add_link(line, ref.url, url=ref.url, style=word_format.LINK)
        if ref.archived_url:
            line.add_run(f" {r.words['archived']}: ")
            word_format.add_link(line, ref.archived_url, url=ref.archived_url, style=word_format.LINK)
        line.add_run(f" {ref.copy}" if ref.copy else "")


def _write_section(writer: WordWriter, r: Report, s: RecommendationSection) -> None:
    w = r.words
    writer.heading(s.title, 3)
    status_line = writer.paragraph()
    status_line.add_run(s.label).bold = True
    status_line.add_run("".join(f", {text}" for text in (s.since, *s.marks) if text))
    for text in filter(None, (s.statement, s.summary)):
        writer.paragraph(text)
    for label, text in ((w["life"], s.history), *s.facts, (w["counts"], s.counts), (w["counts_not"], s.counts_not)):
        writer.fact(label, text)
    _write_parts(writer, r, s)
    _subheading(writer, w["assessments"], s.assessments)
    for assessment in s.assessments:
        _write_assessment(writer, r, assessment)
    _subheading(writer, w["responses"], s.responses)
    for response in s.responses:
        _write_response(writer, r, response)
    _subheading(writer, w["happenings"], s.developments)
    for on, text, refs in s.developments:
        writer.references(writer.paragraph(f"{on}: {text}", "ListBullet"), refs)


def _write_parts(writer: WordWriter, r: Report, s: RecommendationSection) -> None:
    """Its elements, deadlines and editions."""
    _subheading(writer, r.words["parts"], s.parts)
    for part in s.parts:
        core = f" ({r.words['core']})" if part.core else ""
        writer.paragraph(f"{part.label}: {part.title}{core}", "ListBullet")
    _subheading(writer, r.words["deadlines"], s.deadlines)
    for deadline in s.deadlines:
        _write_deadline(writer, r, deadline)
    _subheading(writer, r.words["editions"], s.relations)
    for relation in s.relations:
        writer.paragraph(relation, "ListBullet")


def _subheading(writer: WordWriter, label: str, lines: Sequence[object]) -> None:
    if lines:
        writer.heading(label, 4)


def _write_assessment(writer: WordWriter, r: Report, j: ReportAssessment) -> None:
    w = r.words
    line = writer.paragraph(style="ListBullet")
    line.add_run(j.label).bold = True
    item = f", {j.item}" if j.item else ""
    line.add_run(f", {j.on}{item}. {w['reason']}: {j.reason}. {' '.join(filter(None, (j.why, j.successors)))}")
    writer.references(line, j.refs)
    if j.withdrawn:
        line.add_run(f" {w['withdrawn']}: {j.withdrawn}")
    for reply in j.replies:
        _write_response(writer, r, reply, f"{w['reply']}: ")


def _write_deadline(writer: WordWriter, r: Report, deadline: ReportDeadline) -> None:
    line = writer.paragraph(style="ListBullet")
    line.add_run(deadline.line).bold = True
    line.add_run("".join(f". {text}" for text in (deadline.words, deadline.note) if text))
    writer.references(line, deadline.refs)
    if deadline.withdrawn:
        line.add_run(f" {r.words['withdrawn']}: {deadline.withdrawn}")


def _write_response(writer: WordWriter, r: Report, response: ReportResponse, label: str = "") -> None:
    line = writer.paragraph(style="ListBullet")
    line.add_run(f"{label}{response.line}").bold = True
    line.add_run(f". {response.text}")
    writer.references(line, response.refs)
    if response.withdrawn:
        line.add_run(f" {r.words['withdrawn']}: {response.withdrawn}")
