"""The calendar of a register: due dates, days by which assessments must be reviewed, and review days."""

from collections.abc import Iterator
from datetime import datetime

from flask import Response, request

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.feeds.icalendar import MIMETYPE, CalendarDay, to_calendar
from app.entrypoints.public.page import Page
from app.presentation.i18n.labels import on_day_text
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _
from app.presentation.narrative.deadlines import ItemDeadline, item_deadlines
from app.presentation.narrative.review_days import planned_until, review_days
from domain.times import last_day
from projections.assessments.queries import each_published
from projections.catalogue import queries as catalogue
from projections.scorecards.queries import standings
from projections.scorecards.results import Standing


@public.get("/<register:register>/due.ics")
def due_calendar(register: str) -> Response:
    read_parameters()
    with services().views.connect() as db:
        page = Page(services(), db, register, {})
        calendar = _RegisterCalendar(page)
        days = sorted([*calendar.due_dates(), *calendar.review_by_days(), *calendar.reviews()], key=lambda d: d.uid)
    title = _("%(register)s: due dates and reviews", register=localized_text(page.entry.settings, "title"))
    response = Response(to_calendar(title, days), content_type=f"{MIMETYPE}; charset=utf-8")
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.add_etag()
    response.make_conditional(request)
    return response


class _RegisterCalendar:
    """The days of one register, as known now."""

    def __init__(self, page: Page) -> None:
        db, known_at = page.db, page.times.known_at
        self.page = page
        self.standings = standings(db, page.id, page.times.pair)
        self.facts = {i: e.facts for i, e in catalogue.recommendations(db, page.id, known_at).items()}
        self.elements = {(e.recommendation, e.element.id): e.element for e in catalogue.elements(db, page.id, known_at)}
        opened_at = page.entry.opened_at
        assert opened_at is not None
        self.opened_at = opened_at

    def due_dates(self) -> Iterator[CalendarDay]:
        """One day for each item that has or had a deadline; a moved deadline moves it, a withdrawn one cancels it."""
        stated = catalogue.deadlines(self.page.db, self.page.id, self.page.times.known_at)
        for item in item_deadlines(stated, self.page.times.as_of):
            standing = self.standings.get(item.recommendation)
            if standing is None:
                continue
            yield CalendarDay(
                uid=self._uid("due", item.recommendation, item.element),
                on=last_day(item.shown.due_on),
                title=_("Due: %(item)s", item=self._title(item.recommendation, item.element)),
                text=_due_text(item),
                url=self._url(item.recommendation),
                stamp=item.changed_at,
                sequence=item.changes - 1,
                is_cancelled=item.in_force is None,
            )

    def review_by_days(self) -> Iterator[CalendarDay]:
        """The day by which the assessment in force of a recommendation must be reviewed."""
        published = {
            p.assessment.id: p.at for p in each_published(self.page.db, self.page.id, self.page.times.known_at)
        }
        for standing in self.standings.values():
            if standing.review_by:
                yield CalendarDay(
                    uid=self._uid("review-by", standing.id, ""),
                    on=standing.review_by,
                    title=_("Assessment to be reviewed: %(item)s", item=self._title(standing.id, "")),
                    text="",
                    url=self._url(standing.id),
                    stamp=_assessed_at(standing, published, self.opened_at),
                )

    def reviews(self) -> Iterator[CalendarDay]:
        """The days of review, some years ahead."""
        for review in review_days(self.page.schedules, planned_until(self.page.times.as_of)):
            yield CalendarDay(
                uid=self._uid("review", review.id, review.on.isoformat()),
                on=review.on,
                title=_("Review: %(review)s", review=review.title),
                text="",
                url=absolute_url(page_url("public.review_series", register=self.page.id, review=review.id)),
                stamp=self.opened_at,
            )

    def _uid(self, *parts: str) -> str:
        path = "/".join((self.page.id, *(p for p in parts if p)))
        return f"{path}@{self.page.entry.origin or 'uptake'}"

    def _title(self, recommendation: str, element: str) -> str:
        title = localized_text(self.facts[recommendation], "title")
        part = self.elements.get((recommendation, element))
        return f"{title}: {localized_text(part, 'title')}" if part else title

    def _url(self, recommendation: str) -> str:
        return absolute_url(page_url("public.recommendation", register=self.page.id, recommendation=recommendation))


def _due_text(item: ItemDeadline) -> str:
    if item.in_force is None:
        return _("Deadline withdrawn")
    return _("As stated %(when)s", when=on_day_text(item.in_force.stated_on))


def _assessed_at(standing: Standing, published: dict[str, datetime], otherwise: datetime) -> datetime:
    """The instant of the assessment in force, or the last one among those of the elements."""
    ids = [standing.assessment, *(e.assessment for e in standing.elements)]
    return max((published[i] for i in ids if i in published), default=otherwise)
