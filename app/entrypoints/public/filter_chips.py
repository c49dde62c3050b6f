"""The filters of a list as chips: each says what it shows, and its link removes it."""

from collections.abc import Mapping

from markupsafe import Markup
from msgspec import Struct

from app.entrypoints.http.urls import page_url
from app.entrypoints.public.register_names import RegisterNames
from app.presentation.i18n.labels import DEADLINE_STATE, KIND, POSITION, status_word
from app.presentation.i18n.localize import isolated, localized
from app.presentation.i18n.translation import _
from domain.codes import DeadlineState, Kind, Position, Status

FILTERS = ("theme", "body", "publication", "status", "kind", "priority", "due", "position")


class FilterChip(Struct, frozen=True):
    words: Markup | str
    url: str


def filter_chips(register: str, query: Mapping[str, str], names: RegisterNames) -> list[FilterChip]:
    """One for each filter of a query; its link keeps the others, the dates and the order."""
    return [
        FilterChip(_chip_words(name, query[name], names), list_url(register, query, name))
        for name in FILTERS
        if name in query
    ]


def list_url(register: str, query: Mapping[str, str], *without: str) -> str:
    """The list of a register without some parameters, on its first page."""
    kept = {name: value for name, value in query.items() if name not in (*without, "page")}
    return page_url("public.scorecard", register=register, _anchor="list", **kept)


def _chip_words(name: str, value: str, names: RegisterNames) -> Markup | str:
    match name:
        case "theme":
            return _("Theme: %(title)s", title=isolated(localized(names.theme(value), "title")))
        case "body":
            body = names.bodies[names.tree.current(value)]
            return _("Addressed to: %(name)s", name=isolated(localized(body, "name")))
        case "publication":
            publication = names.publications[value]
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
