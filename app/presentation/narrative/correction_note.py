"""What a page said before the newest correction of it, and what it says now."""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup
from msgspec import Struct
from sqlalchemy import Connection

from app.presentation.narrative.corrections import JUST_BEFORE
from app.presentation.narrative.said_and_now import SaidAndNow, corrected_statuses, status_and_day
from app.presentation.narrative.story import Correction
from domain.times import end_of_day, written
from domain.values import RecommendationFacts
from projections.catalogue.entries import RegisterEntry
from projections.scorecards.queries import standings
from projections.scorecards.results import Standing, TimePair


class CorrectionNote(Struct, frozen=True):
    """`known_at` is the last instant at which the page said what it said before, as a parameter of its address."""

    on: str
    words: SaidAndNow
    why: Markup | str
    known_at: str


def correction_note(
    db: Connection,
    register: RegisterEntry,
    facts: RecommendationFacts,
    corrections: Sequence[Correction],
    at: TimePair,
    standing: Standing | None,
) -> CorrectionNote | None:
    """That of the last day of corrections, if what the page says of its day is their result.

    Those of one day are one correction: what was withdrawn is often published again a moment later. `corrections` are
    those known at the page's instant, oldest first.
    """
    public = [c for c in corrections if register.opened_at and c.at > register.opened_at]
    if not public:
        return None
    last_day = public[-1].at.date()
    first = next(c for c in public if c.at.date() == last_day)

    def standing_at(instant: datetime) -> Standing | None:
        return standings(db, register.id, TimePair(at.as_of, instant), facts.id).get(facts.id)

    before_at = first.at - JUST_BEFORE
    before, after = standing_at(before_at), standing_at(min(end_of_day(last_day), at.known_at))
    lines = corrected_statuses(before, after, facts)
    if not lines or status_and_day(after) != status_and_day(standing):
        return None
    return CorrectionNote(last_day.isoformat(), lines[0], public[-1].why, written(before_at))
