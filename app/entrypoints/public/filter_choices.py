"""The choices of the filters of a list of recommendations."""

from app.entrypoints.public.page import Page
from app.entrypoints.public.register_names import RegisterNames
from app.presentation.i18n.labels import DEADLINE_STATE, KIND, POSITION, status_word
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.ordering import bodies_in_order, themes_in_order
from app.presentation.i18n.status_words import scale_text
from app.presentation.i18n.translation import _
from domain.codes import DeadlineState, Kind, Status
from domain.register.settings_rules import STATUSES_SCALE
from domain.values import Body
from projections.addressees.queries import BODY, naming
from projections.responses import queries as responses
from projections.scorecards.listed import Facets, names_in_use

DUE_STATES = (DeadlineState.OVERDUE, DeadlineState.UPCOMING, DeadlineState.MET, DeadlineState.MET_LATE)
MAX_BODIES = 300
"""A register with more bodies offers no choice of one: the page of each body lists what it is asked for."""

Choices = dict[str, list[tuple[str, str]]]


def filter_choices(page: Page, names: RegisterNames, facets: Facets, chosen_body: str = "") -> Choices:
    """The choices of each filter, as pairs of value and label."""
    themes = themes_in_order(names.theme(ident) for ident in facets.themes)
    positions = responses.counts_by_position(page.db, page.id, page.times.as_of, page.times.known_at)
    return {
        "theme": [(t.id, localized_text(t, "title")) for t in themes],
        "body": [(b.id, localized_text(b, "name")) for b in _bodies_in_use(page, names, chosen_body)],
        "publication": [
            (p.id, localized_text(p, "title")) for p in names.publications.values() if p.id in facets.publications
        ],
        "status": [(s.value, status_word(s)) for s in Status],
        "kind": [(k.value, str(KIND[k])) for k in Kind],
        "scale": _scale_choices(page),
        "priority": [("yes", _("Priorities"))] if facets.has_priorities else [],
        "due": _due_choices() if facets.has_deadlines else [],
        "position": [(p.value, f"{POSITION[p]} ({n})") for p, n in positions.items() if n],
        "sort": [
            ("theme", _("By theme")),
            ("number", _("By number")),
            ("title", _("By title")),
            ("status", _("By status")),
            ("since", _("Longest without change")),
            *([("due", _("By due date"))] if facets.has_deadlines else []),
            ("changed", _("Latest change first")),
        ],
    }


def _scale_choices(page: Page) -> list[tuple[str, str]]:
    """The register's own scales, the statuses themselves if it has any, and the scales of others."""
    own = [(s.id, scale_text(s)) for s in page.entry.settings.scales]
    precise = [(STATUSES_SCALE, _("Statuses of the methodology"))] if own else []
    return [*own, *precise, *((s.code, s.title) for s in page.methodology.scales)]


def _due_choices() -> list[tuple[str, str]]:
    """The states of deadlines."""
    return [(state, str(DEADLINE_STATE[state])) for state in DUE_STATES] + [("none", _("Without a deadline"))]


def _bodies_in_use(page: Page, names: RegisterNames, chosen: str) -> list[Body]:
    """The bodies that are asked, or have a part that is; of many, only the one that is chosen."""
    tree, times = names.tree, page.times
    if len(tree.bodies) > MAX_BODIES:
        return [tree.bodies[tree.current(chosen)]] if chosen in tree.bodies else []
    asked = names_in_use(
        page.db,
        page.id,
        times.pair,
        list(tree.bodies),
        lambda name: naming(page.id, times.known_at, times.as_of, name == BODY),
    )
    return bodies_in_order(
        b for b in tree.bodies.values() if b.id not in tree.merged_into and not asked.isdisjoint(tree.with_parts(b.id))
    )
