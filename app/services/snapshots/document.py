"""The report for editing, with real styles, headings and tables."""

import io
from collections.abc import Sequence
from typing import Any

from app.services.snapshots import word_format
from app.services.snapshots.metadata import SnapshotMetadata
from app.services.snapshots.report import MAX_DETAILED_ROWS, RecommendationSection, Report, StatusChange
from app.services.snapshots.uncompressed_zip import store_uncompressed

BOOKMARKS_PER_LANGUAGE = 100_000
"""The numbers of bookmarks of the second language begin here."""


def build_document(face: SnapshotMetadata, reports: Sequence[Report]) -> bytes:
    """Both languages in one file."""
    made = word_format.new_document()
    about, first = made.core_properties, reports[0]
    about.title, about.author, about.language = f"{first.register}. {first.title}", "Uptake", "en"
    about.subject, about.keywords = first.headline, face.address
    about.created = about.modified = face.known.replace(tzinfo=None, microsecond=0)
    about.last_modified_by, about.revision, about.comments = "Uptake", 1, face.address
    foot = made.sections[0].footer.paragraphs[0]
    foot.add_run(f"{face.address}  ")
    word_format.add_field(foot, "PAGE")
    for number, report in enumerate(reports):
        if number:
            made.add_page_break()
        _write(made, face, report, number * BOOKMARKS_PER_LANGUAGE)
        word_format.set_language(made, report.language)
    buffer = io.BytesIO()
    made.save(buffer)
    return store_uncompressed(buffer.getvalue())


def _write(made: Any, face: SnapshotMetadata, r: Report, first: int) -> None:
    w = r.words
    word_format.add_paragraph(made, r.register, "Subtitle")
    word_format.add_paragraph(made, r.title, "Title")
    word_format.add_paragraph(made, r.headline)
    word_format.add_paragraph(
        made, f"{w['as_of']}: {r.as_of}. {w['known']}: {r.known}. {w['position']}: {face.log_position}."
    )
    for _kind, note in r.notes:
        word_format.add_paragraph(made, note, "IntenseQuote")
    word_format.add_contents(made, _headings(r))
    if r.summary:
        _heading(made, w["summary"], 1)
        for text in r.summary:
            word_format.add_paragraph(made, text)
    _heading(made, w["numbers"], 1)
    for n in r.numbers:
        share = f", {n.percent}" if n.percent else ""
        word_format.add_paragraph(made, f"{n.label}: {n.n} {w['of']} {n.of}{share}", "ListBullet")
    word_format.add_table(
        made,
        (w["status"], w["group"], w["count"], w["of"], w["meaning"]),
        [(s.label, s.bucket, str(s.n), ", ".join(filter(None, (str(s.of), s.percent))), s.meaning) for s in r.statuses],
        w["on_that_day"],
        (38, 22, 14, 20, 72),
    )
    _heading(made, w["method"], 1)
    word_format.add_paragraph(made, w["method_text"])
    _heading(made, w["changes"], 1)
    word_format.add_paragraph(made, r.since)
    if r.added:
        word_format.add_paragraph(made, r.added)
    for heading, moves in ((w["world"], r.changed), (w["learned"], r.learned)):
        _heading(made, heading, 2)
        _moves(made, w, moves, r.since)
    _heading(made, w["recommendations"], 1)
    if r.is_large:
        word_format.add_paragraph(made, w["too_many"])
    for theme in r.themes:
        _heading(made, theme.title, 2)
        for section in theme.sections:
            _section(made, r, section)
    _heading(made, w["references"], 1)
    for ref in r.references:
        line = word_format.add_paragraph(made, f"[{ref.n}] {ref.title}. {ref.about} ")
        word_format.add_bookmark(line, _place(r, ref.n), first + ref.n)
        if ref.url:
            word_format.add_link(line, ref.url, url=ref.url)
    _heading(made, w["errata"], 1)
    for erratum in r.errata:
        word_format.add_paragraph(made, f"{erratum.on}: {erratum.what}. {erratum.why}", "ListBullet")
    if not r.errata:
        word_format.add_paragraph(made, w["errata_none"])
    _heading(made, w["verify"], 1)
    word_format.add_paragraph(made, w["verify_text"])
    word_format.add_link(word_format.add_paragraph(made), r.address, url=r.address)


def _headings(r: Report) -> list[tuple[int, str]]:
    w = r.words
    found = [(1, w["summary"])] if r.summary else []
    found += [(1, w["numbers"]), (1, w["method"]), (1, w["changes"]), (2, w["world"]), (2, w["learned"])]
    found += [(1, w["recommendations"]), *((2, theme.title) for theme in r.themes)]
    return [*found, (1, w["references"]), (1, w["errata"]), (1, w["verify"])]


def _heading(made: Any, text: str, level: int) -> None:
    word_format.add_paragraph(made, text, f"Heading{level}")


def _moves(made: Any, w: dict[str, str], moves: Sequence[StatusChange], title: str) -> None:
    if not moves or len(moves) > MAX_DETAILED_ROWS:
        word_format.add_paragraph(made, w["too_many"] if moves else w["nothing"])
        return
    head = (w["recommendation"], w["before"], w["after"], w["why"])
    word_format.add_table(made, head, [(m.title, m.before, m.after, m.why) for m in moves], title, (46, 30, 30, 60))


def _section(made: Any, r: Report, s: RecommendationSection) -> None:
    w = r.words
    _heading(made, s.title, 3)
    standing = word_format.add_paragraph(made)
    standing.add_run(s.label).bold = True
    standing.add_run("".join(f", {text}" for text in (s.since, *s.marks) if text))
    word_format.add_paragraph(made, s.summary)
    word_format.add_paragraph(made, f"{w['life']}: {s.life}")
    facts = word_format.add_paragraph(made)
    for number, (label, text) in enumerate(s.facts):
        facts.add_run(f"{'; ' if number else ''}{label}: ").bold = True
        facts.add_run(text)
    for label, text in ((w["counts"], s.counts), (w["counts_not"], s.counts_not)):
        if text:
            word_format.add_paragraph(made, f"{label}: {text}")
    for part in s.parts:
        core = f" ({w['core']})" if part.core else ""
        word_format.add_paragraph(made, f"{part.label}: {part.title}{core}", "ListBullet")
    for j in s.judgements:
        line = word_format.add_paragraph(made, style="ListBullet")
        line.add_run(j.label).bold = True
        item = f", {j.item}" if j.item else ""
        line.add_run(f", {j.on}{item}. {w['reason']}: {j.reason}. {j.why}")
        _refer(line, r, j.refs)
        if j.withdrawn:
            line.add_run(f" {w['withdrawn']}: {j.withdrawn}")
    for on, text, refs in s.happenings:
        _refer(word_format.add_paragraph(made, f"{on}: {text}", "ListBullet"), r, refs)


def _refer(line: Any, r: Report, numbers: Sequence[int]) -> None:
    for n in numbers:
        word_format.add_link(line, f" [{n}]", bookmark=_place(r, n), style=word_format.REFERENCE)


def _place(r: Report, n: int) -> str:
    return f"{r.language}-ref-{n}"
