"""The context shared by all pages about a register at a pair of times."""

from flask import request
from sqlalchemy import Connection

from app.entrypoints.http.query_params import find_open_register, resolve_times
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.date_presets import day_presets
from app.presentation.answers.as_of import AsOf
from app.presentation.i18n.languages import LANGUAGES
from app.presentation.i18n.status_words import chosen_scale, set_display_scale
from app.presentation.narrative.keeper import keeper_of
from app.services.container import Services
from domain.methodology.methodology import Methodology
from domain.methodology.versions import methodology_of
from domain.values import ReviewSchedule
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry


class Page:
    """A register at a pair of times, with a connection to the projections."""

    def __init__(self, services: Services, db: Connection, register: str, query: dict[str, str]) -> None:
        self.services = services
        self.db = db
        self.entry: RegisterEntry = find_open_register(db, register)
        self.times: AsOf = resolve_times(db, self.entry, services.clock(), query)
        self.entry = self.entry.as_known(self.times.known_at)
        set_display_scale(chosen_scale(self.entry.settings, query.get("scale")))
        self.schedules: list[ReviewSchedule] = list(catalogue.reviews(db, register, self.times.known_at).values())

    @property
    def id(self) -> str:
        return self.entry.id

    @property
    def methodology(self) -> Methodology:
        """The methodology of the register, as known at the page's instant."""
        return methodology_of(self.entry.settings.methodology)

    def names(self) -> dict[str, str]:
        """Public names by person id. They can be erased, so a page that is pinned to an instant shows none."""
        return {} if self.times.is_pinned else self.services.public_names()

    def context(self, endpoint: str, *, dated: bool = True, **values: str) -> dict[str, object]:
        """The values that the layout template needs: register, dates and permanent address.

        A page that is not `dated` has no pair of times and keeps its plain address.
        """
        frame = {
            "register": self.entry.settings,
            "entry": self.entry,
            "keeper": keeper_of(self.entry),
            "times": self.times,
            "here": request.path,
            "path": page_url(endpoint, register=self.id, **values),
        }
        at: dict[str, str] = {}
        if dated:
            at = self.times.query(self.services.clock())
            frame["presets"] = day_presets(endpoint, self.times, self.schedules, register=self.id, **values)
        return frame | permanent_links(endpoint, register=self.id, **values, **at)

    def link_times(self) -> dict[str, str]:
        """The query parameters that keep these dates in links; empty for today."""
        parameters = {}
        if self.times.is_as_of_chosen:
            parameters["as_of"] = self.times.as_of.isoformat()
        if self.times.is_pinned:
            parameters["known_at"] = self.times.query(self.services.clock())["known_at"]
        return parameters


def permanent_links(endpoint: str, **values: str) -> dict[str, object]:
    """The permanent address of a page, in its own and in every other language."""
    return {
        "canonical": absolute_url(page_url(endpoint, **values)),
        "alternates": {code: absolute_url(page_url(endpoint, lang=code, **values)) for code in LANGUAGES},
    }
