"""Titles for ids on staff pages, which say in words what a sentence is about."""

from collections.abc import Iterator

from flask import Flask, g, request
from markupsafe import Markup
from sqlalchemy import Connection

from app.entrypoints.http.services import services
from app.presentation.i18n.event_names import EventNames, GivenNames, id_text
from app.presentation.i18n.localize import localized_text, plain_text, set_title_finder
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.sources import staff_names
from domain.errors import Refusal
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.worklist.queries import open_proposal

KINDS = {
    "id": ("recommendation", "body", "theme", "publication", "review", "evidence"),
    "ids": ("evidence", "recommendation"),
    "other": ("recommendation", "body", "theme", "publication"),
    "others": ("recommendation", "body", "theme", "publication"),
    "addressees": ("body",),
    "recommendation": ("recommendation",),
    "to": ("recommendation",),
    "body": ("body",),
    "into": ("body",),
    "parent": ("body",),
    "theme": ("theme",),
    "publication": ("publication",),
    "evidence": ("evidence",),
    "review": ("review",),
}
"""Which kinds of things a value of a refusal may be the id of, by its name; the first that has the id counts."""
ELEMENTS = ("element", "elements")


def add_titles(app: Flask) -> None:
    app.before_request(lambda: set_title_finder(_title if request.path.startswith("/staff/") else None))
    app.teardown_request(lambda _error: set_title_finder(None))  # the thread may do other work next
    app.jinja_env.globals.update(find_title=_find_title, title_of=_title_of)


def _find_title(kind: str, ident: str) -> Markup | str:
    """The title of a thing of this page's register; empty if it is none that is stored. Each is read once."""
    titles: dict[tuple[str, str], Markup | str] = g.setdefault("page_titles", {})
    if (kind, ident) not in titles:
        with services().views.connect() as db:
            titles[kind, ident] = _names(services(), db, str((request.view_args or {}).get("register", ""))).find(
                kind, ident
            )
    return titles[kind, ident]


def _title_of(kind: str, ident: str) -> Markup | str:
    """The same, else the id, called that."""
    return _find_title(kind, ident) or id_text(ident.rpartition("/")[2])


def _names(services: Services, db: Connection, register: str) -> EventNames:
    entry = catalogue.register(db, register)
    return staff_names(services, db, entry) if entry else GivenNames()


def _title(name: str, value: str, refusal: Refusal) -> str:
    """The title of what a value is the id of; empty if it is none that is stored."""
    register = str((request.view_args or {}).get("register", ""))
    if not register or name not in (*KINDS, *ELEMENTS, "register"):
        return ""
    if name == "register":
        return _register_title(services(), register, g.get("person")) if value == register else ""
    titles: dict[tuple[str, str], str] = g.setdefault("refusal_titles", {})
    if (name, value) not in titles:
        with services().views.connect() as db:
            found = _element_titles if name in ELEMENTS else _titles
            titles[name, value] = next(found(services(), db, register, name, value, refusal), "")
    return titles[name, value]


def _register_title(services: Services, register: str, person: Person | None) -> str:
    """Empty for a register that this person must not know of."""
    with services.views.connect() as db:
        entry = catalogue.register(db, register)
    is_known = entry and (entry.is_open or (person and person.may("read", register)))
    return localized_text(entry.settings, "title") if entry and is_known else ""


def _titles(
    services: Services, db: Connection, register: str, name: str, ident: str, _refusal: Refusal
) -> Iterator[str]:
    names = _names(services, db, register)
    for kind in (*KINDS[name], "assessment"):
        if title := names.find(kind, ident):
            yield plain_text(title)
    if proposal := open_proposal(db, register, ident):
        yield from _titles(services, db, register, "recommendation", proposal.recommendation, _refusal)


def _element_titles(
    _services: Services, db: Connection, register: str, _name: str, ident: str, refusal: Refusal
) -> Iterator[str]:
    recommendation = str((request.view_args or {}).get("recommendation") or refusal.values.get("id", ""))
    for entry in catalogue.elements(db, register, last_applied_at(db), recommendation):
        if entry.element.id == ident:
            yield localized_text(entry.element, "title")
