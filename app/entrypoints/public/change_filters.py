"""The filters of the page of changes: kind, theme and body."""

import re
from datetime import date

from msgspec import Struct
from sqlalchemy import and_

from app.entrypoints.public.filter_choices import MAX_BODIES
from app.entrypoints.public.page import Page
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.ordering import bodies_in_order, themes_in_order
from domain.errors import Refused, refusal
from projections.addressees.queries import BODY, asked_of
from projections.catalogue import queries as catalogue
from projections.engine.name_lists import NameScope, among
from projections.scorecards.queries import under_theme
from projections.scorecards.world_changes import WorldDay

KINDS = ("changed", "corrected", "reviewed")
ORDERS = ("published",)
PLACE = re.compile(r"(\d{4}-\d\d-\d\d)\.(\d{1,12})")


class ChangeFilter(Struct, frozen=True):
    """`kind` is empty for all kinds; `recommendations` are those of the theme and the body, None for all. `scope` names
    both."""

    kind: str
    theme: str
    of_body: NameScope | None
    recommendations: NameScope | None
    scope: str = ""


class FilterChoices(Struct, frozen=True):
    """Pairs of value and label."""

    themes: list[tuple[str, str]]
    bodies: list[tuple[str, str]]


def read_filter(page: Page, query: dict[str, str]) -> ChangeFilter:
    """Raises `Refused` for what is not there."""
    known_at, theme, body = page.times.known_at, query.get("theme", ""), query.get("body", "")
    tree = catalogue.body_tree(page.db, page.id, known_at)
    themes = catalogue.themes(page.db, page.id, known_at)
    there = {"order": ORDERS, "show": KINDS, "theme": themes, "body": tree.bodies}
    problems = [
        refusal("There is no {name} “{value}” here.", name=name, value=query[name][:60], field=name)
        for name, values in there.items()
        if name in query and query[name] not in values
    ]
    if problems:
        raise Refused(*problems)
    of_body, scopes = None, list[NameScope]()
    if body:
        bodies = among(page.db, BODY, tree.with_parts(tree.current(body)))
        of_body = asked_of(page.id, known_at, page.times.as_of, bodies)
        scopes.append(of_body)
    if theme:
        scopes.append(under_theme(page.db, page.id, theme))
    both = (lambda recommendation: and_(*(scope(recommendation) for scope in scopes))) if scopes else None
    names = [localized_text(themes[theme], "title")] if theme else []
    names += [localized_text(tree.bodies[tree.current(body)], "name")] if body else []
    return ChangeFilter(query.get("show", ""), theme, of_body, both, ", ".join(names))


def filter_choices_of(page: Page, chosen_body: str = "") -> FilterChoices:
    """All themes and bodies; of many bodies, only the one that is chosen."""
    known_at = page.times.known_at
    tree = catalogue.body_tree(page.db, page.id, known_at)
    themes = themes_in_order(catalogue.themes(page.db, page.id, known_at).values())
    is_short = len(tree.bodies) <= MAX_BODIES
    ids = [i for i in tree.bodies if i not in tree.merged_into and (is_short or i == tree.current(chosen_body))]
    bodies = bodies_in_order(tree.bodies[i] for i in ids)
    return FilterChoices(
        [(t.id, localized_text(t, "title")) for t in themes], [(b.id, localized_text(b, "name")) for b in bodies]
    )


def read_place(text: str | None) -> WorldDay | None:
    """A place in the list of days. Raises `Refused`."""
    if not text:
        return None
    match = PLACE.fullmatch(text)
    try:
        if match and match[2].isascii():
            return WorldDay(date.fromisoformat(match[1]).toordinal(), int(match[2]))
    except ValueError:
        pass
    raise refused_place(text)


def read_position(text: str | None) -> int | None:
    """A position in the log. Raises `Refused`."""
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 16:
        return int(text)
    raise refused_place(text)


def refused_place(text: str) -> Refused:
    return Refused(
        refusal("“{place}” is not a position in the log. Use the link at the foot of the page.", place=text[:40])
    )
