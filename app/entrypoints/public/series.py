"""The reviews of a register side by side: the status of each recommendation, with gains and losses."""

from itertools import groupby

from flask import render_template
from msgspec import Struct

from app.entrypoints.http.query_params import read_page_number, read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.entrypoints.public.scorecard_page import ScorecardPage, ScorecardRow
from app.presentation.narrative.review_days import ReviewDay
from app.services.container import Services
from app.services.snapshots.review_schedule import review_occurrences
from domain.codes import Bucket, Status
from domain.errors import NotFound, refusal
from domain.values import Theme
from projections.scorecards.comparison import direction
from projections.scorecards.status_history import StatusPeriod, period_on

MAX_REVIEWS, PAGE_SIZE = 12, 250
"""Columns, and rows on a page."""


class SeriesRow(Struct, frozen=True):
    """`periods` has one entry per column, None before it was recommended; `moved` compares first and last."""

    row: ScorecardRow
    periods: tuple[StatusPeriod | None, ...]
    moved: str

    @property
    def stood(self) -> tuple[Status | None, ...]:
        return tuple(p.status if p else None for p in self.periods)


class SeriesColumn(Struct, frozen=True):
    """`gained` and `lost` compare with the previous column, for recommendations in both."""

    day: ReviewDay
    frozen: bool
    done: int
    rated: int
    gained: int
    lost: int


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
        scorecard_page = ScorecardPage(page)
        days = [d for d in scorecard_page.reviews if review in (None, d.id)][-MAX_REVIEWS:]
        frozen = {
            (p.schedule.id, p.as_of)
            for p in review_occurrences(db, register, page.times.as_of)
            if p.preparation.snapshot
        }
        rows = [row for theme in scorecard_page.themes_in_use for row in _build_rows(scorecard_page, theme, days)]
        pages = max(1, -(-len(rows) // PAGE_SIZE))
        number = read_page_number(query, pages)
        shown = groupby(rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], key=lambda r: r.row.standing.theme)
        columns = [_build_column(day, (day.id, day.on.isoformat()) in frozen, rows, n) for n, day in enumerate(days)]
        endpoint = "public.review_series" if review else "public.series"
        return render_template(
            "public/series.html",
            **(page.context(endpoint, review=review) if review else page.context(endpoint)),
            schedule=next((s for s in page.schedules if s.id == review), None),
            columns=columns,
            themes=[(scorecard_page.theme(theme), list(members)) for theme, members in shown],
            number=number,
            pages=pages,
            link_times=page.link_times(),
        )


def _build_rows(scorecard_page: ScorecardPage, theme: Theme, days: list[ReviewDay]) -> list[SeriesRow]:
    rows = []
    for row in scorecard_page.rows.values():
        if row.standing.theme == theme.id:
            periods = tuple(period_on(row.history, d.on) for d in days)
            rated = [p for p in periods if p]
            rows.append(SeriesRow(row, periods, _moved(rated[0], rated[-1]) if rated else "added"))
    return rows


def _moved(first: StatusPeriod, last: StatusPeriod) -> str:
    """The direction from the first review to the last; a first status is none."""
    moved = direction(first, last)
    return "assessed" if moved == "level" and first.status is Status.NOT_ASSESSED else moved


def _build_column(day: ReviewDay, frozen: bool, rows: list[SeriesRow], n: int) -> SeriesColumn:
    moves = [direction(a, b) for row in rows if n and (a := row.periods[n - 1]) and (b := row.periods[n])]
    buckets = [p.bucket for row in rows if (p := row.periods[n])]
    return SeriesColumn(
        day=day,
        frozen=frozen,
        done=buckets.count(Bucket.DONE),
        rated=sum(b is not Bucket.NOT_RATED for b in buckets),
        gained=moves.count("up"),
        lost=moves.count("down") + moves.count("reversed"),
    )
