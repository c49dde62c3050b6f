"""Who was asked about a recommendation and its elements, as its page shows it."""

from msgspec import Struct

from app.entrypoints.public.page import Page
from app.entrypoints.public.register_names import RegisterNames
from domain.codes import AddresseeRole
from domain.recommendation.addressees import includes
from domain.values import Addressee, Body, Element
from projections.addressees.queries import NOT_ASKED, asked
from projections.catalogue import queries as catalogue
from projections.catalogue.body_tree import BodyTree


class AskedRow(Struct, frozen=True):
    """A body, under the name it has now, and the days on which it was asked."""

    body: Body
    role: AddresseeRole
    from_on: str
    to_on: str
    is_asked: bool
    """Whether it is asked on the day of the page."""


class AskedGroup(Struct, frozen=True):
    """`element` is None for the recommendation itself."""

    element: Element | None
    rows: list[AskedRow]


def asked_groups(page: Page, recommendation: str) -> list[AskedGroup]:
    """The addressees of the recommendation, and those of each element that has its own."""
    db, known_at = page.db, page.times.known_at
    of = asked(db, page.id, known_at, [recommendation]).get(recommendation, NOT_ASKED)
    tree = RegisterNames.of(page).tree
    own = {row.element for row in of.rows}
    groups = [AskedGroup(None, [_row(row, tree, page) for row in of.of()])]
    for entry in catalogue.elements(db, page.id, known_at, recommendation):
        if entry.element.id in own:
            rows = [_row(row, tree, page) for row in of.of(entry.element.id)]
            groups.append(AskedGroup(entry.element, rows))
    return groups


def _row(row: Addressee, tree: BodyTree, page: Page) -> AskedRow:
    body = tree.bodies[tree.current(row.body)]
    return AskedRow(body, row.role, row.from_on, row.to_on, includes(row, page.times.as_of))
