"""The success criteria of a recommendation and of its parts: approved, waiting for approval, or none."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection

from domain.values import Element
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import CriteriaEntry
from projections.worklist.queries import CriteriaDraft, criteria_drafts_of


class CriteriaState(Struct, frozen=True):
    """`element` is None for the recommendation as a whole."""

    element: Element | None
    approved: CriteriaEntry | None
    draft: CriteriaDraft | None


def criteria_states(
    db: Connection, register: str, known_at: datetime, recommendation: str, elements: Iterable[Element]
) -> list[CriteriaState]:
    """One for each part; a recommendation with parts has its own line only if it has criteria of its own."""
    entries = catalogue.success_criteria(db, register, known_at, recommendation)
    approved = {entry.card.element: entry for entry in entries}
    drafts = {d.card.element: d for d in criteria_drafts_of(db, register, [recommendation])}
    parts = list(elements)
    states = [CriteriaState(e, approved.get(e.id), drafts.get(e.id)) for e in parts]
    if not parts or "" in approved or "" in drafts:
        states.insert(0, CriteriaState(None, approved.get(""), drafts.get("")))
    return states
