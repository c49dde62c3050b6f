"""Which recommendations the API lists, and in which order: found before anything else is read of them."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, Select

from app.entrypoints.api.parameters import DUE_CHOICES, SORTS
from app.presentation.answers.as_of import AsOf
from app.presentation.answers.body_scorecards import find_body
from app.presentation.answers.serializers import themes_of_data
from app.presentation.charts.flow import STATUS_ORDER
from app.services.bundles.converting import find_converter
from domain.codes import Position
from domain.errors import Refused
from projections.addressees.queries import BODY, naming
from projections.catalogue import queries as catalogue
from projections.engine.name_lists import among
from projections.responses.queries import taking
from projections.scorecards.listed import ListFilter, ListOrder, ScorecardList

_ORDERS = {"since": "began", "changed": "began_last"}
"""The orders by the first day of a status, also before it was recommended."""


class ChosenRows:
    """The recommendations on a scorecard that match a query, in a named order, else in that of data.

    Those that compare equal keep the order of data. Raises `Refused` for a choice or an order that does not exist.
    """

    def __init__(self, db: Connection, register: str, times: AsOf, query: Mapping[str, str]) -> None:
        due, sort = query.get("due"), query.get("sort")
        if due is not None and due not in DUE_CHOICES:
            raise Refused(f"There is no state “{due[:40]}” of deadlines; known are {', '.join(DUE_CHOICES)}.")
        if sort is not None and sort not in SORTS:
            raise Refused(f"There is no order “{sort[:40]}”; known are {', '.join(SORTS)}.")
        wanted = ListFilter(due=due, among=tuple(_named(db, register, times, query)))
        self._list = ScorecardList(db, register, times.pair, wanted)
        themes = themes_of_data(db, register, times.known_at)
        self._order = ListOrder(_ORDERS.get(sort or "", sort or "theme"), themes, statuses=STATUS_ORDER)

    def total(self) -> int:
        return self._list.total()

    def ids(self, rows: slice) -> list[str]:
        """Some of them."""
        return [item.id for item in self._list.page(self._order, skip=rows.start, limit=rows.stop - rows.start)]


def _named(db: Connection, register: str, times: AsOf, query: Mapping[str, str]) -> Iterable[Select[tuple[str]]]:
    """Queries for those to which a response takes a position, and for those that a body is asked for."""
    if "position" in query:
        position = find_converter(Position)(query["position"])
        assert isinstance(position, Position)
        yield taking(register, position, times.as_of, times.known_at)
    if body := query.get("body"):
        names = find_body(catalogue.body_tree(db, register, times.known_at), body)
        yield naming(register, times.known_at, times.as_of, among(db, BODY, names))
