"""The editions of a recommendation: what it continues and what continues it, in order, with their statuses."""

from flask import render_template

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.entrypoints.public.page_notes import page_notes
from app.presentation.narrative.lineage import Editions, names_between
from domain.errors import NotFound, refusal
from domain.values import Theme
from projections.catalogue import queries as catalogue


@public.get("/<register:register>/recommendations/<ident:recommendation>/editions/")
def editions(register: str, recommendation: str) -> str:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        known_at = page.times.known_at
        entry = catalogue.recommendation(db, register, recommendation, known_at)
        if entry is None:
            raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
        found, relations = Editions(db, page.entry, page.times.pair).chain(recommendation)
        themes = catalogue.themes(db, register, known_at)
        return render_template(
            "public/editions.html",
            **page.context("public.editions", recommendation=recommendation),
            link_times=page.link_times(),
            facts=entry.facts,
            theme=themes.get(entry.facts.theme) or Theme(id=entry.facts.theme, title=entry.facts.theme),
            editions=found,
            states=names_between(relations),
            titles={e.key: e for e in found},
            notes=page_notes(page.db, page.entry, page.times),
        )
