"""What the report says, in one language, as plain data: the page, the PDF and the document are three forms of it."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection

from app.pairs import Times
from app.public.charts.axis import Axis, axis_of
from app.public.charts.flow import LADDER
from app.public.charts.strips import Segment, strip
from app.public.headlines import of_scorecard
from app.public.reviews import ReviewDay, review_days
from app.snapshots.face import Face
from app.web import words as w
from app.web.local import said_text
from app.web.texts import _, gettext, page_language, speak
from domain.methodology import UPTAKE_2026_1 as METHOD
from domain.recommendation.events import AssessmentPublished, AssessmentWithdrawn, RecommendationWithdrawn
from domain.times import first_day
from domain.words import Bucket
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.scorecards.answers import Counts, Standing
from projections.scorecards.comparing import Comparison
from projections.scorecards.lives import Life, lives
from projections.scorecards.queries import counts, standings
from projections.timeline import queries as timeline


class Number(Struct, frozen=True):
    """A figure with what it is a figure of."""

    label: str
    n: int
    of: int
    percent: str
    bucket: str = ""
    status: str = ""
    meaning: str = ""


class Judgement(Struct, frozen=True):
    """A published assessment."""

    id: str
    item: str
    status: str
    label: str
    on: str
    why: str
    reason: str
    refs: list[int]
    published: str
    withdrawn: str = ""
    legacy: bool = False


class Part(Struct, frozen=True):
    title: str
    status: str
    label: str
    core: bool


class Section(Struct, frozen=True):
    """One recommendation."""

    id: str
    title: str
    summary: str
    status: str
    label: str
    facts: list[tuple[str, str]]
    segments: list[Segment]
    life: str
    parts: list[Part]
    counts: str
    counts_not: str
    judgements: list[Judgement]
    happenings: list[tuple[str, str, list[int]]]


class Theme(Struct, frozen=True):
    title: str
    sections: list[Section]


class Move(Struct, frozen=True):
    """One row of what changed."""

    title: str
    before: str
    after: str
    direction: str
    why: str
    before_status: str = ""
    after_status: str = ""


class Reference(Struct, frozen=True):
    n: int
    title: str
    about: str
    url: str


class Erratum(Struct, frozen=True):
    on: str
    what: str
    why: str


class Report(Struct, frozen=True):
    language: str
    register: str
    title: str
    as_of: str
    known: str
    headline: str
    notes: list[str]
    summary: list[str]
    numbers: list[Number]
    statuses: list[Number]
    since: str
    learned: list[Move]
    changed: list[Move]
    themes: list[Theme]
    references: list[Reference]
    errata: list[Erratum]
    rules: list[tuple[int, str]]
    years: list[tuple[float, str]]
    words: dict[str, str]
    address: str


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Texts made inside are in this language."""
    before = page_language()
    speak(language)
    try:
        yield
    finally:
        speak(before)


class Told:
    """What both languages and the charts are told from: asked of the tables once."""

    def __init__(
        self, db: Connection, face: Face, entry: RegisterEntry, times: Times, comparison: Comparison, since: Times
    ) -> None:
        known, register = face.known, face.register
        self.face, self.entry, self.times, self.comparison, self.since = face, entry, times, comparison, since
        self.held: dict[str, Standing] = standings(db, register, times.pair)
        self.counts: Counts = counts(db, register, times.pair)
        self.facts = {i: e.facts for i, e in catalogue.recommendations(db, register, known).items()}
        self.themes = catalogue.themes(db, register, known)
        self.bodies = catalogue.bodies(db, register, known)
        self.publications = catalogue.publications(db, register, known)
        self.cards = {(c.recommendation, c.card.element): c.card for c in catalogue.cards(db, register, known)}
        self.elements = defaultdict(list)
        for element in catalogue.elements(db, register, known):
            self.elements[element.recommendation].append(element.element)
        self.developments = [d for d in catalogue.developments(db, register, known) if first_day(d.date) <= times.as_of]
        self.schedules = list(catalogue.reviews(db, register, known).values())
        self.lives: dict[str, Life] = lives(db, register, known, times.as_of)
        evidence_to = entry.settings.evidence_to
        self.reach = first_day(evidence_to) if evidence_to else None
        with_topics = ("recommendation.assessment_published", "recommendation.assessment_withdrawn")
        events = timeline.of_register(db, register, topics=(*with_topics, "recommendation.withdrawn"))
        self.events = [e for e in events if e.happened_at <= known]
        self.published = defaultdict(list)
        for e in self.events:
            if isinstance(e.event, AssessmentPublished) and first_day(e.event.assessment.effective_on) <= times.as_of:
                self.published[e.event.recommendation].append((e.event, e.happened_at))
        self.said = {e.assessment.id: e.assessment for held in self.published.values() for e, _at in held}
        self.withdrawn = {e.event.assessment: e.event for e in self.events if isinstance(e.event, AssessmentWithdrawn)}
        self.numbers: dict[str, int] = {}
        for ident in self.held:
            for ref in self._cited(ident):
                self.numbers.setdefault(ref, len(self.numbers) + 1)
        self.evidence = catalogue.evidence(db, register, known)

    @property
    def reviews(self) -> list[ReviewDay]:
        return review_days(self.schedules, self.times.as_of)

    @property
    def axis(self) -> Axis:
        return axis_of([life[0].start for life in self.lives.values() if life], self.reviews, self.times.as_of)

    def _cited(self, recommendation: str) -> list[str]:
        found = [i for event, _at in self.published[recommendation] for i in event.assessment.evidence]
        return found + [i for d in self.developments if recommendation in d.recommendations for i in d.evidence]

    def assessment(self, ident: str) -> Any:
        return self.said.get(ident)

    def report(self, language: str) -> Report:
        with speaking(language):
            return _report(self, language)


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
        words=_words(told),
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
        why=" ".join(said_text(a, "rationale") for a in causes),
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


def _words(told: Told) -> dict[str, str]:
    """The report's own words, for its three forms."""
    return {
        "contents": _("Contents"),
        "as_of": _("In the world, as of"),
        "known": _("In this register, as known at"),
        "position": _("Events in the log"),
        "numbers": _("The numbers"),
        "of": _("of"),
        "status": _("Status"),
        "group": _("Group"),
        "count": _("Count"),
        "meaning": _("Meaning"),
        "summary": _("Summary"),
        "method": _("Methodology in brief"),
        "method_text": _(
            "Rated is what is in force on the day asked about, not what was signed; outcomes, not effort. The status "
            "on a day, as known at an instant, is that of the assessment with the latest effective day among those "
            "published by then, not withdrawn by then, and effective by that day. Percentages are over rated "
            "recommendations, and none is an average."
        ),
        "changes": _("What changed"),
        "world": _("What changed in the world"),
        "learned": _("What we learned or corrected"),
        "nothing": _("Nothing."),
        "before": _("Before"),
        "after": _("After"),
        "why": _("Why"),
        "charts": _("Status over time"),
        "charts_text": _("How many recommendations held each status on each day, from the first to the day of review."),
        "recommendation": _("Recommendation"),
        "recommendations": _("The recommendations, one by one"),
        "parts": _("Parts"),
        "core": _("core"),
        "counts": _("What counts"),
        "counts_not": _("What does not count"),
        "assessments": _("Assessments"),
        "happenings": _("Developments"),
        "reason": _("Reason"),
        "published": _("Published"),
        "withdrawn": _("Withdrawn"),
        "legacy": _("Legacy mark: it breaks a rule of the methodology in force here."),
        "life": _("Its life"),
        "references": _("Evidence"),
        "errata": _("Errata"),
        "errata_none": _("No assessment known by then had been withdrawn."),
        "verify": _("Check it yourself"),
        "verify_text": _(
            "This report is one file of a signed package that holds the data, the events behind it and the list of "
            "all files with their SHA-256. Change one byte and the check names the file. The permanent address, in "
            "the code beside this text, leads to the package, to later corrections, and to the page that checks it."
        ),
        "address": _("Permanent address"),
        "methodology": _("Methodology"),
        "made_with": _("Made with"),
        "tagline": _("Who acted on what was recommended"),
        "too_many": _("The sections of single recommendations are in the page and the workbook of this package."),
    }
