"""What was corrected of a frozen review: the record of today, compared with the frozen rows."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from markupsafe import Markup
from msgspec import Struct

from app.entrypoints.http.query_params import read_page_number
from app.entrypoints.public.page import Page
from app.presentation.i18n.localize import localized
from app.presentation.narrative.change_reasons import reasons_of_corrections
from app.presentation.narrative.said_and_now import standing_words
from domain.times import first_day
from domain.values import RecommendationFacts, Snapshot
from projections.assessments import queries as assessments
from projections.catalogue import queries as catalogue
from projections.scorecards.corrected_rows import count_corrected, read_corrected
from projections.scorecards.queries import counts, standings_of
from projections.scorecards.results import Counts, TimePair

FIRST_ROWS, PAGE_ROWS = 25, 100
"""How many rows the page of the review shows, and a page of this list alone."""
MAX_WITHDRAWALS = 25


class CorrectedItem(Struct, frozen=True):
    """A row that reads differently today, in words."""

    facts: RecommendationFacts
    frozen: Markup | str
    now: Markup | str
    why: Markup | str
    at: datetime


class LaterWithdrawal(Struct, frozen=True):
    """A withdrawal of frozen content that changed neither status nor date on the day of the review."""

    at: datetime
    title: Markup | str
    why: str
    recommendation: str


class Corrections(Struct, frozen=True):
    """A page of the corrected rows; `number` counts all pages. `counts_now` is None if no count differs."""

    number: int
    items: tuple[CorrectedItem, ...]
    page: int
    pages: int
    counts_now: Counts | None
    withdrawals: tuple[LaterWithdrawal, ...]


def build_corrections(
    page: Page, snapshot: Snapshot, frozen: TimePair, numbers: Counts, query: dict[str, str]
) -> Corrections:
    """`numbers` are the frozen counts; with `show`, the query may name a page. Raises `Refused` if none is there."""
    known_at = page.times.known_at
    total = count_corrected(page.db, page.id, frozen, known_at)
    size = PAGE_ROWS if "show" in query else FIRST_ROWS
    pages = max(1, -(-total // size))
    number = read_page_number(query, pages) if "show" in query else 1
    items = _items(page, frozen, (number - 1) * size, size) if total else []
    now = counts(page.db, page.id, TimePair(frozen.as_of, known_at)) if total else numbers
    named = {item.facts.id for item in items}
    return Corrections(
        total,
        tuple(items),
        number,
        pages,
        now if now.by_bucket != numbers.by_bucket else None,
        tuple(islice(_withdrawals(page, snapshot, frozen, named), MAX_WITHDRAWALS)),
    )


def _items(page: Page, frozen: TimePair, start: int, limit: int) -> list[CorrectedItem]:
    db, register, today = page.db, page.id, TimePair(frozen.as_of, page.times.known_at)
    corrected = read_corrected(db, register, frozen, today.known_at, start=start, limit=limit)
    ids = [entry.row.id for entry in corrected]
    before, after = standings_of(db, register, frozen, ids), standings_of(db, register, today, ids)
    facts = catalogue.recommendations_of(db, register, frozen.known_at, ids)
    facts |= catalogue.recommendations_of(db, register, today.known_at, ids)
    reasons = reasons_of_corrections(db, register, [entry.row for entry in corrected], today)
    return [
        CorrectedItem(
            facts=(of := facts[entry.row.id].facts),
            frozen=standing_words(before.get(of.id), of),
            now=standing_words(after.get(of.id), of),
            why=reasons[of.id].marked_text if of.id in reasons else "",
            at=entry.at,
        )
        for entry in corrected
    ]


def _withdrawals(page: Page, snapshot: Snapshot, frozen: TimePair, named: set[str]) -> Iterator[LaterWithdrawal]:
    """The latest first, without those of the recommendations that are named already."""
    for withdrawal in reversed(assessments.withdrawals(page.db, page.id, after=snapshot.log_position)):
        ident = withdrawal.recommendation
        if ident in named or (
            withdrawal.assessment and not _is_in_snapshot(page, snapshot, frozen, withdrawal.assessment)
        ):
            continue
        facts = catalogue.recommendations_of(page.db, page.id, frozen.known_at, [ident])
        facts |= catalogue.recommendations_of(page.db, page.id, page.times.known_at, [ident])
        if ident in facts:
            title = localized(facts[ident].facts, "title")
            yield LaterWithdrawal(withdrawal.at, title, withdrawal.reason, ident)


def _is_in_snapshot(page: Page, snapshot: Snapshot, frozen: TimePair, assessment: str) -> bool:
    """Whether a frozen review rests on an assessment."""
    published = assessments.publication(page.db, page.id, assessment)
    if published is None or published.position > snapshot.log_position:
        return False
    return first_day(published.assessment.effective_on) <= frozen.as_of
