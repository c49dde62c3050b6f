"""The calendar of a register as a page: its deadlines, those to come first, and the next days of review."""

from flask import render_template
from markupsafe import Markup
from msgspec import Struct

from app.entrypoints.http.query_params import read_page_number, read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.presentation.i18n.localize import localized
from app.presentation.narrative.review_days import ReviewDay, planned_until, review_days
from domain.values import RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.scorecards.due_items import count_due_items, due_items
from projections.scorecards.results import Due

PAGE_ROWS = 50
MAX_REVIEWS = 10


class CalendarRow(Struct, frozen=True):
    """A deadline in force; `part` is the title of the part that it is about, empty for the whole."""

    facts: RecommendationFacts
    part: Markup | str
    due: Due


@public.get("/<register:register>/calendar/")
def calendar(register: str) -> str:
    query = read_parameters("as_of", "known_at", "page")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        total = count_due_items(db, register, page.times.pair)
        pages = max(1, -(-total // PAGE_ROWS))
        number = read_page_number(query, pages)
        return render_template(
            "public/calendar.html",
            **page.context("public.calendar"),
            link_times=page.link_times(),
            rows=_rows(page, (number - 1) * PAGE_ROWS),
            total=total,
            reviews=_coming_reviews(page),
            number=number,
            pages=pages,
        )


def _rows(page: Page, skip: int) -> list[CalendarRow]:
    dues = due_items(page.db, page.id, page.times.pair, skip=skip, limit=PAGE_ROWS)
    facts = catalogue.recommendations_of(page.db, page.id, page.times.known_at, {item.recommendation for item in dues})
    about = {(item.recommendation, item.element) for item in dues if item.element}
    parts = catalogue.elements_by_id(page.db, page.id, page.times.known_at, about)
    return [
        CalendarRow(
            facts=facts[item.recommendation].facts,
            part=localized(parts[key], "title") if (key := (item.recommendation, item.element)) in parts else "",
            due=item.due,
        )
        for item in dues
    ]


def _coming_reviews(page: Page) -> list[ReviewDay]:
    """The next days of review."""
    days = review_days(page.schedules, planned_until(page.times.as_of))
    return [review for review in days if review.on >= page.times.as_of][:MAX_REVIEWS]
