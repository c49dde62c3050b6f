"""The context shared by all pages about a register at a pair of times."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

from flask import request
from sqlalchemy import Connection

from app.entrypoints.http.query_params import find_open_register, resolve_times
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.date_presets import day_presets
from app.presentation.answers.as_of import AsOf
from app.presentation.i18n.languages import LANGUAGES, SOURCE
from app.presentation.i18n.status_words import chosen_scale, set_display_scale
from app.presentation.narrative.headlines import reach_line
from app.presentation.narrative.keeper import keeper_of
from app.services.container import Services
from domain.errors import NotFound, refusal
from domain.methodology.methodology import Methodology
from domain.methodology.versions import methodology_of
from domain.values import RecommendationFacts, ReviewSchedule
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.engine.position import position_of
from projections.public_states.queries import public_state
from projections.scorecards.queries import standings
from projections.scorecards.results import Standing

Answer = TypeVar("Answer")


class Page:
    """A register at a pair of times, with a connection to the projections."""

    def __init__(self, services: Services, db: Connection, register: str, query: dict[str, str]) -> None:
        self.services = services
        self.db = db
        self.entry: RegisterEntry = find_open_register(db, register)
        self.times: AsOf = resolve_times(services, db, self.entry, query)
        self.entry = self.entry.as_known(self.times.known_at)
        set_display_scale(chosen_scale(self.entry.settings, query.get("scale")))
        self.schedules: list[ReviewSchedule] = self.remember(
            "schedules", lambda: list(catalogue.reviews(db, register, self.times.known_at).values())
        )

    @property
    def id(self) -> str:
        return self.entry.id

    @property
    def methodology(self) -> Methodology:
        """The methodology of the register, as known at the page's instant."""
        return methodology_of(self.entry.settings.methodology)

    @property
    def evidence_reach(self) -> str:
        """How far the evidence reaches, as a sentence, if the page is about a later day; else empty."""
        return reach_line(self.entry.settings.evidence_to, self.times.as_of)

    def reach_of(self, standing: Standing | None) -> str:
        """The same for a recommendation."""
        began_on = standing.began_on if standing else None
        return reach_line(self.entry.settings.evidence_to, self.times.as_of, began_on)

    def remember(self, question: str, find: Callable[[], Answer]) -> Answer:
        """An answer about the register as it is known on the page, which the pages of other days share."""
        if self.times.is_pinned:  # there are many instants, and each is asked for seldom
            return find()
        return self.services.memory.answer(position_of(self.db), (question, self.id, self.times.known_at), find)

    def names(self) -> dict[str, str]:
        """Public names by person id. They can be erased, so a page that is pinned to an instant shows none."""
        return {} if self.times.is_pinned else self.services.public_names()

    def context(self, endpoint: str, *, dated: bool = True, **values: str) -> dict[str, object]:
        """The values that the layout template needs: register, dates and addresses.

        A page that is not `dated` has no pair of times; its permanent address is its plain one.
        """
        frame = {
            "register": self.entry.settings,
            "entry": self.entry,
            "keeper": keeper_of(self.entry),
            "times": self.times,
            "evidence_reach": self.evidence_reach,
            "here": request.path,
            "path": page_url(endpoint, register=self.id, **values),
        }
        links = page_links(endpoint, {"register": self.id, **values}, self.link_times() if dated else {})
        if dated:
            frame["presets"] = day_presets(endpoint, self.times, self.schedules, register=self.id, **values)
            pinned = self.times.query(self.services.clock())
            links["permalink"] = absolute_url(page_url(endpoint, register=self.id, **values, **pinned))
        return frame | links

    @property
    def file_state(self) -> tuple[object, ...]:
        """What a file about the page depends on besides its address: the tables, the last event, and the times."""
        return self.services.views.kind, public_state(self.db, self.id), self.times.as_of, self.times.known_at

    def link_times(self) -> dict[str, str]:
        """The query parameters that keep these dates in links; empty for today."""
        parameters = {}
        if self.times.is_as_of_chosen:
            parameters["as_of"] = self.times.as_of.isoformat()
        if self.times.is_pinned:
            parameters["known_at"] = self.times.query(self.services.clock())["known_at"]
        return parameters


def page_links(
    endpoint: str, values: Mapping[str, str] = MappingProxyType({}), dates: Mapping[str, str] = MappingProxyType({})
) -> dict[str, object]:
    """The address of a page without what sorts and filters it, in its own and in every other language.

    Search engines list a page only without dates. `permalink` is the same address unless the page has dates.
    """
    at = {**values, **dates}
    address = absolute_url(page_url(endpoint, **at))
    alternates = {code: absolute_url(page_url(endpoint, lang=code, **at)) for code in LANGUAGES}
    return {
        "canonical": address,
        "permalink": address,
        "alternates": {**alternates, "x-default": alternates[SOURCE]},
        "is_listed": not dates,
    }


def find_recommendation(page: Page, recommendation: str) -> tuple[RecommendationFacts, Standing | None]:
    """The recommendation as known on the page, and its standing. Raises `NotFound`."""
    entry = catalogue.recommendation(page.db, page.id, recommendation, page.times.known_at)
    if entry is None:
        raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
    return entry.facts, standings(page.db, page.id, page.times.pair, recommendation).get(recommendation)
