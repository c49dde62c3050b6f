"""What a page said before the newest correction of it, and what it says now."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from markupsafe import Markup
from msgspec import Struct
from sqlalchemy import Connection

from app.presentation.i18n.labels import status_word
from app.presentation.i18n.translation import _
from app.presentation.narrative.status_dates import since_text
from app.presentation.narrative.story import Correction
from domain.times import end_of_day, written
from domain.values import RecommendationFacts
from projections.catalogue.entries import RegisterEntry
from projections.scorecards.queries import standings
from projections.scorecards.results import Standing, TimePair

_MICROSECOND = timedelta(microseconds=1)


class CorrectionNote(Struct, frozen=True):
    """`known_at` is the last instant at which the page said what it said before, as a parameter of its address."""

    on: str
    said: Markup | str
    now: Markup | str
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

    before_at = first.at - _MICROSECOND
    before, after = standing_at(before_at), standing_at(min(end_of_day(last_day), at.known_at))
    is_result = _status(after) == _status(standing) and _status(before) != _status(after)
    if before is None or not is_result:
        return None
    said, now = standing_words(before, facts), standing_words(standing, facts)
    return CorrectionNote(last_day.isoformat(), said, now, public[-1].why, written(before_at))


def _status(standing: Standing | None) -> tuple[object, ...]:
    return (standing.status, standing.since) if standing else ()


def standing_words(standing: Standing | None, facts: RecommendationFacts) -> Markup | str:
    """The status and since when: “In progress, since 1 May 2024”."""
    if standing is None:
        return _("not on the scorecard")
    since = since_text(standing, facts, "long")
    return Markup("{}, {}").format(status_word(standing.status), since) if since else status_word(standing.status)
