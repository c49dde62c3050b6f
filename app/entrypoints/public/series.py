"""The reviews of a register side by side: how each recommendation stood at each, and what was gained and lost."""

from flask import render_template
from msgspec import Struct

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.entrypoints.public.scorecard_page import Board, Line
from app.presentation.narrative.review_days import ReviewDay
from app.services.container import Services
from app.services.snapshots.review_schedule import review_occurrences
from domain.codes import Bucket, Status
from domain.errors import NotFound, refusal
from domain.values import Theme
from projections.scorecards.comparison import direction
from projections.scorecards.status_history import StatusPeriod, period_on

MOST = 12


class Row(Struct, frozen=True):
    """`periods` has one a column, None where it was not recommended yet; `moved` is the first against the last."""

    line: Line
    periods: tuple[StatusPeriod | None, ...]
    moved: str

    @property
    def stood(self) -> tuple[Status | None, ...]:
        return tuple(p.status if p else None for p in self.periods)


class Column(Struct, frozen=True):
    """`gained` and `lost` are counted against the column before, of those that stood in both."""

    day: ReviewDay
    frozen: bool
    done: int
    rated: int
    gained: int
    lost: int


@public.get("/<register:register>/series/")
def series(register: str) -> str:
    return _page(services(), register, None)


@public.get("/<register:register>/reviews/<ident:review>/")
def review_series(register: str, review: str) -> str:
    return _page(services(), register, review)


def _page(services: Services, register: str, review: str | None) -> str:
    given = read_parameters("as_of", "known_at")
    with services.views.connect() as db:
        page = Page(services, db, register, given)
        if review and review not in {s.id for s in page.schedules}:
            raise NotFound(refusal("There is no review “{review}” in this register.", review=review))
        board = Board(page)
        days = [d for d in board.reviews if review in (None, d.id)][-MOST:]
        frozen = {
            (p.schedule.id, p.as_of)
            for p in review_occurrences(db, register, page.times.as_of)
            if p.preparation.snapshot
        }
        themes = [(theme, _rows(board, theme, days)) for theme in board.themes_in_use]
        rows = [row for _, found in themes for row in found]
        columns = [_column(day, (day.id, day.on.isoformat()) in frozen, rows, n) for n, day in enumerate(days)]
        endpoint = "public.review_series" if review else "public.series"
        return render_template(
            "public/series.html",
            **(page.context(endpoint, review=review) if review else page.context(endpoint)),
            schedule=next((s for s in page.schedules if s.id == review), None),
            columns=columns,
            themes=themes,
            link_times=page.link_times(),
        )


def _rows(board: Board, theme: Theme, days: list[ReviewDay]) -> list[Row]:
    found = []
    for line in board.lines.values():
        if line.standing.theme == theme.id:
            periods = tuple(period_on(line.life, d.on) for d in days)
            known = [p for p in periods if p]
            found.append(Row(line, periods, direction(known[0], known[-1]) if known else "added"))
    return found


def _column(day: ReviewDay, frozen: bool, rows: list[Row], n: int) -> Column:
    moves = [direction(a, b) for row in rows if n and (a := row.periods[n - 1]) and (b := row.periods[n])]
    buckets = [p.bucket for row in rows if (p := row.periods[n])]
    return Column(
        day=day,
        frozen=frozen,
        done=buckets.count(Bucket.DONE),
        rated=sum(b is not Bucket.NOT_RATED for b in buckets),
        gained=moves.count("up"),
        lost=moves.count("down") + moves.count("reversed"),
    )
