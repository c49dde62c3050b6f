"""The latest changes of status, and how many since the last review."""

from datetime import date

from msgspec import Struct

from app.entrypoints.public.page import Page
from app.entrypoints.public.scorecard_page import ScorecardPage, ScorecardRow
from app.presentation.narrative.review_days import ReviewDay
from domain.codes import Status
from domain.values import Assessment
from projections.assessments import queries as assessments
from projections.scorecards.status_history import status_on

MAX_STEPS = 6


class StatusStep(Struct, frozen=True):
    """One recommendation's newest change of status; `why` is None if it follows from its parts."""

    on: date
    row: ScorecardRow
    before: Status
    why: Assessment | None


def latest_steps(page: Page, scorecard_page: ScorecardPage) -> list[StatusStep]:
    """The newest change of status of each recommendation, newest first."""
    rows = [row for row in scorecard_page.rows.values() if len(row.history) > 1]
    rows.sort(key=lambda row: (row.history[-1].start, row.facts.id), reverse=True)
    rows = rows[:MAX_STEPS]
    why = assessments.by_id(page.db, page.id, [a for row in rows if (a := row.standing.assessment)])
    return [
        StatusStep(row.history[-1].start, row, row.history[-2].status, why.get(row.standing.assessment or ""))
        for row in rows
    ]


def count_changed_since(scorecard_page: ScorecardPage, review: ReviewDay) -> int:
    """How many recommendations have another status than on a review day, or were not on the scorecard."""
    return sum(status_on(row.history, review.on) is not row.standing.status for row in scorecard_page.rows.values())
