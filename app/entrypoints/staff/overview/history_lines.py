"""Entries of the log as lines that staff read, but for what is hidden from the person of this request."""

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection

from app.entrypoints.staff.hidden_proposals import blindness
from app.presentation.i18n.event_sentences import sentence
from app.presentation.i18n.localize import localized_text
from app.services.opinions.visibility import ProposalVisibility
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.timeline import queries as timeline


class HistoryLine(Struct, frozen=True):
    """An entry of the log, told."""

    entry: timeline.TimelineEntry
    register: str
    sentence: str


RegisterLookups = dict[str, tuple[dict[str, str], ProposalVisibility]]
"""By register: the names of its elements, and what is hidden from the person of this request."""


def history_lines(
    db: Connection, entries: Iterable[timeline.TimelineEntry], lookups: RegisterLookups
) -> Iterator[HistoryLine]:
    """But for what is hidden. `known` gathers what is asked of a register, so that each is looked up once."""
    for entry in entries:
        event: Any = entry.event
        register: str = event.register
        if register not in lookups:
            elements = catalogue.elements(db, register, last_applied_at(db))
            titles = {e.element.id: localized_text(e.element, "title") for e in elements}
            lookups[register] = titles, blindness(register)
        titles, blind = lookups[register]
        if not blind.hides_event(event):
            yield HistoryLine(entry, register, sentence(event, titles))


def decision_on(db: Connection, register: str, assessment: str) -> HistoryLine | None:
    """How a proposal ended; None while it is open, or where it is hidden from the person of this request."""
    entry = timeline.decision_on(db, register, assessment)
    if entry is None or blindness(register).hides_event(entry.event):
        return None
    return HistoryLine(entry, register, sentence(entry.event, {}))
