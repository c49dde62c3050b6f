"""What can be said of a register in three sentences, each computed for a pair of times."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from app.presentation.i18n.labels import day_text
from app.presentation.i18n.translation import _
from app.presentation.narrative.headlines import motion_line, overdue_line
from app.presentation.narrative.known_then import scorecard_sentence
from app.presentation.narrative.review_days import ReviewDay, review_days
from domain.codes import Bucket
from domain.values import ReviewSchedule
from projections.catalogue.entries import RegisterEntry
from projections.scorecards.queries import counts, due_counts
from projections.scorecards.results import Counts, TimePair


def findings(
    db: Connection, entry: RegisterEntry, at: TimePair, schedules: Iterable[ReviewSchedule], reach: str, *, past: bool
) -> list[str]:
    """The state, how it moves, and what became of it since an earlier review; only those that can be said.

    `past` speaks of an earlier day. Each ends with `reach`, how far the evidence reaches, because each is quoted alone.
    """
    numbers = counts(db, entry.id, at)
    state = "".join(text for text, _bucket in scorecard_sentence(db, entry, at, numbers, past=past))
    if not numbers.on_scorecard:
        return [state]
    dues = due_counts(db, entry.id, at)
    movement = " ".join(filter(None, (motion_line(numbers, past=past), overdue_line(dues, past=past))))
    sentences = [state, movement, _since_review(db, entry, at, schedules, numbers)]
    return [f"{sentence} {reach}".rstrip() for sentence in sentences if sentence]


def _since_review(
    db: Connection, entry: RegisterEntry, at: TimePair, schedules: Iterable[ReviewSchedule], numbers: Counts
) -> str:
    """How many were done at the last review before the day, and how many on the day; empty without such a review."""
    for review in reversed(review_days(schedules, at.as_of)):
        earlier = counts(db, entry.id, TimePair(review.on, at.known_at)) if review.on < at.as_of else None
        if earlier and earlier.rated:
            return _compared(review, earlier, at.as_of, numbers)
    return ""


def _compared(review: ReviewDay, earlier: Counts, on: date, now: Counts) -> str:
    return _(
        "On %(before)s, the day of the review “%(review)s”, %(done)s of %(rated)s rated recommendations were done; "
        "on %(day)s it was %(now)s of %(all)s.",
        before=day_text(review.on.isoformat()),
        review=review.title,
        done=earlier.buckets[Bucket.DONE],
        rated=earlier.rated,
        day=day_text(on.isoformat()),
        now=now.buckets[Bucket.DONE],
        all=now.rated,
    )
