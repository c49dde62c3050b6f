"""Which recommendations the API lists, and in which order: found before anything else is read of them."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.entrypoints.api.parameters import DUE_CHOICES, SORTS
from app.presentation.answers.as_of import AsOf
from app.presentation.answers.serializers import item_order
from app.presentation.charts.flow import STATUS_ORDER
from domain.errors import Refused
from domain.ordering import natural_key, number_key
from domain.times import first_day, last_day
from projections.catalogue import queries as catalogue
from projections.scorecards.queries import standings
from projections.scorecards.results import Standing
from projections.scorecards.summaries import recommendations_in_order


def chosen_ids(db: Connection, register: str, times: AsOf, query: Mapping[str, str]) -> list[str]:
    """The recommendations on a scorecard whose deadline is in a state, in a named order, else in that of data.

    Those that compare equal keep the order of data. Raises `Refused` for an unknown state or order.
    """
    due, sort = query.get("due"), query.get("sort")
    if due is not None and due not in DUE_CHOICES:
        raise Refused(f"There is no state “{due[:40]}” of deadlines; known are {', '.join(DUE_CHOICES)}.")
    if sort is not None and sort not in SORTS:
        raise Refused(f"There is no order “{sort[:40]}”; known are {', '.join(SORTS)}.")
    order = item_order(db, register, times.known_at)
    if due is None and sort not in _KEYS_OF_STANDINGS:
        ids = order.sort(recommendations_in_order(db, register, times.pair))
        return _by_facts(db, register, times, ids, sort) if sort else ids
    found = {i: s for i, s in standings(db, register, times.pair).items() if due is None or _state(s) == due}
    ids = order.sort(found)
    if sort in _KEYS_OF_STANDINGS:
        key = _KEYS_OF_STANDINGS[sort]
        return sorted(ids, key=lambda i: key(found[i]))
    return _by_facts(db, register, times, ids, sort) if sort else ids


def _by_facts(db: Connection, register: str, times: AsOf, ids: list[str], sort: str) -> list[str]:
    facts = {i: e.facts for i, e in catalogue.recommendations_of(db, register, times.known_at, ids).items()}
    if sort == "number":
        return sorted(ids, key=lambda i: number_key(facts[i]))
    return sorted(ids, key=lambda i: (natural_key(facts[i].title), natural_key(i)))


def _state(standing: Standing) -> str:
    return standing.due.state.value if standing.due else "none"


def _due(standing: Standing) -> date:
    return last_day(standing.due.due_on) if standing.due else date.max


def _since(standing: Standing) -> int:
    return first_day(standing.since).toordinal() if standing.since else 0


_KEYS_OF_STANDINGS: dict[str | None, Callable[[Standing], Any]] = {
    "status": lambda standing: STATUS_ORDER.index(standing.status),
    "since": _since,
    "due": _due,
    "changed": lambda standing: -_since(standing),
}
