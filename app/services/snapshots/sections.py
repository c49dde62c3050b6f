"""Builds the sections of the recommendations: status, history, assessments and developments."""

from collections import defaultdict

from app.presentation.charts.strips import build_strip
from app.presentation.i18n import labels as w
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.ordering import themes_in_order
from app.presentation.i18n.translation import _
from app.presentation.narrative.deadlines import DeadlineLine, StatedByWhom, deadline_lines, overdue_words, stated_words
from app.presentation.narrative.lineage import continued_words
from app.presentation.narrative.status_dates import peak_on, since_words
from app.services.snapshots.report import (
    RecommendationSection,
    ReportAssessment,
    ReportDeadline,
    ReportElement,
    ReportResponse,
    ThemeSection,
)
from app.services.snapshots.report_data import ReportData
from domain.codes import Confidence, DeadlineState, Freshness, Status
from domain.times import first_day
from domain.values import RecommendationFacts, Theme
from projections.assessments.queries import PublicAssessment
from projections.lineage.queries import KnownRelation
from projections.responses.queries import PublicResponse
from projections.scorecards.results import Standing


def build_sections(data: ReportData) -> list[ThemeSection]:
    sections_by_theme: dict[str, list[RecommendationSection]] = defaultdict(list)
    for ident, standing in data.standings.items():
        sections_by_theme[standing.theme].append(_section(data, ident, standing))
    return [
        ThemeSection(localized_text(theme, "title"), sections_by_theme[theme.id])
        for theme in themes_in_order(data.themes.get(i) or Theme(id=i, title=i) for i in sections_by_theme)
    ]


def _section(data: ReportData, ident: str, standing: Standing) -> RecommendationSection:
    facts, history = data.facts[ident], data.histories.get(ident, ())
    history_strip = build_strip(history, data.axis, data.evidence_until, facts.recommended_on)
    criteria = data.criteria.get((ident, ""))
    elements = {e.id: e for e in standing.elements}
    titles = {e.id: localized_text(e, "title") for e in data.elements[ident]}
    statement = data.statements.get(ident)
    return RecommendationSection(
        id=ident,
        title=localized_text(facts, "title"),
        summary=localized_text(facts, "summary"),
        status=standing.status.value,
        label=w.status_word(standing.status),
        since=since_words(standing, facts),
        marks=_marks(standing),
        facts=[] if data.is_large else _facts(data, facts, standing),
        segments=list(history_strip.segments),
        begins=history_strip.begins,
        history=history_strip.words,
        parts=[
            ReportElement(titles[i], e.status.value, w.status_word(e.status), e.core)
            for i, e in elements.items()
            if i in titles
        ],
        counts=localized_text(criteria, "counts") if criteria else "",
        counts_not=localized_text(criteria, "does_not_count") if criteria else "",
        assessments=[] if data.is_large else [_assessment(data, p, titles) for p in data.assessments[ident]],
        developments=[
            (w.day_text(d.date), localized_text(d, "summary"), sorted(data.reference_numbers[i] for i in d.evidence))
            for d in sorted(data.developments, key=lambda d: first_day(d.date))
            if ident in d.recommendations
        ],
        responses=[_response(data, r) for r in data.responses.get(ident, ()) if not r.facts.assessment],
        statement=statement.words if statement and statement.field == "statement" else "",
        deadlines=[] if data.is_large else _deadlines(data, facts, standing, titles),
        relations=[_relation(data, r, ident) for r in data.relations.get(ident, ())],
    )


def _facts(data: ReportData, facts: RecommendationFacts, standing: Standing) -> list[tuple[str, str]]:
    publication = data.publications[facts.publication]
    source = f"{publication.title}{', ' + facts.locator if facts.locator else ''}"
    pairs = [
        (_("Number"), facts.number),
        (_("Priority"), _("yes") if facts.priority else ""),
        (_("Addressed to"), ", ".join(localized_text(data.bodies[b], "name") for b in facts.addressees)),
        (_("Recommended in"), f"{source} ({w.day_text(facts.recommended_on)})"),
        (_("Kind"), str(w.KIND[facts.kind])),
        (_("Motion"), str(w.MOTION[standing.motion]) if standing.motion else ""),
        (_("Confidence"), str(w.CONFIDENCE[standing.confidence]) if standing.confidence else ""),
    ]
    if standing.peak:
        on = peak_on(standing.peak, data.histories.get(standing.id, ()), facts.recommended_on)
        text = f"{w.status_word(standing.peak.status)}, {w.day_text(on)}"
        pairs.append((_("Highest so far"), text))
    return [(label, text) for label, text in pairs if text]


def _marks(standing: Standing) -> list[str]:
    marks = [_("low confidence")] if standing.confidence is Confidence.LOW else []
    if standing.due and standing.due.state is DeadlineState.OVERDUE:
        marks.append(overdue_words(standing.due))
    if standing.freshness in (Freshness.DUE, Freshness.STALE):
        marks.append(str(w.FRESHNESS[standing.freshness]))
    return [*marks, _("legacy")] if standing.legacy else marks


def _assessment(data: ReportData, published: PublicAssessment, titles: dict[str, str]) -> ReportAssessment:
    a, withdrawal = published.assessment, published.withdrawal
    reason = str(w.REASON[a.reason])
    if a.cause:
        reason += f" ({w.CAUSE[a.cause]})"
    return ReportAssessment(
        id=a.id,
        item=titles.get(a.element, a.element),
        status=a.status.value,
        label=w.status_word(a.status),
        on=w.day_text(a.effective_on),
        why=localized_text(a, "rationale"),
        reason=reason,
        refs=sorted(data.reference_numbers[i] for i in a.evidence),
        published=w.day_text(published.at.date().isoformat()),
        withdrawn=withdrawal.reason if withdrawal else "",
        legacy=published.legacy,
        replies=[
            _response(data, r) for r in data.responses.get(published.recommendation, ()) if r.facts.assessment == a.id
        ],
        successors=_successors(data, published) if a.status is Status.SUPERSEDED else "",
    )


def _response(data: ReportData, response: PublicResponse) -> ReportResponse:
    f = response.facts
    body = localized_text(data.bodies[f.body], "name") if f.body in data.bodies else f.body
    return ReportResponse(
        line=f"{body}: {w.POSITION[f.position]}, {w.day_text(f.given_on)}",
        text=localized_text(f, "summary"),
        refs=sorted(data.reference_numbers[i] for i in f.evidence),
        withdrawn=response.withdrawal.reason if response.withdrawal else "",
    )


def _successors(data: ReportData, published: PublicAssessment) -> str:
    titles = [localized_text(data.facts[i], "title") for i in data.successors(published.recommendation)]
    return continued_words(titles) if titles else ""


def _relation(data: ReportData, relation: KnownRelation, ident: str) -> str:
    """A relation as this recommendation reads it. A package knows titles of its own register only."""
    register = data.metadata.register
    if relation.source == (register, ident):
        label, other, name = w.RELATION[relation.relation], relation.target, relation.facts.to
    else:
        label, other, name = w.RELATION_INVERSE[relation.relation], relation.source, relation.recommendation
    if other[0] == register and other[1] in data.facts:
        name = f"{localized_text(data.facts[other[1]], 'title')} ({_status_of(data, other[1])})"
    note = localized_text(relation.facts, "note")
    return ". ".join(part for part in (f"{label}: {name}", note) if part)


def _status_of(data: ReportData, ident: str) -> str:
    standing = data.standings.get(ident)
    return w.status_word(standing.status) if standing else _("not on the scorecard")


def _deadlines(
    data: ReportData, facts: RecommendationFacts, standing: Standing, titles: dict[str, str]
) -> list[ReportDeadline]:
    named = StatedByWhom(data.bodies, data.publications)
    recommended, numbers = first_day(facts.recommended_on), data.reference_numbers
    lines = deadline_lines(
        data.deadlines.get(facts.id, ()), standing, recommended, data.times.as_of, named, titles, numbers
    )
    return [_deadline(line) for line in sorted(lines, key=lambda line: not line.is_in_force)]


def _deadline(line: DeadlineLine) -> ReportDeadline:
    words = line.words
    if line.was_overdue_when_recommended:
        words += ". " + _("It was due before it was recommended.").rstrip(".")
    return ReportDeadline(
        line=(f"{line.element}: " if line.element else "") + stated_words(line),
        words=words,
        note=localized_text(line.facts, "note"),
        refs=list(line.evidence),
        withdrawn=line.withdrawn_reason,
    )
