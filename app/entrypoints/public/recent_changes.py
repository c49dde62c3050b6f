"""The latest changes of status, and how many since the last review."""

from msgspec import Struct

from app.entrypoints.public.page import Page
from app.entrypoints.public.scorecard_page import DrawnHistories, ScorecardPage
from app.presentation.narrative.review_days import ReviewDay
from app.presentation.narrative.statement import PresentStatement, present_statements
from domain.codes import Status
from domain.times import first_day
from domain.values import RecommendationFacts
from projections.scorecards.status_history import status_on

MAX_STEPS = 3


class RecentChange(Struct, frozen=True):
    """One recommendation's newest change of status, on the day as it was written.

    `why` is what began it, None before the first assessment.
    """

    on: str
    facts: RecommendationFacts
    before: Status
    after: Status
    why: PresentStatement | None


def latest_steps(page: Page, drawn: DrawnHistories, rows: ScorecardPage) -> list[RecentChange]:
    """The newest change of status of each recommendation, newest first."""
    changed = [(history[-1].start, ident) for ident, history in drawn.histories.items() if len(history) > 1]
    ids = [ident for _day, ident in sorted(changed, reverse=True)[:MAX_STEPS]]
    entries = rows.entries(page, ids)
    standings = {ident: standing for ident, (_facts, standing) in entries.items()}
    why = present_statements(page.db, page.id, page.times.pair, standings)
    steps = []
    for ident in ids:
        before, now = drawn.histories[ident][-2:]
        steps.append(RecentChange(now.start_on, entries[ident][0], before.status, now.status, why.get(ident)))
    return steps


def last_review_and_changes(page: Page, drawn: DrawnHistories) -> tuple[ReviewDay | None, int]:
    """The last review before the day and how many changed since; one before the end of the evidence if none did."""
    past = [r for r in drawn.reviews if r.on < page.times.as_of]
    until = page.entry.settings.evidence_to
    reach = first_day(until) if until else None
    if past and reach and past[-1].on >= reach and not count_changed_since(drawn, past[-1]):
        past = [r for r in past if r.on < reach]
    if not past:
        return None, 0
    return past[-1], count_changed_since(drawn, past[-1])


def count_changed_since(drawn: DrawnHistories, review: ReviewDay) -> int:
    """How many recommendations have another status than on a review day, or were not on the scorecard."""
    return sum(status_on(history, review.on) is not history[-1].status for history in drawn.histories.values())
