"""The filters of a list as chips: each says what it shows, and its link removes it."""

from collections.abc import Mapping

from markupsafe import Markup
from msgspec import Struct

from app.entrypoints.http.urls import page_url
from app.entrypoints.public.scorecard_page import ScorecardPage
from app.presentation.i18n.labels import DEADLINE_STATE, KIND, POSITION, status_word
from app.presentation.i18n.localize import isolated, localized
from app.presentation.i18n.translation import _
from domain.codes import DeadlineState, Kind, Position, Status

FILTERS = ("theme", "body", "publication", "status", "kind", "priority", "due", "position")


class FilterChip(Struct, frozen=True):
    words: Markup | str
    url: str


def filter_chips(register: str, query: Mapping[str, str], scorecard_page: ScorecardPage) -> list[FilterChip]:
    """One for each filter of a query; its link keeps the others, the dates and the order."""
    return [
        FilterChip(_chip_words(name, query[name], scorecard_page), list_url(register, query, name))
        for name in FILTERS
        if name in query
    ]


def list_url(register: str, query: Mapping[str, str], *without: str) -> str:
    """The list of a register without some parameters, on its first page."""
    kept = {name: value for name, value in query.items() if name not in (*without, "page")}
    return page_url("public.scorecard", register=register, _anchor="list", **kept)


def _chip_words(name: str, value: str, scorecard_page: ScorecardPage) -> Markup | str:
    match name:
        case "theme":
            return _("Theme: %(title)s", title=isolated(localized(scorecard_page.theme(value), "title")))
        case "body":
            body = scorecard_page.bodies[scorecard_page.tree.current(value)]
            return _("Addressed to: %(name)s", name=isolated(localized(body, "name")))
        case "publication":
            publication = scorecard_page.publications[value]
            return _("Publication: %(title)s", title=isolated(localized(publication, "title")))
        case "status":
            return _("Status: %(status)s", status=status_word(Status(value)))
        case "kind":
            return str(KIND[Kind(value)])
        case "priority":
            return _("Priorities")
        case "due":
            state = _("Without a deadline") if value == "none" else DEADLINE_STATE[DeadlineState(value)]
            return _("Deadline: %(state)s", state=state)
        case _:
            return _("Response: %(position)s", position=POSITION[Position(value)])
