"""Builds the report in one language."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from app.presentation.charts.flow import STATUS_ORDER
from app.presentation.charts.ticks import review_marks, year_ticks
from app.presentation.i18n import labels as w
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.source_titles import plain_source_title
from app.presentation.i18n.translation import _, gettext, ngettext, page_language, set_language
from app.presentation.narrative.frozen_notes import frozen_notes
from app.presentation.narrative.keeper import in_language_of_page, kept_lines
from app.services.snapshots.findings import build_addressees, build_overdue, build_reversals
from app.services.snapshots.heading import build_heading
from app.services.snapshots.personal_signatures import signers
from app.services.snapshots.report import EvidenceReference, Figure, Report, ReportAxis, ReportErratum
from app.services.snapshots.report_data import ReportData
from app.services.snapshots.report_labels import LabelFacts, report_labels
from app.services.snapshots.sections import build_sections
from app.services.snapshots.status_changes import (
    additions_sentence,
    changes_in_the_world,
    corrections,
    moves_sentence,
    since_sentence,
    since_title,
)
from domain.codes import Bucket, Status
from domain.times import first_day
from projections.catalogue.entries import EvidenceEntry

LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(?=-|$)", re.IGNORECASE)
"""The code of a language as documents know it, at the beginning of what was written as the language of a source."""
STRIP_PX = 300
"""No more than the width of the narrowest strip on paper, for letters of the size of those on pages."""
HANGUL = re.compile("[가-힣]")


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Translate texts to this language inside the context."""
    previous = page_language()
    set_language(language)
    try:
        yield
    finally:
        set_language(previous)


def build_report(data: ReportData, language: str) -> Report:
    """Return the whole report in a language."""
    with in_language(language):
        return _build(data, language)


def _build(data: ReportData, language: str) -> Report:
    metadata, settings = data.metadata, data.entry.settings
    counts, heading = data.counts, build_heading(metadata, settings, data.reviews, data.counts)
    buckets, keeper = counts.buckets, in_language_of_page(heading.keeper, settings)
    return Report(
        language=language,
        register=heading.register,
        title=heading.title,
        is_large=data.is_large,
        as_of=w.day_text(metadata.as_of),
        known=str(w.instant(metadata.known).striptags()),
        headline=heading.headline,
        pieces=[(text, bucket or "") for text, bucket in heading.pieces],
        notes=_notes(data),
        summary=[p.strip() for p in localized_text(metadata, "summary").split("\n\n") if p.strip()],
        numbers=[
            *(
                _figure(str(w.BUCKET[k]), buckets[k], counts.rated, bucket=k.value)
                for k in Bucket
                if k is not Bucket.NOT_RATED
            ),
            Figure(
                str(w.BUCKET[Bucket.NOT_RATED]), buckets[Bucket.NOT_RATED], counts.on_scorecard, "", bucket="not_rated"
            ),
            _figure(_("done at some time up to this day"), counts.ever_done, counts.rated),
            _figure(_("still done on this day"), counts.still_done, counts.rated),
            _figure(_("stale on this day"), counts.stale, counts.on_scorecard),
            _figure(_("with a legacy mark"), counts.legacy, counts.on_scorecard),
            *_due_figures(data),
            *_edition_figures(data),
        ],
        statuses=[_status_figure(data, status) for status in STATUS_ORDER],
        since=since_sentence(data),
        moved=moves_sentence(data),
        added=additions_sentence(data),
        learned=corrections(data),
        changed=changes_in_the_world(data),
        addressees=build_addressees(data),
        reversals=build_reversals(data),
        overdue=build_overdue(data),
        themes=build_sections(data),
        references=[_reference(data, ident, n) for ident, n in data.reference_numbers.items()],
        errata=_errata(data),
        rules=[(rule.number, gettext(rule.sentence)) for rule in data.methodology.rules],
        line=_axis(data),
        words=report_labels(_label_facts(data)) | {"changes": since_title(data)},
        address=metadata.address,
        keeper=keeper,
        kept=kept_lines(keeper),
        authors=[(author.name, author.orcid) for author in settings.authors],
        institution_ror=settings.ror,
        colour=settings.colour,
        doi=metadata.doi or settings.doi,
        how_to_cite=heading.how_to_cite,
    )


def _figure(label: str, n: int, of: int, bucket: str = "") -> Figure:
    return Figure(label, n, of, w.percent((n, of)), bucket=bucket)


def _due_figures(data: ReportData) -> list[Figure]:
    """What became of the deadlines, in a register that has any."""
    due, on_scorecard = data.due_counts, data.counts.on_scorecard
    if not due.with_deadline:
        return []
    return [
        _figure(_("with a deadline"), due.with_deadline, on_scorecard),
        *(_figure(str(w.DEADLINE_COUNT[state]), n, due.with_deadline) for state, n in due.by_state.items()),
    ]


def _edition_figures(data: ReportData) -> list[Figure]:
    continued = sum(bool(data.successors(ident)) for ident in data.standings)
    return [_figure(_("with a later edition"), continued, data.counts.on_scorecard)] if continued else []


def _status_figure(data: ReportData, status: Status) -> Figure:
    definition = data.methodology.meanings[status]
    n, bucket = data.counts.totals[status], definition.bucket
    of = data.counts.on_scorecard if bucket == "not_rated" else data.counts.rated
    meaning = gettext(definition.meaning)
    share = "" if bucket == "not_rated" else w.percent((n, of))
    return Figure(w.status_word(status), n, of, share, str(w.BUCKET[bucket]), status.value, bucket.value, meaning)


def _label_facts(data: ReportData) -> LabelFacts:
    reach = data.evidence_until
    return LabelFacts(
        origin=data.metadata.origin,
        on_scorecard=data.counts.on_scorecard,
        first=data.axis.start,
        last=data.axis.end,
        is_carried_forward=reach is not None and reach < data.axis.end,
        as_of=data.metadata.as_of,
        known=str(w.instant(data.metadata.known).striptags()),
    )


def _notes(data: ReportData) -> list[tuple[str, str]]:
    """Kind and text of the callouts of the first page."""
    metadata, times, notes = data.metadata, data.times, list[tuple[str, str]]()
    if data.entry.settings.fictional:
        text = _("Nothing in this register is real: no state, body, person, document or address.")
        notes.append(("legacy", f"{_('Invented example.')} {text}"))
    notes += [
        (note.kind, f"{note.lead} {note.text}")
        for note in frozen_notes(
            known_day=times.known_day.isoformat(),
            reconstructed=metadata.reconstructed,
            signed_off=metadata.signed_off,
            origin=metadata.origin,
            sources=data.sources,
            strict=data.strict,
            titles={ident: localized_text(data.facts[ident], "title") for ident in data.standings},
            signers=signers(data.sign_offs, data.entry.settings.time_zone),
        )
    ]
    if times.beyond_evidence:
        notes.append(("reach", _reach_sentence(data)))
    return notes


def _reach_sentence(data: ReportData) -> str:
    assert data.evidence_until is not None
    later = sum(bool(s.began_on) and first_day(s.began_on or "") > data.evidence_until for s in data.standings.values())
    text = _("The search for evidence reaches to %(day)s.", day=w.day_text(data.entry.settings.evidence_to))
    if not later:
        return f"{text} {_('What is shown for later days is carried forward.')}"
    began = ngettext(
        "%(num)d status began on a later day; the others are carried forward.",
        "%(num)d statuses began on later days; the others are carried forward.",
        later,
    )
    return f"{text} {began}"


def _axis(data: ReportData) -> ReportAxis:
    axis, reach = data.axis, data.evidence_until
    is_on_axis = reach is not None and axis.start <= reach < axis.end
    return ReportAxis(
        year_ticks(axis, STRIP_PX, STRIP_PX),
        review_marks(axis, data.reviews, STRIP_PX, STRIP_PX),
        axis.at(reach) if reach and is_on_axis else None,
    )


def _reference(data: ReportData, ident: str, n: int) -> EvidenceReference:
    e = data.evidence[ident]
    accessed = _("accessed %(day)s", day=w.day_text(e.accessed_on)) if e.accessed_on and e.url else ""
    published = w.day_text(e.published_on) if e.published_on else ""
    about = [e.publisher, published, str(w.SOURCE_CLASS[e.source_class]), accessed]
    title = plain_source_title(e)
    translation = "" if e.removed else e.translations.get(page_language(), {}).get("title", "")
    return EvidenceReference(
        n,
        title,
        ", ".join(a for a in about if a),
        e.url,
        _language_of(data, e),
        translation if translation != title else "",
        e.archived_url,
        _("SHA-256 of the copy: %(digest)s", digest=e.sha256) if e.sha256 else "",
    )


def _language_of(data: ReportData, evidence: EvidenceEntry) -> str:
    """That of a title: as it was written, or else that of the register; Hangul is Korean whatever was written."""
    if not evidence.title:  # its text was removed, which the report says in its own language
        return page_language()
    if HANGUL.search(evidence.title):
        return "ko"
    code = LANGUAGE_CODE.match(evidence.language)
    return code[0] if code else data.entry.settings.languages[0]


def _errata(data: ReportData) -> list[ReportErratum]:
    errata = []
    for withdrawal in data.withdrawals:
        title = localized_text(data.facts[withdrawal.recommendation], "title")
        what = f"{title} ({withdrawal.assessment})" if withdrawal.assessment else title
        errata.append(ReportErratum(w.day_text(withdrawal.at.date().isoformat()), what, withdrawal.reason))
    return errata
