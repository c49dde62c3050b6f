"""What other people did in a register today."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import Connection

from app.entrypoints.staff.overview.history_lines import history_lines
from app.services.accounts.people import Person
from app.services.container import Services
from domain.times import day_in
from projections.catalogue.entries import RegisterEntry
from projections.timeline import queries as timeline

MAX_SHOWN = 6
MAX_ENTRIES_READ = 200
"""How many of the latest entries are read, so that a large import stays cheap."""


class RecentActivity(Struct, frozen=True):
    """What another person did; `at` is in the register's time zone."""

    at: datetime
    person: str
    recommendation: str
    sentence: str


def others_today(
    services: Services, person: Person, db: Connection, entry: RegisterEntry, now: datetime
) -> list[RecentActivity]:
    """Returns the latest acts of others, newest first, without what is hidden from the current person."""
    zone = entry.settings.time_zone
    begin = datetime.combine(day_in(zone, now), time(), ZoneInfo(zone))
    entries = timeline.newest(db, [entry.id], limit=MAX_ENTRIES_READ, recorded=(begin, now))
    lines = history_lines(services, person, db, [e for e in entries if e.event.who != person.id], {})
    deeds = (
        RecentActivity(
            li.entry.recorded_at.astimezone(begin.tzinfo), li.entry.event.who, li.entry.recommendation, li.sentence
        )
        for li in lines
    )
    return [deed for deed, _ in zip(deeds, range(MAX_SHOWN), strict=False)]
