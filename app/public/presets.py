"""The days a reader wants to jump to: the publications, the anniversaries, today."""

from msgspec import Struct

from app.pairs import Times
from app.public.reviews import review_days
from app.web.addresses import address_of
from app.web.texts import _
from domain.facts import ReviewSchedule


class Preset(Struct, frozen=True):
    label: str
    url: str
    current: bool


def presets(endpoint: str, times: Times, schedules: list[ReviewSchedule], **values: str) -> list[Preset]:
    """Links to the same page on other days, oldest first, the last one today."""
    if times.known_given:
        values["known_at"] = times.address(times.known_at)["known_at"]
    found = [
        Preset(d.label, address_of(endpoint, as_of=d.on.isoformat(), **values), d.on == times.as_of)
        for d in review_days(schedules, times.latest)
    ]
    found.append(Preset(_("Today"), address_of(endpoint, **values), times.as_of == times.today))
    return found
