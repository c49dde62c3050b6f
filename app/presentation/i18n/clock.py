"""Times on the clock of a register, with its name, and the order in which its language writes dates."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, get_timezone_location

from app.presentation.i18n.labels import day_text
from app.presentation.i18n.languages import SOURCE, locale_of
from app.presentation.i18n.translation import _, page_language


def clock_name(zone: str) -> str:
    """The name of a clock, such as “Seoul time”, for an IANA name."""
    if zone in ("UTC", "Etc/UTC"):
        return "UTC"
    city = get_timezone_location(zone, locale=locale_of(page_language()), return_city=True)
    return _("%(city)s time", city=city)


def clock_time(at: datetime, zone: str) -> str:
    """The time of day on a clock, with the clock's name."""
    time = format_datetime(at.astimezone(ZoneInfo(zone)), "HH:mm", locale=locale_of(page_language()))
    return _("%(time)s %(clock)s", time=time, clock=clock_name(zone))


def instant_text(at: datetime, zone: str) -> str:
    """A day and a time of day on a clock, with the clock's name."""
    local = at.astimezone(ZoneInfo(zone))
    return _("%(day)s, %(time)s", day=day_text(local.date().isoformat()), time=clock_time(at, zone))


def date_order(language: str) -> str:
    """The order in which a language writes day, month and year as numbers: `dmy`, `mdy` or `ymd`; empty for English.

    English is written in both orders, so a date in numbers has two readings.
    """
    if language == SOURCE:
        return ""
    pattern = locale_of(language).date_formats["short"].pattern
    return "".join(sorted("dmy", key=pattern.lower().find))
