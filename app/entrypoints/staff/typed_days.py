"""Days as people type them into forms, and the sentence that says how they are read."""

from babel.dates import format_date
from flask import Response, g, request
from markupsafe import Markup, escape

from app.entrypoints.http.guard import allowed
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.presentation.i18n.clock import date_order
from app.presentation.i18n.labels import day as day_label
from app.presentation.i18n.languages import SOURCE, locale_of
from app.presentation.i18n.localize import refusal_text
from app.presentation.i18n.translation import _, page_language
from app.services.bundles.typed_dates import parse_day_of_form
from domain.errors import Refused
from domain.times import day_in, first_day
from domain.values import RegisterSettings
from projections.catalogue import queries as catalogue

MAX_LENGTH = 60


@staff.get("/<register:register>/read-day/")
@allowed("read")
def read_day(register: str) -> Response:
    """How a day is read, while it is typed: a sentence, for the script of the page."""
    return Response(escape(day_reading(request.args.get("text", ""))).striptags(), mimetype="text/plain")


def page_settings() -> RegisterSettings | None:
    """The settings of the register in the address of this page; None if it names none that is stored."""
    if "page_settings" not in g:
        register = str((request.view_args or {}).get("register", ""))
        with services().views.connect() as db:
            entry = catalogue.register(db, register) if register else None
        g.page_settings = entry.settings if entry else None
    settings: RegisterSettings | None = g.page_settings
    return settings


def parse_day(text: str) -> str:
    """Returns a typed day as stored, such as `2025-01-20`; empty if the text is. Raises `Refused`."""
    if not text:
        return ""
    settings = page_settings()
    language, zone = (settings.languages[0], settings.time_zone) if settings else (SOURCE, "UTC")
    return parse_day_of_form(text, day_in(zone, services().clock()), date_order(language))


def day_reading(text: str) -> Markup | str:
    """A sentence that says how a typed day is read, or what is wrong with it; empty if the text is."""
    text = text.strip()[: MAX_LENGTH + 1]
    try:
        day = parse_day(text)
    except Refused as refused:
        return refusal_text(refused.refusals[0])
    if not day:
        return ""
    label = Markup("<b>{}</b>").format(day_label(day))
    if len(day) < len("2025-01-20"):
        return _("Read as %(day)s", day=label)
    weekday = format_date(first_day(day), "EEEE", locale=locale_of(page_language()))
    return _("Read as %(day)s, a %(weekday)s", day=label, weekday=weekday)
