"""The page about the API for people, with examples for a register of this site."""

from flask import render_template, url_for
from markupsafe import Markup
from msgspec import Struct

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import page_links
from app.presentation.i18n.localize import localized, show_originals_of
from app.presentation.i18n.translation import _
from app.services.container import Services
from domain.times import day_in
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RecommendationEntry, RegisterEntry
from projections.engine.position import last_applied_at


class ApiExample(Struct, frozen=True):
    """A question, and the address that answers it."""

    question: str
    address: str


@public.get("/api/")
def api_guide() -> str:
    read_parameters()
    entry, first = _example_register(services())
    title: Markup | str = ""
    if entry:
        show_originals_of(entry.settings)
        title = localized(entry.settings, "title")
    return render_template(
        "public/api_guide.html",
        **page_links("public.api_guide"),
        register_title=title,
        examples=_examples(services(), entry, first) if entry and first else [],
    )


def _example_register(services: Services) -> tuple[RegisterEntry | None, RecommendationEntry | None]:
    """The first open register that has a recommendation, and its first recommendation."""
    with services.views.connect() as db:
        for entry in catalogue.registers(db):
            if entry.is_open:
                page = catalogue.facts_page(db, entry.id, "recommendation", last_applied_at(db), after=0, limit=1)
                if page:
                    return entry, page[0][2]
    return None, None


def _examples(services: Services, entry: RegisterEntry, first: RecommendationEntry) -> list[ApiExample]:
    register, today = entry.id, day_in(entry.settings.time_zone, services.clock()).isoformat()
    item, word = first.facts.id, first.facts.title.split()[0].strip("“”‘’,.:;")
    pairs = (
        (_("Which registers are here?"), url_for("api.registers")),
        (
            _("What was the status of each recommendation on a day?"),
            url_for("api.scorecard", register=register, as_of=today),
        ),
        (
            _("How did one recommendation get where it is?"),
            url_for("api.history", register=register, recommendation=item),
        ),
        (_("What changed lately?"), url_for("api.changes", register=register, limit=10)),
        (_("Which recommendations contain a word?"), url_for("api.search", register=register, q=word)),
    )
    return [ApiExample(question, absolute_url(address)) for question, address in pairs]
