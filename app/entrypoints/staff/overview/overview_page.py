"""The content of the overview of a register: saved views with counts, choices of the filters, and a page of rows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from app.entrypoints.staff.overview.selection import desk_address
from app.presentation.i18n.labels import status_word
from app.presentation.i18n.localize import language_label, localized_text
from app.presentation.i18n.ordering import bodies_in_order, themes_in_order
from app.presentation.i18n.translation import LazyText, _
from app.services.overview.agenda import Agenda, DueMonth
from app.services.overview.filters import (
    FILTER_NAMES,
    MAX_OPTIONS,
    NOT_OPEN,
    OPEN,
    TEXT_PREFIX,
    Assigned,
    DueFilter,
    Missing,
    OverviewFilter,
    SortOrder,
)
from app.services.overview.items import STATUS_ORDER, OverviewItems
from app.services.overview.rows import OverviewRow, overview_rows
from app.services.overview.saved_views import NamedFilter, views_of
from projections.catalogue.entries import RegisterEntry

ROWS_PER_PAGE = 50
DAYS_IN_PANEL = 12
Options = Sequence[tuple[str, str]] | None
"""Pairs of value and label; None for a field to type in."""


class ViewLink(Struct, frozen=True):
    """A saved view; `is_own` marks those that this person named."""

    name: str
    address: str
    count: int
    wanted: OverviewFilter
    is_own: bool = False


class FilterField(Struct, frozen=True):
    """A field of the filter. Without options, it takes words of a name."""

    name: str
    label: str
    options: Options
    empty: str = ""
    """The label of no choice."""


class OverviewPage(Struct, frozen=True):
    """`first` and `last` count the rows from 1; `query` is that of this page of the list."""

    entry: RegisterEntry
    today: date
    wanted: OverviewFilter
    rows: list[OverviewRow]
    total: int
    number: int
    views: list[ViewLink]
    fields: list[FilterField]
    months: list[DueMonth]

    @property
    def first(self) -> int:
        return (self.number - 1) * ROWS_PER_PAGE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // ROWS_PER_PAGE))

    @property
    def shown_views(self) -> list[ViewLink]:
        """Without those of everyone that are empty now, except all recommendations and the current view."""
        return [v for v in self.views if v.count or v.is_own or not v.wanted.parameters or v.wanted == self.wanted]

    @property
    def query(self) -> str:
        page = f"page={self.number}" if self.number > 1 else ""
        return "&".join(part for part in (self.wanted.query, page) if part)

    @property
    def is_filtered(self) -> bool:
        return bool(self.wanted.without_order)

    def at(self, number: int) -> str:
        """The address of another page of the list."""
        return desk_address(self.entry.id, self.wanted.parameters, number if number > 1 else None)

    def sorted_by(self, order: str) -> str:
        return desk_address(self.entry.id, self.wanted.without_order | {"sort": order})

    def filtered(self, **parameters: str) -> str:
        """The address of the list with another filter."""
        return desk_address(self.entry.id, parameters)

    def selecting(self, which: str) -> str:
        return desk_address(self.entry.id, self.wanted.parameters, self.number if self.number > 1 else None, which)


def read_page(items: OverviewItems, wanted: OverviewFilter, number: int) -> OverviewPage:
    """A page of the list; the last one if there are fewer."""
    total = items.count(wanted)
    number = min(max(1, number), max(1, -(-total // ROWS_PER_PAGE)))
    ids = items.page(wanted, skip=(number - 1) * ROWS_PER_PAGE, limit=ROWS_PER_PAGE, total=total)
    return OverviewPage(
        entry=items.entry,
        today=items.today,
        wanted=wanted,
        rows=overview_rows(items, ids),
        total=total,
        number=number,
        views=_views(items),
        fields=_fields(items),
        months=Agenda(items).months(limit=DAYS_IN_PANEL),
    )


def _views(items: OverviewItems) -> list[ViewLink]:
    """The views that everyone has, then those of this person."""
    with items.services.accounts.work() as accounts:
        own = views_of(accounts, items.person.id, items.entry.id)
    links = [ViewLink(v.name, _view_address(items, v), _count(items, v), v.wanted) for v in _built_in(items)]
    return links + [ViewLink(v.name, _view_address(items, v), _count(items, v), v.wanted, is_own=True) for v in own]


def _view_address(items: OverviewItems, view: NamedFilter) -> str:
    return desk_address(items.entry.id, view.wanted.parameters)


def _count(items: OverviewItems, view: NamedFilter) -> int:
    return items.count(view.wanted)


def _built_in(items: OverviewItems) -> list[NamedFilter]:
    texts = [
        NamedFilter(
            _("%(language)s missing", language=language_label(code)), OverviewFilter(missing=TEXT_PREFIX + code)
        )
        for code in items.entry.settings.languages[1:]
    ]
    return [
        NamedFilter(_("All"), OverviewFilter()),
        NamedFilter(_("Review overdue or due"), OverviewFilter(due=DueFilter.LATE)),
        NamedFilter(_("Deadline passed"), OverviewFilter(due=DueFilter.OVERDUE)),
        NamedFilter(_("Assigned to you"), OverviewFilter(assigned=Assigned.ME)),
        NamedFilter(_("Assigned to no one"), OverviewFilter(assigned=Assigned.NO_ONE)),
        NamedFilter(_("With a proposal"), OverviewFilter(proposal=OPEN)),
        *texts,
        NamedFilter(_("No success criteria"), OverviewFilter(missing=Missing.CRITERIA)),
        NamedFilter(_("Never assessed"), OverviewFilter(missing=Missing.ASSESSMENT)),
    ]


def _fields(items: OverviewItems) -> list[FilterField]:
    return [filter_field(items, name) for name in FILTER_NAMES if name != "q"]


def filter_field(items: OverviewItems, name: str) -> FilterField:
    """A field of the filter with its options in this register."""
    label, options = _FIELDS[name]
    return FilterField(name, str(label), options(items), str(_EMPTY.get(name, _ANY)))


def _theme_options(items: OverviewItems) -> Options:
    return _if_few([(t.id, localized_text(t, "title")) for t in themes_in_order(items.themes.values())])


def _body_options(items: OverviewItems) -> Options:
    return _if_few([(b.id, localized_text(b, "name")) for b in bodies_in_order(items.bodies)])


def _if_few(options: list[tuple[str, str]]) -> Options:
    return options if len(options) <= MAX_OPTIONS else None


def _due_options(_items: OverviewItems) -> Options:
    return [
        (DueFilter.LATE, _("Review overdue or due")),
        (DueFilter.STALE, _("Review overdue")),
        (DueFilter.DUE, _("Review due soon")),
        (DueFilter.OVERDUE, _("Deadline passed")),
    ]


def _assigned_options(items: OverviewItems) -> Options:
    """Both special answers, then the colleagues; None if there are too many."""
    special = [(Assigned.ME.value, _("You")), (Assigned.NO_ONE.value, _("No one"))]
    others = [(ident, name) for ident, name in items.people if ident != items.person.id]
    return _if_few(special + others)


def _missing_options(items: OverviewItems) -> Options:
    languages = items.entry.settings.languages[1:]
    return [
        *((TEXT_PREFIX + code, _("Text in %(language)s", language=language_label(code))) for code in languages),
        (Missing.CRITERIA, _("Success criteria")),
        (Missing.ASSESSMENT, _("Any assessment")),
    ]


def _sort_options(_items: OverviewItems) -> Options:
    return [
        (SortOrder.NUMBER, _("By number")),
        (SortOrder.REVIEW, _("By review day")),
        (SortOrder.CHANGED, _("Latest change first")),
        (SortOrder.STATUS, _("By status")),
        (SortOrder.TITLE, _("By title")),
    ]


def _status_options(_items: OverviewItems) -> Options:
    return [(status.value, status_word(status)) for status in STATUS_ORDER]


def _proposal_options(_items: OverviewItems) -> Options:
    return [(OPEN, _("Open")), (NOT_OPEN, _("None open"))]


_ANY = LazyText("Any")
_EMPTY = {"missing": LazyText("Nothing"), "sort": LazyText("As usual")}
_FIELDS: Mapping[str, tuple[LazyText, Callable[[OverviewItems], Options]]] = {
    "due": (LazyText("Due"), _due_options),
    "status": (LazyText("Status"), _status_options),
    "theme": (LazyText("Theme"), _theme_options),
    "body": (LazyText("Asked of"), _body_options),
    "assigned": (LazyText("Assigned to"), _assigned_options),
    "missing": (LazyText("Missing"), _missing_options),
    "proposal": (LazyText("Proposals"), _proposal_options),
    "sort": (LazyText("Order"), _sort_options),
}
