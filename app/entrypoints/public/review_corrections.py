"""What differs of a frozen review: the same day as known today, compared with the frozen rows and numbers."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from markupsafe import Markup
from msgspec import Struct

from app.entrypoints.http.query_params import read_page_number
from app.entrypoints.public.page import Page
from app.presentation.i18n.localize import localized, original
from app.presentation.narrative.change_reasons import reasons_of_corrections
from app.presentation.narrative.frozen_notes import reach_on_day
from app.presentation.narrative.headlines import HeadlinePart, condition_line, scorecard_headline
from app.presentation.narrative.said_and_now import SaidAndNow
from app.presentation.narrative.standing_differences import RowNames, RowSide, standing_differences
from domain.times import first_day
from domain.values import RecommendationFacts, Snapshot
from projections.assessments import queries as assessments
from projections.catalogue import queries as catalogue
from projections.changes import queries as changes
from projections.scorecards.corrected_rows import CorrectedRow, count_corrected, read_corrected
from projections.scorecards.queries import counts, due_counts
from projections.scorecards.results import Counts, DueCounts, Standing, TimePair

FIRST_ROWS, PAGE_ROWS = 25, 100
"""How many rows the page of the review shows, and a page of this list alone."""
MAX_WITHDRAWALS = 25
MAX_REASONS = 5
"""How many reasons a row gives; the entries of the recommendation have all of them."""

EXPLAINED_BY = ("recommendation_withdrawal", "deadline_withdrawal")
"""The changes without an assessment whose words say why a row reads differently, besides amendments."""


class CorrectedItem(Struct, frozen=True):
    """A row that reads differently today, in words. `lines` begin with the status, also if it is the same."""

    facts: RecommendationFacts
    lines: tuple[SaidAndNow, ...]
    reasons: tuple[Markup | str, ...]
    at: datetime


class LaterWithdrawal(Struct, frozen=True):
    """A withdrawal of frozen content that changed no row on the day of the review."""

    at: datetime
    title: Markup | str
    why: str
    recommendation: str


class FrozenNumbers(Struct, frozen=True):
    """The numbers of a scorecard that its headline says."""

    counts: Counts
    dues: DueCounts


class HeadlineNow(Struct, frozen=True):
    """The headline of the day as known today, if another number of the day is another one."""

    parts: tuple[HeadlinePart, ...]
    condition: str


class Corrections(Struct, frozen=True):
    """A page of the corrected rows; `number` counts all pages. `headline` is None if no number differs."""

    number: int
    items: tuple[CorrectedItem, ...]
    page: int
    pages: int
    headline: HeadlineNow | None
    withdrawals: tuple[LaterWithdrawal, ...]


def read_numbers(page: Page, at: TimePair) -> FrozenNumbers:
    return FrozenNumbers(counts(page.db, page.id, at), due_counts(page.db, page.id, at))


def build_corrections(
    page: Page, snapshot: Snapshot, frozen: TimePair, numbers: FrozenNumbers, query: dict[str, str]
) -> Corrections:
    """`numbers` are the frozen ones; with `show`, the query may name a page. Raises `Refused` if none is there."""
    known_at = page.times.known_at
    if "show" in query:
        total = count_corrected(page.db, page.id, frozen, known_at)
        size, pages = PAGE_ROWS, max(1, -(-total // PAGE_ROWS))
        number = read_page_number(query, pages)
        items, _total = _items(page, frozen, (number - 1) * size, size)
    else:
        items, total = _items(page, frozen, 0, FIRST_ROWS)
        number, pages = 1, max(1, -(-total // FIRST_ROWS))
    named = {item.facts.id for item in items}
    return Corrections(
        total,
        tuple(items),
        number,
        pages,
        _headline(page, read_numbers(page, TimePair(frozen.as_of, known_at)), numbers, frozen),
        tuple(islice(_withdrawals(page, snapshot, frozen, named), MAX_WITHDRAWALS)),
    )


def _headline(page: Page, now: FrozenNumbers, then: FrozenNumbers, frozen: TimePair) -> HeadlineNow | None:
    if now == then:
        return None
    at = TimePair(frozen.as_of, page.times.known_at)
    reach = reach_on_day(page.db, page.id, page.entry.settings.evidence_to, at)
    parts = tuple(scorecard_headline(now.counts, past=True))
    return HeadlineNow(parts, condition_line(now.counts, now.dues, reach, past=True))


def _items(page: Page, frozen: TimePair, start: int, limit: int) -> tuple[list[CorrectedItem], int]:
    """Some of them, and how many there are."""
    db, register, today = page.db, page.id, TimePair(frozen.as_of, page.times.known_at)
    corrected, total = read_corrected(db, register, frozen, today.known_at, start=start, limit=limit)
    ids = [entry.row.id for entry in corrected]
    then = catalogue.recommendations_of(db, register, frozen.known_at, ids)
    now = catalogue.recommendations_of(db, register, today.known_at, ids)
    names = _names(page, corrected, frozen)
    reasons = _reasons(page, corrected, frozen)
    items = []
    for entry in corrected:
        after = now[entry.row.id].facts
        before = then[entry.row.id].facts if entry.row.id in then else after
        sides = RowSide(before, entry.before), RowSide(after, entry.after)
        lines = standing_differences(*sides, names)
        items.append(CorrectedItem(after, lines, reasons[entry.row.id], entry.at))
    return items, total


def _names(page: Page, corrected: Sequence[CorrectedRow], frozen: TimePair) -> RowNames:
    db, register, known_at = page.db, page.id, page.times.known_at
    standings: list[Standing] = [s for entry in corrected for s in (entry.before, entry.after) if s]
    elements = {(s.id, element.id) for s in standings for element in s.elements}
    ids = {a for s in standings for a in (s.assessment, *(e.assessment for e in s.elements)) if a}
    return RowNames(
        catalogue.themes(db, register, frozen.known_at) | catalogue.themes(db, register, known_at),
        catalogue.elements_by_id(db, register, known_at, elements),
        assessments.by_id(db, register, ids),
    )


def _reasons(page: Page, corrected: Sequence[CorrectedRow], frozen: TimePair) -> dict[str, tuple[Markup | str, ...]]:
    """By recommendation: the words of the assessment that explains its status, and those of amendments."""
    db, register, today = page.db, page.id, TimePair(frozen.as_of, page.times.known_at)
    of_status = reasons_of_corrections(
        db, register, [e.row for e in corrected if e.row.learned or e.row.assessments], today
    )
    reasons: dict[str, list[Markup | str]] = {
        entry.row.id: [of_status[entry.row.id].marked_text] if entry.row.id in of_status else [] for entry in corrected
    }
    for change in changes.latest(
        db,
        register,
        known_at=today.known_at,
        recommendations=list(reasons),
        corrections_only=True,
        between=(frozen.known_at + timedelta(microseconds=1), None),
        limit=MAX_REASONS * len(reasons),
    ):
        if change.why and (change.amendment or change.kind in EXPLAINED_BY):
            reasons[change.recommendation].append(original(change.why))
    return {ident: tuple(dict.fromkeys(words))[:MAX_REASONS] for ident, words in reasons.items()}


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
