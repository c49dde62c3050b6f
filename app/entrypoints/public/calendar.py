"""The calendar of a register: due dates, days by which assessments must be reviewed, and review days."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from flask import Response
from sqlalchemy import Connection

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.streamed_files import stream_file
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.feeds.icalendar import MIMETYPE, CalendarDay, stream_calendar
from app.entrypoints.public.page import Page
from app.presentation.i18n.labels import on_day_text
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _
from app.presentation.narrative.deadlines import ItemDeadline, item_deadlines
from app.presentation.narrative.review_days import planned_until, review_days
from domain.times import last_day
from projections.assessments.queries import published_among
from projections.catalogue import batches as catalogue_batches
from projections.catalogue import queries as catalogue
from projections.scorecards.on_scorecard import ids_on_scorecard
from projections.scorecards.queries import standings_of
from projections.scorecards.results import Standing

ItemName = tuple[str, str]
"""A recommendation, and its element; empty for the whole."""
DAYS_PER_BATCH = 500


@public.get("/<register:register>/due.ics")
def due_calendar(register: str) -> Response:
    read_parameters()
    with services().views.connect() as db:
        page = Page(services(), db, register, {})
        title = _("%(register)s: due dates and reviews", register=localized_text(page.entry.settings, "title"))
        pieces = stream_calendar(title, _RegisterCalendar(page).batches())
        return stream_file(pieces, f"{MIMETYPE}; charset=utf-8", page.file_state)


class _RegisterCalendar:
    """The days of one register as known now, in the order of their ids: due dates, review-by days, reviews.

    Reads them in batches, so that a large register needs no more memory than a small one.
    """

    def __init__(self, page: Page) -> None:
        opened_at = page.entry.opened_at
        assert opened_at is not None
        self.page, self.opened_at = page, opened_at
        self._connect, self._pair = page.services.views.connect, page.times.pair

    def batches(self) -> Iterator[list[CalendarDay]]:
        places = self._deadline_places()
        for items in self._parts(places, "due"):
            with self._connect() as db:
                days = self._due_dates(db, items, places)
            yield days
        with self._connect() as db:
            ids = ids_on_scorecard(db, self.page.id, self._pair, to_review=True)
        for items in self._parts([(ident, "") for ident in ids], "review-by"):
            with self._connect() as db:
                days = self._review_by_days(db, [recommendation for recommendation, _element in items])
            yield days
        yield sorted(self.reviews(), key=lambda day: day.uid)

    def _parts(self, items: Iterable[ItemName], kind: str) -> Iterator[list[ItemName]]:
        in_order = sorted(items, key=lambda item: self._uid(kind, *item))
        for start in range(0, len(in_order), DAYS_PER_BATCH):
            yield in_order[start : start + DAYS_PER_BATCH]

    def _deadline_places(self) -> dict[ItemName, list[int]]:
        """By item, where its deadlines are, in log order."""
        known_at, found = self._pair.known_at, dict[ItemName, list[int]]()
        with self._connect() as db:
            places = catalogue_batches.positions(db, self.page.id, "deadline", known_at, first_version=False)
        for start in range(0, len(places), DAYS_PER_BATCH):
            part = places[start : start + DAYS_PER_BATCH]
            with self._connect() as db:
                entries = catalogue_batches.facts_at(db, "deadline", part)
            for place, entry in entries.items():
                found.setdefault((entry.recommendation, entry.deadline.element), []).append(place)
        return found

    def _due_dates(
        self, db: Connection, items: list[ItemName], places: Mapping[ItemName, list[int]]
    ) -> list[CalendarDay]:
        """One day for each item that has or had a deadline; a moved deadline moves it, a withdrawn one cancels it."""
        entries = catalogue_batches.facts_at(db, "deadline", [place for item in items for place in places[item]])
        standings = standings_of(db, self.page.id, self._pair, {recommendation for recommendation, _e in items})
        titles = self._titles(db, items)
        stated = item_deadlines(entries.values(), self.page.times.as_of)
        return [
            CalendarDay(
                uid=self._uid("due", item.recommendation, item.element),
                on=last_day(item.shown.due_on),
                title=_("Due: %(item)s", item=titles[item.recommendation, item.element]),
                text=_due_text(item),
                url=self._url(item.recommendation),
                stamp=item.changed_at,
                sequence=item.changes - 1,
                is_cancelled=item.in_force is None,
            )
            for item in stated
            if item.recommendation in standings
        ]

    def _review_by_days(self, db: Connection, recommendations: list[str]) -> list[CalendarDay]:
        """The day by which the assessment in force of a recommendation must be reviewed."""
        standings = standings_of(db, self.page.id, self._pair, recommendations)
        ids = {i for s in standings.values() for i in (s.assessment, *(e.assessment for e in s.elements)) if i}
        published = {p.assessment.id: p.at for p in published_among(db, self.page.id, self._pair.known_at, ids)}
        titles = self._titles(db, [(ident, "") for ident in recommendations])
        return [
            CalendarDay(
                uid=self._uid("review-by", standing.id, ""),
                on=standing.review_by,
                title=_("Assessment to be reviewed: %(item)s", item=titles[standing.id, ""]),
                text="",
                url=self._url(standing.id),
                stamp=_assessed_at(standing, published, self.opened_at),
            )
            for standing in (standings[ident] for ident in recommendations if ident in standings)
            if standing.review_by
        ]

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

    def _titles(self, db: Connection, items: list[ItemName]) -> dict[ItemName, str]:
        register, known_at = self.page.id, self._pair.known_at
        facts = catalogue.recommendations_of(db, register, known_at, {recommendation for recommendation, _e in items})
        names = [f"{recommendation}/{element}" for recommendation, element in items if element]
        parts = catalogue.facts_of(db, register, "element", known_at, names)
        titles = {}
        for recommendation, element in items:
            entry = facts.get(recommendation)
            title, part = (
                localized_text(entry.facts, "title") if entry else "",
                parts.get(f"{recommendation}/{element}"),
            )
            titles[recommendation, element] = f"{title}: {localized_text(part.element, 'title')}" if part else title
        return titles

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
