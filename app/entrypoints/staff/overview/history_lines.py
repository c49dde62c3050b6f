"""Turns log entries into sentences for staff, without what is hidden from the current person."""

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection

from app.entrypoints.staff.hidden_proposals import blindness
from app.presentation.i18n.event_sentences import sentence
from app.presentation.i18n.localize import localized_text
from app.services.accounts.people import Person
from app.services.container import Services
from app.services.opinions.visibility import ProposalVisibility
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.timeline import queries as timeline


class DescribedEntry(Struct, frozen=True):
    """A log entry with its sentence."""

    entry: timeline.TimelineEntry
    register: str
    sentence: str


RegisterLookups = dict[str, tuple[dict[str, str], ProposalVisibility]]
"""By register: the titles of its elements, and what is hidden from the current person."""


def history_lines(
    services: Services,
    person: Person,
    db: Connection,
    entries: Iterable[timeline.TimelineEntry],
    lookups: RegisterLookups,
) -> Iterator[DescribedEntry]:
    """Leaves out what is hidden. `lookups` caches each register's data."""
    for entry in entries:
        event: Any = entry.event
        register: str = event.register
        if register not in lookups:
            elements = catalogue.elements(db, register, last_applied_at(db))
            titles = {e.element.id: localized_text(e.element, "title") for e in elements}
            lookups[register] = titles, blindness(services, person, register)
        titles, blind = lookups[register]
        if not blind.hides_event(event):
            yield DescribedEntry(entry, register, sentence(event, titles))


def decision_on(
    services: Services, person: Person, db: Connection, register: str, assessment: str
) -> DescribedEntry | None:
    """Returns how a proposal ended; None while it is open or hidden from the current person."""
    entry = timeline.decision_on(db, register, assessment)
    if entry is None or blindness(services, person, register).hides_event(entry.event):
        return None
    return DescribedEntry(entry, register, sentence(entry.event, {}))
