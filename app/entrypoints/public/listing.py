"""A list of recommendations as a reader asked for it: narrowed, sorted, in pages."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from app.entrypoints.public.scorecard_page import Board, Line
from app.presentation.charts.flow import STATUS_ORDER
from app.presentation.i18n.labels import KIND, STATUS
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _
from domain.codes import Kind, Status
from domain.errors import Refusal, Refused, refusal

PARAMETERS = ("theme", "body", "status", "kind", "scale", "sort", "page")
PAGE = 250
"""How many recommendations stand on one page."""

Choices = dict[str, list[tuple[str, str]]]


class Group(Struct, frozen=True):
    """Lines under one heading; `theme` is empty where the list is sorted across themes."""

    theme: str
    title: object
    lines: tuple[Line, ...]


class Listing(Struct, frozen=True):
    groups: tuple[Group, ...]
    shown: int
    """How many fit, on all pages."""
    page: int
    pages: int


def choices(board: Board) -> Choices:
    """What may be chosen, as pairs of a value and its words."""
    return {
        "theme": [(t.id, localized_text(t, "title")) for t in board.themes_in_use],
        "body": [(b.id, localized_text(b, "name")) for b in board.bodies_in_use],
        "status": [(s.value, str(STATUS[s])) for s in Status],
        "kind": [(k.value, str(KIND[k])) for k in Kind],
        "scale": [(s.code, s.title) for s in board.methodology.scales],
        "sort": [
            ("latest", _("Latest change first")),
            ("longest", _("Longest without change")),
            ("status", _("By status")),
        ],
    }


def listed(board: Board, given: dict[str, str], known: Choices) -> Listing:
    """The lines that fit what was asked. Raises `Refused` naming every choice that does not exist."""
    _refuse_unknown(given, known, board)
    lines = [line for line in board.lines.values() if _wanted(line, given)]
    sort = given.get("sort")
    if sort == "status":
        lines.sort(key=lambda line: STATUS_ORDER.index(line.standing.status))
    elif sort:
        lines.sort(key=lambda line: line.moved or date.min, reverse=sort == "latest")
    pages = max(1, -(-len(lines) // PAGE))
    page = _page_number(given.get("page", "1"), pages)
    here = lines[(page - 1) * PAGE : page * PAGE]
    groups = [Group("", _("In the order chosen"), tuple(here))] if sort else _by_theme(here, board)
    return Listing(tuple(groups) if here else (), len(lines), page, pages)


def _refuse_unknown(given: dict[str, str], known: Choices, board: Board) -> None:
    also = {"theme": set(board.themes), "body": set(board.bodies)}
    problems: list[Refusal] = []
    for name, pairs in known.items():
        if name in given and given[name] not in {value for value, _words in pairs} | also.get(name, set()):
            problems.append(
                refusal("There is no {name} “{value}” here.", name=name, value=given[name][:60], field=name)
            )
    if problems:
        raise Refused(*problems)


def _wanted(line: Line, given: dict[str, str]) -> bool:
    return (
        given.get("theme") in (None, line.standing.theme)
        and given.get("status") in (None, line.standing.status.value)
        and given.get("kind") in (None, line.standing.kind.value)
        and (given.get("body") is None or given["body"] in line.facts.addressees)
    )


def _page_number(text: str, pages: int) -> int:
    if text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= pages:
        return int(text)
    raise Refused(refusal("There is no page “{page}” of this list. It has {pages}.", page=text[:20], pages=pages))


def _by_theme(lines: Sequence[Line], board: Board) -> list[Group]:
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.standing.theme].append(line)
    return [Group(t, board.theme(t), tuple(of_theme)) for t, of_theme in found.items()]
