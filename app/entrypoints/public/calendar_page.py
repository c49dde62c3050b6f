"""The calendar of a register as a page: its deadlines, those to come first, and the next days of review."""

from datetime import date

from flask import render_template
from markupsafe import Markup
from msgspec import Struct

from app.entrypoints.http.query_params import read_page_number, read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.presentation.i18n.localize import localized
from app.presentation.narrative.deadlines import ItemDeadline, item_deadlines
from app.presentation.narrative.review_days import ReviewDay, planned_until, review_days
from domain.values import RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.scorecards.queries import standings_of
from projections.scorecards.results import Due, Standing

PAGE_ROWS = 50
MAX_REVIEWS = 10


class CalendarRow(Struct, frozen=True):
    """A deadline in force; `part` is the title of the part that it is about, empty for the whole."""

    facts: RecommendationFacts
    part: Markup | str
    due: Due
    is_coming: bool


@public.get("/<register:register>/calendar/")
def calendar(register: str) -> str:
    query = read_parameters("as_of", "known_at", "page")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        dues = _dues_in_force(page)
        pages = max(1, -(-len(dues) // PAGE_ROWS))
        number = read_page_number(query, pages)
        return render_template(
            "public/calendar.html",
            **page.context("public.calendar"),
            link_times=page.link_times(),
            rows=_rows(page, dues[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]),
            total=len(dues),
            reviews=_coming_reviews(page),
            number=number,
            pages=pages,
        )


def _dues_in_force(page: Page) -> list[tuple[ItemDeadline, Due]]:
    """Those stated by the day, of items on the scorecard: the next ones first, then the past ones, newest first."""
    stated = catalogue.deadlines(page.db, page.id, page.times.known_at)
    items = [item for item in item_deadlines(stated, page.times.as_of) if item.in_force]
    standings = standings_of(page.db, page.id, page.times.pair, {item.recommendation for item in items})
    dues = [(item, due) for item in items if (due := _due_of(item, standings.get(item.recommendation)))]
    today = page.times.as_of
    coming = sorted((d for d in dues if d[1].last_day >= today), key=_order)
    return coming + sorted((d for d in dues if d[1].last_day < today), key=_order, reverse=True)


def _order(item_due: tuple[ItemDeadline, Due]) -> tuple[date, str, str]:
    item, due = item_due
    return due.last_day, item.recommendation, item.element


def _due_of(item: ItemDeadline, standing: Standing | None) -> Due | None:
    if standing is None or not item.element:
        return standing.due if standing else None
    return next((part.due for part in standing.elements if part.id == item.element), None)


def _rows(page: Page, dues: list[tuple[ItemDeadline, Due]]) -> list[CalendarRow]:
    ids = {item.recommendation for item, _due in dues}
    facts = catalogue.recommendations_of(page.db, page.id, page.times.known_at, ids)
    about = {(item.recommendation, item.element) for item, _due in dues if item.element}
    parts = catalogue.elements_by_id(page.db, page.id, page.times.known_at, about)
    return [
        CalendarRow(
            facts=facts[item.recommendation].facts,
            part=localized(parts[key], "title") if (key := (item.recommendation, item.element)) in parts else "",
            due=due,
            is_coming=due.last_day >= page.times.as_of,
        )
        for item, due in dues
    ]


def _coming_reviews(page: Page) -> list[ReviewDay]:
    """The next days of review."""
    days = review_days(page.schedules, planned_until(page.times.as_of))
    return [review for review in days if review.on >= page.times.as_of][:MAX_REVIEWS]
