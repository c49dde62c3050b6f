"""The orders in which the API lists recommendations."""

from collections.abc import Callable
from typing import Any

from app.entrypoints.api.parameters import SORTS
from app.presentation.answers.api_models import StandingShape
from app.presentation.charts.flow import STATUS_ORDER
from domain.errors import Refused
from domain.ordering import natural_key
from domain.times import first_day


def sort_rows(rows: list[StandingShape], sort: str | None) -> list[StandingShape]:
    """The rows in a named order; rows that compare equal keep theirs. Raises `Refused` for an unknown order."""
    if sort is None:
        return rows
    if sort not in SORTS:
        raise Refused(f"There is no order “{sort[:40]}”; known are {', '.join(SORTS)}.")
    return sorted(rows, key=_SORT_KEYS[sort])


def _since(row: StandingShape) -> int:
    return first_day(row.since).toordinal() if row.since else 0


_SORT_KEYS: dict[str, Callable[[StandingShape], Any]] = {
    "number": lambda row: (not row.number, natural_key(row.number or ""), natural_key(row.id)),
    "title": lambda row: (natural_key(row.title), natural_key(row.id)),
    "status": lambda row: STATUS_ORDER.index(row.status),
    "since": _since,
    "changed": lambda row: -_since(row),
}
