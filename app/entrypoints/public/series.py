"""The reviews of a register side by side: the status of each recommendation, with gains and losses.

A review that is frozen shows what it said; where the same day reads differently as known now, its cell is marked.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby, pairwise

from flask import render_template
from msgspec import Struct

from app.entrypoints.http.query_params import read_page_number, read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.presentation.i18n.ordering import themes_in_order
from app.presentation.narrative.review_days import ReviewDay, review_days
from app.services.container import Services
from app.services.snapshots.review_schedule import review_occurrences
from domain.codes import Status
from domain.errors import NotFound, refusal
from domain.values import RecommendationFacts, Snapshot, Theme
from projections.catalogue import queries as catalogue
from projections.scorecards.comparison import Graded, direction
from projections.scorecards.corrected_rows import corrected_ids, count_corrected
from projections.scorecards.listed import ListOrder, ScorecardList
from projections.scorecards.queries import counts
from projections.scorecards.results import TimePair
from projections.scorecards.status_history import StatusHistory, StatusPeriod, period_on, status_histories
from projections.scorecards.summaries import count_status_moves

MAX_REVIEWS, PAGE_SIZE = 12, 100
"""Columns, and rows on a page."""


class SeriesRow(Struct, frozen=True):
    """`periods` has one entry per column, None before it was recommended; `moved` compares first and last."""

    facts: RecommendationFacts
    periods: tuple[StatusPeriod | None, ...]
    moved: str

    @property
    def stood(self) -> tuple[Status | None, ...]:
        return tuple(p.status if p else None for p in self.periods)


class SeriesColumn(Struct, frozen=True):
    """`gained` and `lost` compare with the previous column, for recommendations in both.

    `corrected` names the rows of the page that read differently as known at its instant, `corrected_number`
    counts those of all pages.
    """

    day: ReviewDay
    frozen: bool
    done: int
    rated: int
    gained: int
    lost: int
    corrected: frozenset[str]
    corrected_number: int


class _Review(Struct, frozen=True):
    """A day of review with its pair of times: that at which it was frozen, else that of the page."""

    day: ReviewDay
    at: TimePair
    snapshot: Snapshot | None


@public.get("/<register:register>/series/")
def series(register: str) -> str:
    return _render_series(services(), register, None)


@public.get("/<register:register>/reviews/<ident:review>/")
def review_series(register: str, review: str) -> str:
    return _render_series(services(), register, review)


def _render_series(services: Services, register: str, review: str | None) -> str:
    query = read_parameters("as_of", "known_at", "page")
    with services.views.connect() as db:
        page = Page(services, db, register, query)
        if review and review not in {s.id for s in page.schedules}:
            raise NotFound(refusal("There is no review “{review}” in this register.", review=review))
        pages = max(1, -(-counts(db, register, page.times.pair).on_scorecard // PAGE_SIZE))
        number = read_page_number(query, pages)
        reviews, themes = _reviews(page, review), catalogue.themes(db, register, page.times.known_at)
        rows = _build_rows(page, reviews, _ids_of_page(page, themes, number))
        shown = groupby(rows, key=lambda r: r.facts.theme)
        endpoint = "public.review_series" if review else "public.series"
        return render_template(
            "public/series.html",
            **(page.context(endpoint, review=review) if review else page.context(endpoint)),
            schedule=next((s for s in page.schedules if s.id == review), None),
            columns=_build_columns(page, reviews, [row.facts.id for row in rows]),
            themes=[(themes.get(t) or Theme(id=t, title=t), list(members)) for t, members in shown],
            number=number,
            pages=pages,
            link_times=page.link_times(),
        )


def _ids_of_page(page: Page, themes: Mapping[str, Theme], number: int) -> list[str]:
    """The recommendations on a page of the list, in the order of the themes."""
    order = ListOrder("theme", [theme.id for theme in themes_in_order(themes.values())])
    listed = ScorecardList(page.db, page.id, page.times.pair)
    return [item.id for item in listed.page(order, skip=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE)]


def _reviews(page: Page, review: str | None) -> list[_Review]:
    """The last days of review by the page's day, with what was frozen by its instant."""
    known_at = page.times.known_at
    frozen = {
        (p.schedule.id, p.as_of): p.preparation.snapshot
        for p in review_occurrences(page.db, page.id, page.times.as_of)
        if p.preparation.snapshot and p.preparation.snapshot.known_at <= known_at
    }
    days = [d for d in review_days(page.schedules, page.times.as_of) if review in (None, d.id)][-MAX_REVIEWS:]
    reviews = []
    for day in days:
        snapshot = frozen.get((day.id, day.on.isoformat()))
        reviews.append(_Review(day, TimePair(day.on, snapshot.known_at if snapshot else known_at), snapshot))
    return reviews


def _build_rows(page: Page, reviews: Sequence[_Review], ids: Sequence[str]) -> list[SeriesRow]:
    db, register = page.db, page.id
    facts = catalogue.recommendations_of(db, register, page.times.known_at, ids)
    instants = {r.at.known_at for r in reviews}
    histories: dict[datetime, dict[str, StatusHistory]] = {
        at: status_histories(db, register, at, page.times.as_of, ids) for at in instants
    }
    rows = []
    for ident in ids:
        periods = tuple(period_on(histories[r.at.known_at].get(ident, ()), r.at.as_of) for r in reviews)
        rated = [p for p in periods if p]
        rows.append(SeriesRow(facts[ident].facts, periods, _moved(rated[0], rated[-1]) if rated else "added"))
    return rows


def _moved(first: StatusPeriod, last: StatusPeriod) -> str:
    """The direction from the first review to the last; a first status is none."""
    moved = direction(first, last)
    return "assessed" if moved == "level" and first.status is Status.NOT_ASSESSED else moved


def _build_columns(page: Page, reviews: Sequence[_Review], ids: Sequence[str]) -> list[SeriesColumn]:
    gains = [(0, 0), *(_gained_and_lost(page, a.at, b.at) for a, b in pairwise(reviews))]
    return [_build_column(page, review, ids, *numbers) for review, numbers in zip(reviews, gains, strict=False)]


def _gained_and_lost(page: Page, first: TimePair, second: TimePair) -> tuple[int, int]:
    gained = lost = 0
    for (before, after), number in count_status_moves(page.db, page.id, first, second).items():
        moved = direction(Graded(before.code, before.rank), Graded(after.code, after.rank))
        gained += number if moved == "up" else 0
        lost += number if moved in ("down", "reversed") else 0
    return gained, lost


def _build_column(page: Page, review: _Review, ids: Sequence[str], gained: int, lost: int) -> SeriesColumn:
    numbers, known_at = counts(page.db, page.id, review.at), page.times.known_at
    number = count_corrected(page.db, page.id, review.at, known_at) if review.snapshot else 0
    corrected = corrected_ids(page.db, page.id, review.at, known_at, ids) if number else set[str]()
    return SeriesColumn(
        day=review.day,
        frozen=review.snapshot is not None,
        done=numbers.still_done,
        rated=numbers.rated,
        gained=gained,
        lost=lost,
        corrected=frozenset(corrected),
        corrected_number=number,
    )
