"""What the public sees of a recommendation today: its status, the words for it, and the history of its status."""

from datetime import date

from msgspec import Struct
from sqlalchemy import Connection

from app.presentation.charts.axis import Axis, build_axis
from app.presentation.charts.strips import Strip, build_strip
from app.presentation.narrative.parts import DecidingParts, deciding_parts
from app.presentation.narrative.review_days import ReviewDay, review_days
from app.presentation.narrative.statement import PresentStatement, deciding_statement
from domain.times import first_day
from domain.values import RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.scorecards.queries import standings
from projections.scorecards.results import Standing, TimePair
from projections.scorecards.status_history import status_histories


class PublicState(Struct, frozen=True):
    """`standing` is None for a recommendation that is on no scorecard; `strip` for one without a status history."""

    as_of: date
    standing: Standing | None
    statement: PresentStatement | None
    strip: Strip | None
    axis: Axis
    reviews: list[ReviewDay]
    has_deadline: bool
    deciding: DecidingParts | None

    @property
    def in_force(self) -> set[str]:
        """The ids of the assessments that decide the status of the recommendation and of its parts."""
        if self.standing is None:
            return set()
        found = (self.standing.assessment, *(e.assessment for e in self.standing.elements))
        return {ident for ident in found if ident}


def public_state(db: Connection, entry: RegisterEntry, pair: TimePair, facts: RecommendationFacts) -> PublicState:
    register, known_at, recommendation = entry.id, pair.known_at, facts.id
    standing = standings(db, register, pair, recommendation).get(recommendation)
    history = status_histories(db, register, known_at, pair.as_of, [recommendation]).get(recommendation, ())
    reviews = review_days(catalogue.reviews(db, register, known_at).values(), pair.as_of)
    axis = build_axis([history[0].start] if history else [], reviews, pair.as_of)
    evidence_end = first_day(to) if (to := entry.settings.evidence_to) else None
    return PublicState(
        as_of=pair.as_of,
        standing=standing,
        statement=deciding_statement(db, register, pair, standing),
        strip=build_strip(history, axis, evidence_end, facts.recommended_on) if history else None,
        axis=axis,
        reviews=reviews,
        deciding=deciding_parts(standing) if standing and standing.elements else None,
        has_deadline=any(d.withdrawn_at is None for d in catalogue.deadlines(db, register, known_at, recommendation)),
    )
