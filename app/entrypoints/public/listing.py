"""A list of recommendations: filtered, sorted and paginated by the database; only the rows of the page are read."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby

from msgspec import Struct
from sqlalchemy import ColumnElement, Select

from app.entrypoints.http.query_params import read_page_number
from app.entrypoints.public.filter_choices import DUE_STATES, Choices
from app.entrypoints.public.news_order import NewsOrder
from app.entrypoints.public.page import Page
from app.entrypoints.public.register_names import RegisterNames
from app.entrypoints.public.scorecard_page import ScorecardPage, ScorecardRow
from app.presentation.charts.flow import STATUS_ORDER
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _, page_language
from domain.codes import Kind, Position, Status
from domain.errors import Refusal, Refused, refusal
from domain.ordering import natural_key
from domain.values import Theme
from projections.addressees.queries import BODY, naming
from projections.catalogue import queries as catalogue
from projections.engine.name_lists import among
from projections.responses.queries import taking
from projections.scorecards.listed import ListCounts, ListFilter, ListOrder, ListRow, ScorecardList

LISTING_PARAMETERS = (
    *("theme", "body", "publication", "status", "kind", "priority", "due", "position"),
    *("scale", "sort", "page"),
)
PAGE_SIZE = 100
"""Recommendations per page."""
SORTS = ("theme", "number", "title", "status", "since", "due", "changed")
FORMER_SORTS = {"latest": "changed", "longest": "since"}
"""Names of orders in addresses that were published earlier."""


class RowGroup(Struct, frozen=True):
    """Rows under one heading: a text, or a theme. `code` names the group on its page."""

    code: str
    title: str
    rows: tuple[ScorecardRow, ...]
    theme: Theme | None = None


class Listing(Struct, frozen=True):
    groups: tuple[RowGroup, ...]
    shown: int
    """How many rows match, on all pages."""
    page: int
    pages: int


class ListedPage(Struct, frozen=True):
    """The recommendations of one page of a list of `total`, in their order."""

    items: tuple[ListRow, ...]
    total: int
    page: int
    pages: int

    @property
    def ids(self) -> list[str]:
        return [item.id for item in self.items]


class ListReader:
    """Lists of a register's scorecard, as a whole or under one theme."""

    def __init__(self, page: Page, names: RegisterNames, theme: str | None = None) -> None:
        self._page, self._names, self._theme = page, names, theme
        self.whole = self._list(ListFilter(theme=theme))

    def count(self, query: dict[str, str]) -> ListCounts:
        """The numbers of what matches a query."""
        return self._matching(query).count()

    def read(self, query: dict[str, str], total: int) -> ListedPage:
        """A page of what matches a query, `total` in all. Raises `Refused` if there is no such page or order."""
        pages = max(1, -(-total // PAGE_SIZE))
        number = read_page_number(query, pages)
        items = self._items(query, skip=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE)
        return ListedPage(tuple(items), total, number, pages)

    def ids(self, query: dict[str, str]) -> list[str]:
        """All that match a query, in its order. Raises `Refused`."""
        return [item.id for item in self._items(query, skip=0, limit=None)]

    def listing(self, query: dict[str, str], listed: ListedPage, rows: ScorecardPage) -> Listing:
        """A page of a list with its rows, in groups."""
        sort, here = query.get("sort"), [rows.rows[item.id] for item in listed.items]
        if sort == "theme":
            groups = _group_by_theme(here, rows)
        elif sort:
            groups = [RowGroup("all", _("In the order chosen"), tuple(here))]
        else:
            groups = _group_by_news(listed.items, rows, self._news)
        return Listing(tuple(groups) if here else (), listed.total, listed.page, listed.pages)

    @property
    def _news(self) -> NewsOrder:
        if self._known_news is None:
            self._known_news = NewsOrder(self._page, self._names, self.whole)
        return self._known_news

    _known_news: NewsOrder | None = None

    def _items(self, query: dict[str, str], *, skip: int, limit: int | None) -> list[ListRow]:
        sort = FORMER_SORTS.get(query.get("sort", ""), query.get("sort"))
        if sort and sort not in SORTS:
            raise Refused(refusal("There is no {name} “{value}” here.", name="sort", value=sort[:60], field="sort"))
        themes, matching = self._names.themes_in_order, self._matching(query)
        if sort == "title" and page_language() != self._page.entry.settings.languages[0]:
            items = matching.page(ListOrder("theme", themes))
            return self._by_title(items)[skip : None if limit is None else skip + limit]
        year = None if sort else self._news.year
        order = ListOrder(sort or "theme", themes, statuses=STATUS_ORDER, year=year)
        return matching.page(order, skip=skip, limit=limit)

    def _by_title(self, items: Sequence[ListRow]) -> list[ListRow]:
        """In the order of titles in the language of the page, which the database does not know."""
        known_at = self._page.times.known_at
        entries = catalogue.recommendations_of(self._page.db, self._page.id, known_at, [item.id for item in items])
        titles = {ident: localized_text(entry.facts, "title") for ident, entry in entries.items()}
        return sorted(items, key=lambda item: (natural_key(titles[item.id]), natural_key(item.id)))

    def _matching(self, query: dict[str, str]) -> ScorecardList:
        wanted = ListFilter(
            theme=self._theme or query.get("theme"),
            publication=query.get("publication"),
            status=Status(query["status"]) if "status" in query else None,
            kind=Kind(query["kind"]) if "kind" in query else None,
            priority="priority" in query,
            due=query.get("due"),
            among=tuple(self._named(query)),
        )
        return self._list(wanted) if wanted != ListFilter(theme=self._theme) else self.whole

    def _named(self, query: dict[str, str]) -> Iterable[Select[tuple[str]]]:
        """Queries for the recommendations that a body is asked for, and to which a response takes a position."""
        times, tree = self._page.times, self._names.tree
        if "body" in query:
            bodies = among(self._page.db, BODY, tree.with_parts(tree.current(query["body"])))
            yield self.asking(bodies)
        if "position" in query:
            yield taking(self._page.id, Position(query["position"]), times.as_of, times.known_at)

    def asking(self, bodies: ColumnElement[bool]) -> Select[tuple[str]]:
        """The recommendations that ask a body on the day, as part of a query."""
        return naming(self._page.id, self._page.times.known_at, self._page.times.as_of, bodies)

    def _list(self, wanted: ListFilter) -> ScorecardList:
        return ScorecardList(self._page.db, self._page.id, self._page.times.pair, wanted)


def refuse_unknown(query: dict[str, str], choices: Choices, names: RegisterNames) -> None:
    """Raises `Refused` with every choice of a query that does not exist."""
    also: dict[str, set[str]] = {
        "theme": set(names.themes),
        "body": set(names.bodies),
        "publication": set(names.publications),
        "priority": {"yes"},
        "due": {*DUE_STATES, "none"},
        "position": {p.value for p in Position},
        "sort": {*FORMER_SORTS, "due"},
    }
    problems: list[Refusal] = []
    for name, pairs in choices.items():
        if name in query and query[name] not in {value for value, _words in pairs} | also.get(name, set()):
            problems.append(
                refusal("There is no {name} “{value}” here.", name=name, value=query[name][:60], field=name)
            )
    if problems:
        raise Refused(*problems)


def _group_by_theme(rows: Sequence[ScorecardRow], scorecard_page: ScorecardPage) -> list[RowGroup]:
    groups: dict[str, list[ScorecardRow]] = defaultdict(list)
    for row in rows:
        groups[row.standing.theme].append(row)
    themes = [scorecard_page.theme(ident) for ident in groups]
    return [RowGroup(t.id, localized_text(t, "title"), tuple(groups[t.id]), t) for t in themes]


def _group_by_news(items: Sequence[ListRow], rows: ScorecardPage, news: NewsOrder) -> list[RowGroup]:
    return [
        RowGroup(f"news-{group}", news.title(group), tuple(rows.rows[item.id] for item in members))
        for group, members in groupby(items, key=lambda item: item.group)
    ]
