"""The days a reader wants to jump to: the publications, the anniversaries, today."""

from datetime import date

from msgspec import Struct

from app.pairs import Times
from app.web.addresses import address_of
from app.web.texts import _, ngettext
from domain.facts import ReviewSchedule
from domain.times import anniversary, full_day


class Preset(Struct, frozen=True):
    label: str
    url: str
    current: bool


def presets(endpoint: str, times: Times, schedules: list[ReviewSchedule], **values: str) -> list[Preset]:
    """Links to the same page on other days, oldest first, the last one today."""
    days: list[tuple[date, str]] = []
    for schedule in schedules:
        if schedule.as_of:
            days.append((full_day(schedule.as_of), schedule.title))
        elif schedule.anniversary_of and schedule.every_years:
            first = full_day(schedule.anniversary_of)
            days.append((first, _("Report’s day")))
            for n in range(1, 12):
                on = anniversary(first, n * schedule.every_years)
                if on <= times.today:
                    days.append((on, ngettext("%(num)d year on", "%(num)d years on", n * schedule.every_years)))
    if times.known_given:
        values["known_at"] = times.address(times.known_at)["known_at"]
    found = [
        Preset(label, address_of(endpoint, as_of=on.isoformat(), **values), on == times.as_of)
        for on, label in sorted(days)
        if on <= times.today
    ]
    found.append(Preset(_("Today"), address_of(endpoint, **values), times.as_of == times.today))
    return found
