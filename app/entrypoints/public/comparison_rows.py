"""The lists of a comparison page: one for each direction, in pages."""

from collections.abc import Callable
from itertools import islice

from msgspec import Struct

from app.entrypoints.http.query_params import read_page_number
from app.entrypoints.public.page import Page
from app.presentation.answers.compared_times import ComparedTimes
from app.presentation.charts.flow import STATUS_ORDER
from app.presentation.narrative.change_reasons import ChangeReason, reasons_of_changes, reasons_of_corrections
from domain.codes import Status
from domain.errors import Refused, refusal
from domain.values import Body, RecommendationFacts
from projections.addressees.queries import NOT_ASKED, asked
from projections.catalogue import queries as catalogue
from projections.catalogue.body_tree import BodyTree
from projections.scorecards.comparison import Move, Moves, compared_rows, is_learned
from projections.scorecards.results import ComparisonRow, TimePair

FIRST_ROWS, PAGE_ROWS = 50, 100
"""How many rows of each list the whole comparison shows, and a page of one list."""
SECTIONS: dict[str, Callable[[Move], bool]] = {
    "reversed": lambda move: move.direction == "reversed",
    "down": lambda move: move.direction == "down",
    "up": lambda move: move.direction == "up",
    "level": lambda move: move.direction == "level" and not move.is_first_assessed,
    "assessed": lambda move: move.is_first_assessed,
    "added": lambda move: move.direction == "added",
    "removed": lambda move: move.direction == "removed",
    "learned": is_learned,
    "unchanged": lambda move: move.direction == "unchanged",
}
"""The lists in the order of the page, and what each is about."""


class ComparedItem(Struct, frozen=True):
    """A row with what is said about it."""

    row: ComparisonRow
    facts: RecommendationFacts
    why: ChangeReason | None
    asked: tuple[Body, ...]


class Section(Struct, frozen=True):
    """A page of one list; `number` counts all pages."""

    code: str
    number: int
    items: tuple[ComparedItem, ...]
    page: int
    pages: int
    is_page: bool
    """Whether only this list is shown, in pages."""
    by_status: tuple[tuple[Status, int], ...]
    """How many have which status on the second day."""

    @property
    def is_whole(self) -> bool:
        return len(self.items) == self.number


def build_sections(page: Page, times: ComparedTimes, moves: Moves, query: dict[str, str]) -> list[Section]:
    """The first rows of every list that has some, or a page of the one that is asked for. Raises `Refused`."""
    show = query.get("show")
    if show is None:
        read_page_number(query, 1)
        codes = [code for code in SECTIONS if any(SECTIONS[code](move) for move in moves.moves)]
        return [_section(page, times, moves, code, {}, FIRST_ROWS) for code in codes]
    if show not in SECTIONS:
        raise Refused(refusal("There is no {name} “{value}” here.", name="show", value=show[:60], field="show"))
    return [_section(page, times, moves, show, query, PAGE_ROWS)]


def _section(page: Page, times: ComparedTimes, moves: Moves, code: str, query: dict[str, str], size: int) -> Section:
    of = [move for move in moves.moves if SECTIONS[code](move)]
    total = sum(move.number for move in of)
    pages = max(1, -(-total // size))
    place = read_page_number(query, pages)
    keys, start = {move.key for move in of}, (place - 1) * size
    moved = list(islice((row for row in moves.rows if row.key in keys), start, start + size))
    rows = compared_rows(page.db, page.id, times.start, times.end, moved)
    return Section(code, total, tuple(_items(page, times, rows, code)), place, pages, size == PAGE_ROWS, _by_status(of))


def _by_status(moves: list[Move]) -> tuple[tuple[Status, int], ...]:
    numbers = {status: sum(move.number for move in moves if move.c is status) for status in STATUS_ORDER}
    return tuple((status, n) for status, n in numbers.items() if n)


def _items(page: Page, times: ComparedTimes, rows: list[ComparisonRow], code: str) -> list[ComparedItem]:
    ids, known_at = [row.id for row in rows], times.end.known_at
    facts = catalogue.recommendations_of(page.db, page.id, known_at, ids)
    why = _reasons(page, times, rows, code)
    asked_of = asked(page.db, page.id, known_at, ids)
    tree = catalogue.body_tree(page.db, page.id, known_at)
    items = []
    for row in rows:
        bodies = asked_of.get(row.id, NOT_ASKED).bodies_on(times.end.as_of)
        items.append(ComparedItem(row, facts[row.id].facts, why.get(row.id), _named(tree, bodies)))
    return items


def _reasons(page: Page, times: ComparedTimes, rows: list[ComparisonRow], code: str) -> dict[str, ChangeReason]:
    """What explains the rows of a list; nothing explains what did not change, or is gone."""
    if code in ("unchanged", "removed"):
        return {}
    if code == "learned" and isinstance(times.start, TimePair):
        day = TimePair(times.start.as_of, times.end.known_at)
        return reasons_of_corrections(page.db, page.id, rows, day)
    return reasons_of_changes(page.db, page.id, rows, times.end)


def _named(tree: BodyTree, bodies: list[str]) -> tuple[Body, ...]:
    """The bodies under the names that they have now."""
    current = dict.fromkeys(tree.current(body) for body in bodies)
    return tuple(tree.bodies.get(body) or Body(id=body, name=body) for body in current)
