"""What was asked: by which publication, of whom, and when it is due."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection

from app.entrypoints.staff.workbench.public_state import PublicState
from app.presentation.narrative.deadlines import DeadlineLine, StatedByWhom, deadline_lines
from domain.codes import AddresseeRole
from domain.times import first_day
from domain.values import Addressee, Body, Element, Publication, RecommendationFacts, Theme
from projections.addressees.queries import NOT_ASKED, asked
from projections.catalogue import queries as catalogue
from projections.catalogue.body_tree import BodyTree
from projections.catalogue.entries import DeadlineEntry
from projections.responses.queries import PublicResponse


class AskedBody(Struct, frozen=True):
    body: Body
    role: AddresseeRole
    from_on: str
    to_on: str


class AskedOf(Struct, frozen=True):
    """Who is asked about the recommendation, or about a part that asks others than the whole."""

    element: Element | None
    bodies: list[AskedBody]


class RequestFacts(Struct, frozen=True):
    """The text of the request in its context; `bodies` by id are those that it or a response names."""

    theme: Theme
    publication: Publication | None
    asked: list[AskedOf]
    bodies: Mapping[str, Body]
    deadlines: list[DeadlineLine]


def request_facts(
    db: Connection,
    register: str,
    known_at: datetime,
    facts: RecommendationFacts,
    elements: dict[str, Element],
    responses: Iterable[PublicResponse],
    state: PublicState,
) -> RequestFacts:
    """Reads only the theme, publications and bodies that this recommendation names."""
    of = asked(db, register, known_at, [facts.id]).get(facts.id, NOT_ASKED)
    stated = catalogue.deadlines(db, register, known_at, facts.id)
    sayers = [d.deadline.stated_by for d in stated]
    publications = catalogue.facts_of(db, register, "publication", known_at, {facts.publication, *sayers})
    rows = {element: of.of(element) for element in ("", *elements)}
    named = {row.body for part in rows.values() for row in part}
    tree = _tree(db, register, known_at, named | {r.facts.body for r in responses} | {*sayers})
    themes = catalogue.facts_of(db, register, "theme", known_at, [facts.theme])
    return RequestFacts(
        theme=themes.get(facts.theme) or Theme(id=facts.theme, title=facts.theme),
        publication=publications.get(facts.publication),
        asked=_asked(rows, elements, tree),
        bodies=tree.bodies,
        deadlines=_deadlines(stated, facts, elements, state, StatedByWhom(tree.bodies, publications)),
    )


def _asked(rows: dict[str, list[Addressee]], elements: dict[str, Element], tree: BodyTree) -> list[AskedOf]:
    by_part = {
        part: [
            AskedBody(tree.bodies[tree.current(r.body)], r.role, r.from_on, r.to_on)
            for r in of
            if r.body in tree.bodies
        ]
        for part, of in rows.items()
    }
    whole = by_part[""]
    return [AskedOf(elements.get(part), bodies) for part, bodies in by_part.items() if not part or bodies != whole]


def _tree(db: Connection, register: str, known_at: datetime, ids: set[str]) -> BodyTree:
    """Some bodies, with those that they were merged into."""
    into: dict[str, str] = {}
    new = ids
    while new:
        merges = catalogue.facts_of(db, register, "merge", known_at, new)
        into |= {body: entry.merge.into for body, entry in merges.items()}
        new = {*into.values()} - ids
        ids |= new
    return BodyTree(catalogue.facts_of(db, register, "body", known_at, ids), into)


def _deadlines(
    stated: list[DeadlineEntry],
    facts: RecommendationFacts,
    elements: dict[str, Element],
    state: PublicState,
    named: StatedByWhom,
) -> list[DeadlineLine]:
    if state.standing is None or not stated:
        return []
    titles = {e.id: e.title for e in elements.values()}
    recommended = first_day(facts.recommended_on)
    return deadline_lines(stated, state.standing, recommended, state.as_of, named, titles, {})
