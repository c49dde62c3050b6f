"""What a report is told from: asked of the tables once, for both languages and the charts."""

from collections import defaultdict
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from app.pairs import Times
from app.public.charts.axis import Axis, axis_of
from app.public.reviews import ReviewDay, review_days
from app.snapshots.face import Face
from app.snapshots.report import MOST
from domain.recommendation.events import AssessmentPublished, AssessmentWithdrawn
from domain.times import first_day
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.scorecards.answers import Counts, Standing
from projections.scorecards.comparing import Comparison
from projections.scorecards.lives import Life, lives
from projections.scorecards.queries import counts, standings
from projections.timeline import queries as timeline


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
    def is_large(self) -> bool:
        """Whether single assessments are left to the workbook."""
        return len(self.held) > MOST

    @property
    def reviews(self) -> list[ReviewDay]:
        return review_days(self.schedules, self.times.as_of)

    @cached_property
    def axis(self) -> Axis:
        return axis_of([life[0].start for life in self.lives.values() if life], self.reviews, self.times.as_of)

    def _cited(self, recommendation: str) -> list[str]:
        found = [i for event, _at in self.published[recommendation] for i in event.assessment.evidence]
        return found + [i for d in self.developments if recommendation in d.recommendations for i in d.evidence]

    def assessment(self, ident: str) -> Any:
        return self.said.get(ident)
