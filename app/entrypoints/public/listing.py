"""A list of recommendations: filtered, sorted and paginated."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from msgspec import Struct

from app.entrypoints.http.query_params import read_page_number
from app.entrypoints.public.news_order import NewsOrder
from app.entrypoints.public.scorecard_page import ScorecardPage, ScorecardRow
from app.presentation.charts.flow import STATUS_ORDER
from app.presentation.i18n.labels import DEADLINE_STATE, KIND, POSITION, status_word
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.status_words import scale_text
from app.presentation.i18n.translation import _
from domain.codes import DeadlineState, Kind, Position, Status
from domain.errors import Refusal, Refused, refusal
from domain.ordering import natural_key, number_key
from domain.register.settings_rules import STATUSES_SCALE
from domain.times import first_day
from domain.values import Theme
from projections.scorecards.results import Counts
from projections.scorecards.tally import tally

LISTING_PARAMETERS = (
    *("theme", "body", "publication", "status", "kind", "priority", "due", "position"),
    *("scale", "sort", "page"),
)
PAGE_SIZE = 250
"""Recommendations per page."""

DUE_STATES = (DeadlineState.OVERDUE, DeadlineState.UPCOMING, DeadlineState.MET, DeadlineState.MET_LATE)

Choices = dict[str, list[tuple[str, str]]]


class RowGroup(Struct, frozen=True):
    """Rows under one heading: a text, or a theme. `code` names the group on its page."""

    code: str
    title: str
    rows: tuple[ScorecardRow, ...]
    theme: Theme | None = None


class Listing(Struct, frozen=True):
    groups: tuple[RowGroup, ...]
    counts: Counts
    """Those of all rows that match, on all pages."""
    page: int
    pages: int

    @property
    def shown(self) -> int:
        """How many rows match, on all pages."""
        return self.counts.on_scorecard


def _scale_choices(scorecard_page: ScorecardPage) -> list[tuple[str, str]]:
    """The register's own scales, the statuses themselves if it has any, and the scales of others."""
    settings = scorecard_page.settings
    own = [(s.id, scale_text(s)) for s in settings.scales]
    precise = [(STATUSES_SCALE, _("Statuses of the methodology"))] if own else []
    return [*own, *precise, *((s.code, s.title) for s in scorecard_page.methodology.scales)]


def filter_choices(scorecard_page: ScorecardPage) -> Choices:
    """The choices of each filter, as pairs of value and label."""
    return {
        "theme": [(t.id, localized_text(t, "title")) for t in scorecard_page.themes_in_use],
        "body": [(b.id, localized_text(b, "name")) for b in scorecard_page.bodies_in_use],
        "publication": [(p.id, localized_text(p, "title")) for p in scorecard_page.publications_in_use],
        "status": [(s.value, status_word(s)) for s in Status],
        "kind": [(k.value, str(KIND[k])) for k in Kind],
        "scale": _scale_choices(scorecard_page),
        "priority": [("yes", _("Priorities"))] if any(r.facts.priority for r in scorecard_page.rows.values()) else [],
        "due": _due_choices(scorecard_page),
        "position": [(p.value, f"{POSITION[p]} ({n})") for p, n in scorecard_page.positions.items() if n],
        "sort": [
            ("theme", _("By theme")),
            ("number", _("By number")),
            ("title", _("By title")),
            ("status", _("By status")),
            ("since", _("Longest without change")),
            *([("due", _("By due date"))] if _has_deadlines(scorecard_page) else []),
            ("changed", _("Latest change first")),
        ],
    }


def _has_deadlines(scorecard_page: ScorecardPage) -> bool:
    return any(row.standing.due for row in scorecard_page.rows.values())


def _due_choices(scorecard_page: ScorecardPage) -> list[tuple[str, str]]:
    """The states of deadlines, offered where an item has a deadline."""
    if not _has_deadlines(scorecard_page):
        return []
    return [(state, str(DEADLINE_STATE[state])) for state in DUE_STATES] + [("none", _("Without a deadline"))]


def build_listing(
    scorecard_page: ScorecardPage, query: dict[str, str], choices: Choices, only: Collection[str] | None = None
) -> Listing:
    """A page of the rows that match a query, among the recommendations `only` if given. Raises `Refused`."""
    rows, sort = matching_rows(scorecard_page, query, choices, only), query.get("sort")
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    page = read_page_number(query, pages)
    here = rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    if sort == "theme":
        groups = _group_by_theme(here, scorecard_page)
    elif sort:
        groups = [RowGroup("all", _("In the order chosen"), tuple(here))]
    else:
        groups = _group_by_news(here, NewsOrder(scorecard_page))
    return Listing(tuple(groups) if here else (), tally(row.standing for row in rows), page, pages)


def matching_rows(
    scorecard_page: ScorecardPage, query: dict[str, str], choices: Choices, only: Collection[str] | None = None
) -> list[ScorecardRow]:
    """The rows that match a query, in its order. Raises `Refused` with every choice that does not exist."""
    _refuse_unknown(query, choices, scorecard_page)
    tree = scorecard_page.tree
    bodies = tree.with_parts(tree.current(query["body"])) if "body" in query else None
    rows = [row for row in scorecard_page.rows.values() if _matches(row, query, bodies)]
    if only is not None:
        rows = [row for row in rows if row.facts.id in only]
    if position := query.get("position"):
        responding = scorecard_page.with_position(Position(position))
        rows = [row for row in rows if row.standing.id in responding]
    sort, news = FORMER_SORTS.get(query.get("sort", ""), query.get("sort")), NewsOrder(scorecard_page)
    if sort and sort not in (*SORT_KEYS, "theme"):
        raise Refused(refusal("There is no {name} “{value}” here.", name="sort", value=sort[:60], field="sort"))
    if sort != "theme":
        rows.sort(key=SORT_KEYS[sort] if sort else news.key)
    return rows


def _refuse_unknown(query: dict[str, str], choices: Choices, scorecard_page: ScorecardPage) -> None:
    also: dict[str, set[str]] = {
        "theme": set(scorecard_page.themes),
        "body": set(scorecard_page.bodies),
        "publication": set(scorecard_page.publications),
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


def _since(row: ScorecardRow) -> date:
    return row.changed_on or (first_day(row.standing.since) if row.standing.since else date.min)


SORT_KEYS: dict[str, Callable[[ScorecardRow], Any]] = {
    "number": lambda row: number_key(row.facts),
    "title": lambda row: natural_key(localized_text(row.facts, "title")),
    "status": lambda row: STATUS_ORDER.index(row.standing.status),
    "since": _since,
    "due": lambda row: row.standing.due.last_day if row.standing.due else date.max,
    "changed": lambda row: -_since(row).toordinal(),
}
"""The sort key of each order; rows that compare equal keep the order of the page."""
FORMER_SORTS = {"latest": "changed", "longest": "since"}
"""Names of orders in addresses that were published earlier."""


def _matches(row: ScorecardRow, query: dict[str, str], bodies: Collection[str] | None) -> bool:
    return (
        query.get("theme") in (None, row.standing.theme)
        and query.get("publication") in (None, row.facts.publication, *row.facts.also_in)
        and query.get("status") in (None, row.standing.status.value)
        and query.get("kind") in (None, row.standing.kind.value)
        and (query.get("priority") is None or row.facts.priority)
        and query.get("due") in (None, row.standing.due.state.value if row.standing.due else "none")
        and (bodies is None or not row.bodies.isdisjoint(bodies))
    )


def _group_by_theme(rows: Sequence[ScorecardRow], scorecard_page: ScorecardPage) -> list[RowGroup]:
    groups: dict[str, list[ScorecardRow]] = defaultdict(list)
    for row in rows:
        groups[row.standing.theme].append(row)
    themes = [scorecard_page.theme(ident) for ident in groups]
    return [RowGroup(t.id, localized_text(t, "title"), tuple(groups[t.id]), t) for t in themes]


def _group_by_news(rows: Sequence[ScorecardRow], news: NewsOrder) -> list[RowGroup]:
    return [
        RowGroup(f"news-{group}", news.title(group), tuple(members)) for group, members in groupby(rows, key=news.group)
    ]
