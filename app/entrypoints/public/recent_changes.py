"""The latest changes of status, and how many since the last review."""

from msgspec import Struct

from app.entrypoints.public.page import Page
from app.entrypoints.public.scorecard_page import ScorecardPage, ScorecardRow
from app.presentation.narrative.review_days import ReviewDay
from app.presentation.narrative.statement import PresentStatement, present_statements
from domain.codes import Status
from projections.scorecards.status_history import status_on

MAX_STEPS = 3


class RecentChange(Struct, frozen=True):
    """One recommendation's newest change of status, on the day as it was written.

    `why` is what began it, None before the first assessment.
    """

    on: str
    row: ScorecardRow
    before: Status
    why: PresentStatement | None


def latest_steps(page: Page, scorecard_page: ScorecardPage) -> list[RecentChange]:
    """The newest change of status of each recommendation, newest first."""
    rows = [row for row in scorecard_page.rows.values() if len(row.history) > 1]
    rows.sort(key=lambda row: (row.history[-1].start, row.facts.id), reverse=True)
    rows = rows[:MAX_STEPS]
    why = present_statements(page.db, page.id, page.times.pair, {row.facts.id: row.standing for row in rows})
    return [RecentChange(row.history[-1].start_on, row, row.history[-2].status, why.get(row.facts.id)) for row in rows]


def last_review_and_changes(scorecard_page: ScorecardPage) -> tuple[ReviewDay | None, int]:
    """The last review before the day and how many changed since; one before the end of the evidence if none did."""
    past = [r for r in scorecard_page.reviews if r.on < scorecard_page.day]
    reach = scorecard_page.reach
    if past and reach and past[-1].on >= reach and not count_changed_since(scorecard_page, past[-1]):
        past = [r for r in past if r.on < reach]
    if not past:
        return None, 0
    return past[-1], count_changed_since(scorecard_page, past[-1]) if scorecard_page.histories else 0


def count_changed_since(scorecard_page: ScorecardPage, review: ReviewDay) -> int:
    """How many recommendations have another status than on a review day, or were not on the scorecard."""
    return sum(status_on(row.history, review.on) is not row.standing.status for row in scorecard_page.rows.values())
