"""What other people did in a register today."""

from datetime import datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

from markupsafe import Markup
from msgspec import Struct
from sqlalchemy import Connection

from app.entrypoints.staff.hidden_proposals import blindness
from app.presentation.i18n.event_sentences import sentence
from app.presentation.i18n.localize import show_originals_of
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.sources import staff_names
from domain.times import day_in
from projections.catalogue.entries import RegisterEntry
from projections.timeline import queries as timeline

MAX_SHOWN = 6
MAX_ENTRIES_READ = 200
"""How many of the latest entries are read, so that a large import stays cheap."""


class RecentActivity(Struct, frozen=True):
    """What another person did; `at` is in the register's time zone. `title` is empty for a removed recommendation."""

    at: datetime
    person: str
    recommendation: str
    title: Markup | str
    sentence: str


def others_today(
    services: Services, person: Person, db: Connection, entry: RegisterEntry, now: datetime
) -> list[RecentActivity]:
    """Returns the latest acts of others, newest first, without what is hidden from the current person."""
    zone = ZoneInfo(entry.settings.time_zone)
    begin = datetime.combine(day_in(entry.settings.time_zone, now), time(), zone)
    latest = timeline.newest(db, [entry.id], limit=MAX_ENTRIES_READ)
    entries = [e for e in latest if begin <= e.recorded_at < now]
    blind = blindness(services, person, entry.id)
    seen = (e for e in entries if e.event.who != person.id and not blind.hides_event(e.event))
    acts, names = list(islice(seen, MAX_SHOWN)), staff_names(services, db, entry)
    show_originals_of(entry.settings)
    return [
        RecentActivity(
            act.recorded_at.astimezone(zone),
            act.event.who,
            act.recommendation,
            names.find("recommendation", act.recommendation),
            sentence(act.event, names),
        )
        for act in acts
    ]
