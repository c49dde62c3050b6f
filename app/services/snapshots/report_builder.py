"""Tells a report in one language."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from app.presentation.charts.flow import STATUS_ORDER
from app.presentation.i18n import labels as w
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _, gettext, page_language, set_language
from app.presentation.narrative.headlines import scorecard_headline
from app.services.snapshots.report import EvidenceReference, Figure, Report, ReportAxis, ReportErratum
from app.services.snapshots.report_data import ReportData
from app.services.snapshots.report_labels import report_labels
from app.services.snapshots.sections import build_sections
from app.services.snapshots.status_changes import additions_sentence, changes_in_the_world, corrections
from domain.codes import Bucket

HANGUL = re.compile("[가-힣]")


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Texts made inside are in this language."""
    before = page_language()
    set_language(language)
    try:
        yield
    finally:
        set_language(before)


def build_report(told: ReportData, language: str) -> Report:
    """The whole report; texts are made in the language as it is told."""
    with in_language(language):
        return _report(told, language)


def _report(told: ReportData, language: str) -> Report:
    face, times, settings = told.face, told.times, told.entry.settings
    review = next(r for r in told.reviews if r.id == face.review and r.on == times.as_of)
    title = review.title if review.years is None else f"{review.title}: {review.label}"
    c = told.counts
    b, pieces = c.buckets, scorecard_headline(c)
    return Report(
        language=language,
        register=localized_text(settings, "title"),
        title=title,
        is_large=told.is_large,
        as_of=w.day_text(face.as_of),
        known=str(w.instant(face.known).striptags()),
        headline="".join(text for text, _bucket in pieces),
        pieces=[(text, bucket or "") for text, bucket in pieces],
        notes=_notes(told),
        summary=[p.strip() for p in localized_text(face, "summary").split("\n\n") if p.strip()],
        numbers=[
            *(_number(str(w.BUCKET[k]), b[k], c.rated, bucket=k.value) for k in Bucket if k is not Bucket.NOT_RATED),
            Figure(str(w.BUCKET[Bucket.NOT_RATED]), b[Bucket.NOT_RATED], c.on_scorecard, "", bucket="not_rated"),
            _number(_("done at some time up to this day"), c.ever_done, c.rated),
            _number(_("still done on this day"), c.still_done, c.rated),
            _number(_("stale on this day"), c.stale, c.on_scorecard),
            _number(_("with a legacy mark"), c.legacy, c.on_scorecard),
        ],
        statuses=[_status(told, status) for status in STATUS_ORDER],
        since=_since(told),
        added=additions_sentence(told),
        learned=corrections(told),
        changed=changes_in_the_world(told),
        themes=build_sections(told),
        references=[_reference(told, ident, n) for ident, n in told.numbers.items()],
        errata=_errata(told),
        rules=[(rule.number, gettext(rule.sentence)) for rule in told.methodology.rules],
        line=_line(told),
        words=report_labels(),
        address=face.address,
    )


def _number(label: str, n: int, of: int, bucket: str = "") -> Figure:
    return Figure(label, n, of, w.percent((n, of)), bucket=bucket)


def _status(told: ReportData, status: Any) -> Figure:
    meaning_of_status = told.methodology.meanings[status]
    n, bucket = told.counts.totals[status], meaning_of_status.bucket
    of = told.counts.on_scorecard if bucket == "not_rated" else told.counts.rated
    meaning = gettext(meaning_of_status.meaning)
    share = "" if bucket == "not_rated" else w.percent((n, of))
    return Figure(str(w.STATUS[status]), n, of, share, str(w.BUCKET[bucket]), status.value, bucket.value, meaning)


def _notes(told: ReportData) -> list[tuple[str, str]]:
    face, times, found = told.face, told.times, []
    if face.reconstructed:
        text = _(
            "Reconstructed on %(day)s. This review was made after its day, from evidence dated up to "
            "that day; it was not published at the time.",
            day=w.day_text(times.known_day.isoformat()),
        )
        found.append(("reconstructed", text))
    if not face.signed_off:
        found.append(("stale", _("Not signed off: it was frozen without two signatures.")))
    if times.beyond_evidence:
        text = _(
            "The search for evidence reaches to %(day)s. What is shown for later days is carried forward.",
            day=w.day_text(told.entry.settings.evidence_to),
        )
        found.append(("reach", text))
    return found


def _line(told: ReportData) -> ReportAxis:
    axis, reach = told.axis, told.reach
    beyond = reach is not None and axis.start <= reach < axis.end
    return ReportAxis(axis.years(), axis.marks(told.reviews), axis.at(reach) if reach and beyond else None)


def _since(told: ReportData) -> str:
    return _(
        "From %(first)s, as known on %(known)s, to %(second)s.",
        first=w.day_text(told.since.as_of.isoformat()),
        known=w.day_text(told.since.known_day.isoformat()),
        second=w.day_text(told.face.as_of),
    )


def _reference(told: ReportData, ident: str, n: int) -> EvidenceReference:
    e = told.evidence[ident]
    about = [e.publisher, w.day_text(e.published_on) if e.published_on else "", str(w.SOURCE_CLASS[e.source_class])]
    title = e.title or _("Text removed")
    return EvidenceReference(n, title, ", ".join(a for a in about if a), e.url, "ko" if HANGUL.search(title) else "en")


def _errata(told: ReportData) -> list[ReportErratum]:
    found = []
    for withdrawal in told.withdrawals:
        title = localized_text(told.facts[withdrawal.recommendation], "title")
        what = f"{title} ({withdrawal.assessment})" if withdrawal.assessment else title
        found.append(ReportErratum(w.day_text(withdrawal.at.date().isoformat()), what, withdrawal.reason))
    return found
