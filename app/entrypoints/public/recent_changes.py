"""What moved last in the world, and how much since the last review."""

from datetime import date

from msgspec import Struct

from app.entrypoints.public.page import Page
from app.entrypoints.public.scorecard_page import Board, Line
from app.presentation.narrative.review_days import ReviewDay
from domain.codes import Status
from domain.values import Assessment
from projections.assessments import queries as assessments
from projections.scorecards.status_history import status_on

MOST = 6


class Step(Struct, frozen=True):
    """One recommendation's newest change of status; `why` is None where it follows from its parts."""

    on: date
    line: Line
    before: Status
    why: Assessment | None


def latest_steps(page: Page, board: Board) -> list[Step]:
    """The newest changes of status, one a recommendation, newest first."""
    moved = [line for line in board.lines.values() if len(line.life) > 1]
    moved.sort(key=lambda line: (line.life[-1].start, line.facts.id), reverse=True)
    moved = moved[:MOST]
    why = assessments.by_id(page.db, page.id, [a for line in moved if (a := line.standing.assessment)])
    return [
        Step(line.life[-1].start, line, line.life[-2].status, why.get(line.standing.assessment or "")) for line in moved
    ]


def changed_since(board: Board, review: ReviewDay) -> int:
    """How many hold another status than on the day of a review, or were not on the scorecard then."""
    return sum(status_on(line.life, review.on) is not line.standing.status for line in board.lines.values())
