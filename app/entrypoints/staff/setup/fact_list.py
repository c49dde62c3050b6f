"""The stored facts of a kind a page at a time, those with some words, and one of them."""

from typing import Any

from sqlalchemy import Connection

from app.entrypoints.staff.list_pages import ROWS_PER_PAGE, ListPage, list_page
from app.entrypoints.staff.setup.amendable_facts import AmendableFact, stored_facts
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import ElementEntry, RecommendationEntry
from projections.engine.position import last_applied_at
from projections.overview.queries import numbered
from projections.search.queries import find

MANY = {
    "recommendations": "recommendation",
    "elements": "element",
    "bodies": "body",
    "themes": "theme",
    "publications": "publication",
    "developments": "development",
}
"""The kinds of which a register can have any number, and what the catalogue calls them."""


def facts_page(
    db: Connection, register: str, kind: str, words: str, number: str
) -> tuple[list[AmendableFact], ListPage]:
    """A page of the facts of a kind, or the first of those with some words. Raises `NotFound` for an unknown kind."""
    if kind not in MANY:
        facts = stored_facts(db, register, kind)
        page = list_page("staff.facts", len(facts), number, register=register, kind=kind)
        return facts[page.skip : page.last], page
    stored_kind, known_at = MANY[kind], last_applied_at(db)
    if words:
        ids = _with_words(db, register, stored_kind, words)
        page = list_page("staff.facts", len(ids), "", register=register, kind=kind, q=words)
    else:
        total = catalogue.count_ids(db, register, stored_kind, known_at)
        page = list_page("staff.facts", total, number, register=register, kind=kind)
        ids = catalogue.ids_page(db, register, stored_kind, known_at, skip=page.skip, limit=ROWS_PER_PAGE)
    entries = catalogue.facts_of(db, register, stored_kind, known_at, ids)
    return [amendable(kind, entries[ident]) for ident in ids if ident in entries], page


def find_fact(db: Connection, register: str, kind: str, ident: str, element: str) -> AmendableFact | None:
    """A fact; an element is named by its recommendation and itself. Raises `NotFound` for an unknown kind."""
    if kind not in MANY:
        return next((a for a in stored_facts(db, register, kind) if a.id == ident), None)
    key = f"{ident}/{element}" if kind == "elements" else ident
    entry = catalogue.facts_of(db, register, MANY[kind], last_applied_at(db), [key]).get(key)
    return amendable(kind, entry) if entry else None


def _with_words(db: Connection, register: str, kind: str, words: str) -> list[str]:
    """The ids of the first facts with an id, a printed number or all words of a text."""
    hits = find(db, register, words, ["part" if kind == "element" else kind])
    by_number = numbered(db, register, words, limit=ROWS_PER_PAGE) if kind == "recommendation" else []
    return list(dict.fromkeys([words, *by_number, *(hit.id for hit in hits)]))[:ROWS_PER_PAGE]


def amendable(kind: str, entry: Any) -> AmendableFact:
    """An entry of the catalogue as a fact that can be changed."""
    match entry:
        case RecommendationEntry():
            return AmendableFact(kind, entry.facts.id, entry.facts)
        case ElementEntry():
            return AmendableFact(kind, entry.element.id, entry.element, entry.recommendation)
    return AmendableFact(kind, entry.id, entry)
