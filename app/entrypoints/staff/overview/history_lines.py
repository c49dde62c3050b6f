"""Turns log entries into sentences for staff, without what is hidden from the current person."""

from collections.abc import Iterable, Iterator
from typing import Any

from markupsafe import Markup
from msgspec import Struct
from sqlalchemy import Connection

from app.entrypoints.staff.hidden_proposals import blindness
from app.presentation.i18n.event_names import name_of
from app.presentation.i18n.event_sentences import sentence
from app.presentation.i18n.localize import localized_text, originals_in
from app.presentation.narrative.record_names import RecordNames
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.opinions.visibility import ProposalVisibility
from app.services.sources import staff_names
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.timeline import queries as timeline


class DescribedEntry(Struct, frozen=True):
    """A log entry with its sentence. `title` is that of the recommendation, empty for an entry about another thing."""

    entry: timeline.TimelineEntry
    register: str
    register_title: str
    title: Markup | str
    sentence: str


def history_lines(
    services: Services, person: Person, db: Connection, entries: Iterable[timeline.TimelineEntry]
) -> Iterator[DescribedEntry]:
    """Leaves out what is hidden. Reads only what the entries name."""
    registers = {entry.id: entry for entry in catalogue.registers(db)}
    names = {register: staff_names(services, db, entry) for register, entry in registers.items()}
    hidden: dict[str, ProposalVisibility] = {}
    for entry in entries:
        event: Any = entry.event
        register: str = event.register
        if register not in hidden:
            hidden[register] = blindness(services, person, register)
        if not hidden[register].hides_event(event):
            with originals_in(registers[register].settings.languages[0]):
                yield _describe(entry, registers[register], names[register])


def _describe(entry: timeline.TimelineEntry, register: RegisterEntry, names: RecordNames) -> DescribedEntry:
    return DescribedEntry(
        entry,
        register.id,
        localized_text(register.settings, "title"),
        name_of(names, "recommendation", entry.recommendation) if entry.recommendation else "",
        sentence(entry.event, names),
    )
