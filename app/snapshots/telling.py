"""Tells a report in one language."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from app.public.charts.flow import LADDER
from app.public.charts.strips import strip
from app.public.headlines import of_scorecard
from app.snapshots.own_words import own_words
from app.snapshots.report import Erratum, Judgement, Move, Number, Part, Reference, Report, Section, Theme
from app.snapshots.told import Told
from app.web import words as w
from app.web.local import said_text
from app.web.texts import _, gettext, page_language, speak
from domain.methodology import UPTAKE_2026_1 as METHOD
from domain.recommendation.events import AssessmentPublished, AssessmentWithdrawn, RecommendationWithdrawn
from domain.times import first_day
from domain.words import Bucket
from projections.scorecards.answers import Standing


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Texts made inside are in this language."""
    before = page_language()
    speak(language)
    try:
        yield
    finally:
        speak(before)


def report(told: Told, language: str) -> Report:
    """The whole report; texts are made in the language as it is told."""
    with speaking(language):
        return _report(told, language)


def _report(told: Told, language: str) -> Report:
    face, times, settings = told.face, told.times, told.entry.settings
    review = next(r for r in told.reviews if r.id == face.review and r.on == times.as_of)
    title = review.title if review.years is None else f"{review.title}: {review.label}"
    c = told.counts
    b = c.buckets
    return Report(
        language=language,
        register=said_text(settings, "title"),
        title=title,
        size=len(told.held),
        as_of=w.day_text(face.as_of),
        known=str(w.instant(face.known).striptags()),
        headline="".join(text for text, _bucket in of_scorecard(c)),
        notes=_notes(told),
        summary=[p.strip() for p in said_text(face, "summary").split("\n\n") if p.strip()],
        numbers=[
            *(_number(str(w.BUCKET[k]), b[k], c.rated, bucket=k.value) for k in Bucket if k is not Bucket.NOT_RATED),
            Number(str(w.BUCKET[Bucket.NOT_RATED]), b[Bucket.NOT_RATED], c.on_scorecard, "", bucket="not_rated"),
            _number(_("done at some time up to this day"), c.ever_done, c.rated),
            _number(_("still done on this day"), c.still_done, c.rated),
            _number(_("stale on this day"), c.stale, c.on_scorecard),
            _number(_("with a legacy mark"), c.legacy, c.on_scorecard),
        ],
        statuses=[_status(told, status) for status in LADDER],
        since=_since(told),
        learned=[_move(told, r, r.a, r.b) for r in told.comparison.rows if r.learned],
        changed=[_move(told, r, r.b, r.c) for r in told.comparison.rows if r.changed],
        themes=_themes(told),
        references=[_reference(told, ident, n) for ident, n in told.numbers.items()],
        errata=_errata(told),
        rules=[(rule.number, gettext(rule.sentence)) for rule in METHOD.rules],
        years=told.axis.years(),
        words=own_words(),
        address=face.address,
    )


def _number(label: str, n: int, of: int, bucket: str = "") -> Number:
    return Number(label, n, of, w.percent((n, of)), bucket=bucket)


def _status(told: Told, status: Any) -> Number:
    n, bucket = told.counts.totals[status], METHOD.bucket(status)
    of = told.counts.on_scorecard if bucket == "not_rated" else told.counts.rated
    meaning = gettext(next(s.meaning for s in METHOD.statuses if s.code is status))
    share = "" if bucket == "not_rated" else w.percent((n, of))
    return Number(str(w.STATUS[status]), n, of, share, str(w.BUCKET[bucket]), status.value, meaning)


def _notes(told: Told) -> list[str]:
    face, times, found = told.face, told.times, []
    on = w.day_text(times.known_day.isoformat())
    if face.reconstructed:
        found.append(
            _(
                "Reconstructed on %(day)s. This review was taken after its day, from evidence dated up to it; it was "
                "not published then.",
                day=on,
            )
        )
    if not face.signed_off:
        found.append(_("Not signed off: it was frozen without the signatures of two people."))
    if times.beyond_evidence:
        found.append(
            _(
                "The search for evidence reaches to %(day)s. What is shown for later days is carried forward.",
                day=w.day_text(told.entry.settings.evidence_to),
            )
        )
    return found


def _since(told: Told) -> str:
    return _(
        "From %(first)s, as known on %(known)s, to %(second)s.",
        first=w.day_text(told.since.as_of.isoformat()),
        known=w.day_text(told.since.known_day.isoformat()),
        second=w.day_text(told.face.as_of),
    )


def _move(told: Told, row: Any, before: Any, after: Any) -> Move:
    causes = [a for cause in row.assessments if (a := told.assessment(cause.id))]
    return Move(
        title=said_text(told.facts[row.id], "title"),
        before=_label(before),
        after=_label(after),
        direction=_direction(row.direction),
        why=said_text(causes[-1], "rationale") if causes else "",
        before_status=before.value if before else "",
        after_status=after.value if after else "",
    )


def _label(status: Any) -> str:
    return str(w.STATUS[status]) if status else _("not on the scorecard")


def _direction(code: str) -> str:
    return {
        "up": _("moved up"),
        "down": _("moved down"),
        "reversed": _("reversed"),
        "level": _("changed on the level"),
        "unchanged": _("unchanged"),
        "added": _("added"),
        "removed": _("removed"),
    }[code]


def _themes(told: Told) -> list[Theme]:
    found: dict[str, list[Section]] = defaultdict(list)
    for ident, standing in told.held.items():
        found[standing.theme].append(_section(told, ident, standing))
    return [
        Theme(said_text(told.themes[i], "title") if i in told.themes else i, sections) for i, sections in found.items()
    ]


def _section(told: Told, ident: str, standing: Standing) -> Section:
    facts, life = told.facts[ident], told.lives.get(ident, ())
    drawn = strip(life, told.axis, told.reach)
    card = told.cards.get((ident, ""))
    elements = {e.id: e for e in standing.elements}
    titles = {e.id: said_text(e, "title") for e in told.elements[ident]}
    return Section(
        id=ident,
        title=said_text(facts, "title"),
        summary=said_text(facts, "summary"),
        status=standing.status.value,
        label=str(w.STATUS[standing.status]),
        facts=_facts(told, facts, standing),
        segments=list(drawn.segments),
        life=drawn.words,
        parts=[
            Part(titles[i], e.status.value, str(w.STATUS[e.status]), e.core) for i, e in elements.items() if i in titles
        ],
        counts=said_text(card, "counts") if card else "",
        counts_not=said_text(card, "does_not_count") if card else "",
        judgements=[_judgement(told, event, at, titles) for event, at in told.published[ident]],
        happenings=[
            (w.day_text(d.date), said_text(d, "summary"), sorted(told.numbers[i] for i in d.evidence))
            for d in sorted(told.developments, key=lambda d: first_day(d.date))
            if ident in d.recommendations
        ],
    )


def _facts(told: Told, facts: Any, standing: Standing) -> list[tuple[str, str]]:
    publication = told.publications[facts.publication]
    source = f"{publication.title}{', ' + facts.locator if facts.locator else ''}"
    held = [
        (_("Asked of"), ", ".join(said_text(told.bodies[b], "name") for b in facts.addressees)),
        (_("Recommended in"), f"{source} ({w.day_text(facts.recommended_on)})"),
        (_("Kind"), str(w.KIND[facts.kind])),
        (_("Since"), w.day_text(standing.since) if standing.since else ""),
        (_("Motion"), str(w.MOTION[standing.motion]) if standing.motion else ""),
        (_("Confidence"), str(w.CONFIDENCE[standing.confidence]) if standing.confidence else ""),
        (_("Freshness"), str(w.FRESHNESS[standing.freshness]) if standing.freshness else ""),
    ]
    if standing.peak:
        text = f"{w.STATUS[standing.peak.status]}, {w.day_text(standing.peak.on.isoformat())}"
        held.append((_("Highest so far"), text))
    return [(label, text) for label, text in held if text]


def _judgement(told: Told, event: AssessmentPublished, at: Any, titles: dict[str, str]) -> Judgement:
    a, taken_back = event.assessment, told.withdrawn.get(event.assessment.id)
    reason = str(w.REASON[a.reason])
    if a.cause:
        reason += f" ({w.CAUSE[a.cause]})"
    return Judgement(
        id=a.id,
        item=titles.get(a.element, a.element),
        status=a.status.value,
        label=str(w.STATUS[a.status]),
        on=w.day_text(a.effective_on),
        why=said_text(a, "rationale"),
        reason=reason,
        refs=sorted(told.numbers[i] for i in a.evidence),
        published=w.day_text(at.date().isoformat()),
        withdrawn=taken_back.reason if taken_back else "",
        legacy=event.legacy,
    )


def _reference(told: Told, ident: str, n: int) -> Reference:
    e = told.evidence[ident]
    about = [e.publisher, w.day_text(e.published_on) if e.published_on else "", str(w.SOURCE_CLASS[e.source_class])]
    return Reference(n, e.title or _("Text removed"), ", ".join(a for a in about if a), e.url)


def _errata(told: Told) -> list[Erratum]:
    found = []
    for entry in told.events:
        event = entry.event
        if isinstance(event, AssessmentWithdrawn | RecommendationWithdrawn):
            title = said_text(told.facts[event.recommendation], "title")
            what = f"{title} ({event.assessment})" if isinstance(event, AssessmentWithdrawn) else title
            found.append(Erratum(w.day_text(entry.happened_at.date().isoformat()), what, event.reason))
    return found
