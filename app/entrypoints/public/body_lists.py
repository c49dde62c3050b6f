"""The lists of a body's page: its own, its own parts, and what is asked of it with others; and the bodies around it."""

from collections.abc import Mapping
from itertools import islice

from msgspec import Struct

from app.entrypoints.http.query_params import read_page_number
from app.entrypoints.public.page import Page
from app.entrypoints.public.register_names import RegisterNames
from app.entrypoints.public.scorecard_page import ScorecardPage, ScorecardRow
from app.presentation.answers.body_numbers import BodyNumbers, count_marked
from app.presentation.answers.body_scorecards import BodyScorecard
from app.presentation.i18n.ordering import bodies_in_tree_order
from domain.errors import Refused, refusal
from domain.values import Body, Element
from projections.catalogue import queries as catalogue
from projections.catalogue.body_tree import BodyTree
from projections.engine.name_lists import names_query
from projections.scorecards.listed import ListFilter, ListOrder, ScorecardList
from projections.scorecards.results import ElementStanding

FIRST_ROWS, PAGE_ROWS, MAX_BELOW = 50, 100, 100
"""How many rows of each list the whole page shows, and a page of one list; how many bodies below it are named."""
LISTS = ("own", "parts", "with")


class ListedItem(Struct, frozen=True):
    """A row of a list. `part` is the body's own, `others` are also asked."""

    row: ScorecardRow
    part: Element | None = None
    standing: ElementStanding | None = None
    others: tuple[Body, ...] = ()


class BodyList(Struct, frozen=True):
    """A page of one list; `number` counts all pages."""

    code: str
    number: int
    items: tuple[ListedItem, ...]
    page: int
    pages: int


class MergedBody(Struct, frozen=True):
    """A body that became part of another one on a day."""

    body: Body
    into: Body
    on: str
    why: str


class BodyBelow(Struct, frozen=True):
    body: Body
    depth: int
    numbers: BodyNumbers


class BodyLists:
    """The first rows of the three lists, or a page of the one that `show` names. Raises `Refused`."""

    def __init__(self, page: Page, tree: BodyTree, card: BodyScorecard, query: Mapping[str, str]) -> None:
        self.show = query.get("show", "")
        if self.show and self.show not in LISTS:
            raise Refused(
                refusal("There is no {name} “{value}” here.", name="show", value=self.show[:60], field="show")
            )
        self._tree, self._card = tree, card
        sizes = {"own": len(card.share.alone), "parts": len(card.parts()), "with": len(card.share.with_others)}
        of = {"own": card.share.alone, "parts": list(card.share.parts), "with": list(card.share.with_others)}
        size = PAGE_ROWS if self.show else FIRST_ROWS
        codes = [self.show] if self.show else LISTS
        pages = {code: max(1, -(-len(of[code]) // size)) for code in codes}
        number = read_page_number(dict(query), pages[self.show] if self.show else 1)
        start = (number - 1) * size
        names = RegisterNames.of(page)
        visible = {code: _in_order(page, names, of[code], start, size) for code in codes}
        self.scorecard = ScorecardPage(page, [ident for ids in visible.values() for ident in ids], names=names)
        self.lists = [BodyList(c, sizes[c], self._items(c, visible[c]), number, pages[c]) for c in codes]

    def _items(self, code: str, ids: list[str]) -> tuple[ListedItem, ...]:
        rows = self.scorecard.rows
        if code == "parts":
            own = self._card.share.parts
            return tuple(
                ListedItem(rows[i], rows[i].elements[e.id], e)
                for i in ids
                for e in self._card.divided[i].elements
                if e.id in own[i]
            )
        return tuple(ListedItem(rows[i], others=self._others(i)) for i in ids)

    def _others(self, recommendation: str) -> tuple[Body, ...]:
        """The others that are asked, under the names that they have now."""
        others = self._card.share.with_others.get(recommendation, [])
        current = dict.fromkeys(self._tree.current(body) for body in others)
        return tuple(self._tree.bodies.get(body) or Body(id=body, name=body) for body in current)


def _in_order(page: Page, names: RegisterNames, ids: list[str], start: int, size: int) -> list[str]:
    """A page of some recommendations in the order of pages."""
    if not ids:
        return []
    listed = ScorecardList(page.db, page.id, page.times.pair, ListFilter(among=(names_query(page.db, ids),)))
    found = listed.page(ListOrder("theme", names.themes_in_order), skip=start, limit=size)
    return [item.id for item in found]


def bodies_below(page: Page, tree: BodyTree, body: Body, card: BodyScorecard) -> list[BodyBelow]:
    """The body and those below it, as far as they are asked for something."""
    numbers = count_marked(tree, card.marks, card.divided, card.asked, page.times.pair)
    found = (
        BodyBelow(below, depth, numbers[below.id])
        for below, depth in bodies_in_tree_order(tree, body)
        if below.id in numbers
    )
    return list(islice(found, MAX_BELOW))


def merged_bodies(page: Page, tree: BodyTree, body: str) -> list[MergedBody]:
    """The merges that made others part of a body, as known then, also those of bodies merged before into these."""
    merges = catalogue.merges(page.db, page.id, page.times.known_at)
    of = [merges[ident].merge for ident in tree.earlier_names(body)]
    return [MergedBody(tree.bodies[m.body], tree.bodies[m.into], m.on, m.why) for m in of]
