"""The orders in which the API lists recommendations."""

from collections.abc import Callable
from datetime import date
from typing import Any

from app.entrypoints.api.parameters import DUE_CHOICES, SORTS
from app.presentation.answers.api_models import StandingShape
from app.presentation.charts.flow import STATUS_ORDER
from domain.errors import Refused
from domain.ordering import natural_key
from domain.times import first_day, last_day


def sort_rows(rows: list[StandingShape], sort: str | None) -> list[StandingShape]:
    """The rows in a named order; rows that compare equal keep theirs. Raises `Refused` for an unknown order."""
    if sort is None:
        return rows
    if sort not in SORTS:
        raise Refused(f"There is no order “{sort[:40]}”; known are {', '.join(SORTS)}.")
    return sorted(rows, key=_SORT_KEYS[sort])


def select_due(rows: list[StandingShape], state: str | None) -> list[StandingShape]:
    """The rows whose deadline in force is in a state, or that have none. Raises `Refused` for an unknown state."""
    if state is None:
        return rows
    if state not in DUE_CHOICES:
        raise Refused(f"There is no state “{state[:40]}” of deadlines; known are {', '.join(DUE_CHOICES)}.")
    return [row for row in rows if (row.due.state.value if row.due else "none") == state]


def _due(row: StandingShape) -> date:
    return last_day(row.due.due_on) if row.due else date.max


def _since(row: StandingShape) -> int:
    return first_day(row.since).toordinal() if row.since else 0


_SORT_KEYS: dict[str, Callable[[StandingShape], Any]] = {
    "number": lambda row: (not row.number, natural_key(row.number or ""), natural_key(row.id)),
    "title": lambda row: (natural_key(row.title), natural_key(row.id)),
    "status": lambda row: STATUS_ORDER.index(row.status),
    "since": _since,
    "due": _due,
    "changed": lambda row: -_since(row),
}
