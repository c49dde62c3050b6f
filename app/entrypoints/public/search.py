"""Finds recommendations, assessments, developments, evidence and bodies by their words."""

from flask import render_template

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.search_hits import link_hit, name_present_bodies
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from projections.catalogue import queries as catalogue
from projections.search.queries import find


@public.get("/<register:register>/search")
def search(register: str) -> str:
    parameters = read_parameters("q")
    with services().views.connect() as db:
        page = Page(services(), db, register, {})
        query = parameters.get("q", "")[:200]
        tree = catalogue.body_tree(db, register, page.times.known_at)
        hits = name_present_bodies(find(db, register, query), tree) if query else []
        facts = catalogue.recommendations(db, register, page.times.known_at)
        return render_template(
            "public/search.html",
            **page.context("public.search", dated=False),
            query=query,
            hits=[link_hit(register, hit, facts, tree.bodies) for hit in hits],
        )
