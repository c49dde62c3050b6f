"""The clock of a staff page: that of its register, or the one of all registers of the person, else UTC."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask, g
from markupsafe import Markup

from app.entrypoints.staff.typed_days import page_settings
from app.entrypoints.staff.workspace_bar import workspace_bar
from app.presentation.i18n.clock import clock_name
from app.presentation.i18n.labels import instant_on_clock


def add_clock(app: Flask) -> None:
    app.jinja_env.filters.update(staff_time=_time, staff_hour=_hour)
    app.jinja_env.globals["page_clock"] = lambda: clock_name(page_zone())


def page_zone() -> str:
    """The IANA name of the clock; each page names it once, at its foot."""
    if settings := page_settings():
        return settings.time_zone
    zones = workspace_bar().zones if g.get("person") else set[str]()
    return next(iter(zones)) if len(zones) == 1 else "UTC"


def _time(at: datetime) -> Markup:
    return instant_on_clock(at, page_zone())


def _hour(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(page_zone())):%H:%M}"
