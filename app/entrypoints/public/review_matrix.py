"""The recommendations of a frozen review with their statuses at this review and those before it, in pages."""

from collections.abc import Iterable
from datetime import date, datetime

from msgspec import Struct
from sqlalchemy import Connection

from app.entrypoints.http.query_params import read_page_number
from app.presentation.i18n.ordering import themes_in_order
from app.presentation.narrative.review_days import ReviewDay, review_days
from domain.codes import Status
from domain.values import RecommendationFacts, Theme
from projections.catalogue import queries as catalogue
from projections.scorecards.corrected_rows import corrected_ids
from projections.scorecards.listed import ListOrder, ScorecardList
from projections.scorecards.queries import first_recommended
from projections.scorecards.results import TimePair
from projections.scorecards.status_history import status_histories, status_on

MAX_COLUMNS = 6
PAGE_ROWS = 100


class MatrixRow(Struct, frozen=True):
    """`statuses` has one entry per review, None before it was recommended.

    `is_corrected` says that the row of the frozen review reads differently today.
    """

    facts: RecommendationFacts
    statuses: tuple[Status | None, ...]
    is_corrected: bool


class FrozenDay(Struct, frozen=True):
    """The review whose page it is, its pair of times, and the instant of the page."""

    day: ReviewDay
    at: TimePair
    known_at: datetime


class ReviewMatrix(Struct, frozen=True):
    """A page of the recommendations under their themes, with a column for each review; the last is the review's own."""

    reviews: tuple[ReviewDay, ...]
    groups: tuple[tuple[Theme, tuple[MatrixRow, ...]], ...]
    page: int
    pages: int

    @property
    def has_corrected(self) -> bool:
        return any(row.is_corrected for _theme, rows in self.groups for row in rows)


def build_matrix(db: Connection, register: str, review: FrozenDay, total: int, query: dict[str, str]) -> ReviewMatrix:
    """`total` is the number of recommendations on the scorecard. Raises `Refused` if there is no such page."""
    at = review.at
    pages = max(1, -(-total // PAGE_ROWS))
    page = read_page_number(query, pages)
    names = _names_of_page(db, register, at, page)
    ids = [ident for _theme, ident in names]
    facts = catalogue.recommendations_of(db, register, at.known_at, ids)
    histories = status_histories(db, register, at.known_at, at.as_of, ids)
    reviews = _columns(db, register, review.day, at)
    themes = catalogue.themes(db, register, at.known_at)
    corrected = corrected_ids(db, register, at, review.known_at, ids)
    groups: dict[str, list[MatrixRow]] = {}
    for theme, ident in names:
        statuses = tuple(status_on(histories.get(ident, ()), column.on) for column in reviews)
        groups.setdefault(theme, []).append(MatrixRow(facts[ident].facts, statuses, ident in corrected))
    return ReviewMatrix(reviews, tuple((_theme(themes, t), tuple(rows)) for t, rows in groups.items()), page, pages)


def _names_of_page(db: Connection, register: str, at: TimePair, page: int) -> list[tuple[str, str]]:
    """Pairs of theme and id, in the order of the report."""
    themes = themes_in_order(catalogue.themes(db, register, at.known_at).values())
    order = ListOrder("theme", [theme.id for theme in themes])
    listed = ScorecardList(db, register, at).page(order, skip=(page - 1) * PAGE_ROWS, limit=PAGE_ROWS)
    return [(item.theme, item.id) for item in listed]


def _columns(db: Connection, register: str, review: ReviewDay, at: TimePair) -> tuple[ReviewDay, ...]:
    """This review, after those before it on whose day something was recommended already."""
    first = first_recommended(db, register, at.known_at)
    schedules = catalogue.reviews(db, register, at.known_at).values()
    earlier = _one_a_day(d for d in review_days(schedules, at.as_of) if first and first <= d.on < at.as_of)
    return (*list(earlier.values())[-(MAX_COLUMNS - 1) :], review)


def _one_a_day(days: Iterable[ReviewDay]) -> dict[date, ReviewDay]:
    return {day.on: day for day in days}


def _theme(themes: dict[str, Theme], ident: str) -> Theme:
    """A theme without a row of its own shows its id."""
    return themes.get(ident) or Theme(id=ident, title=ident)
