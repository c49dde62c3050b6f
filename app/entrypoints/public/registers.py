"""The list of registers, and the page about Uptake."""

from flask import render_template

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import page_links
from app.presentation.answers.as_of import resolve
from app.presentation.narrative.keeper import keeper_of
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.scorecards.queries import counts


@public.get("/")
def registers() -> str:
    read_parameters()
    now = services().clock()
    with services().views.connect() as db:
        rows = []
        for entry in catalogue.registers(db):
            if entry.is_open:
                times = resolve(entry, last_applied_at(db), now, None, None)
                rows.append({"entry": entry, "counts": counts(db, entry.id, times.pair), "as_of": times.as_of})
    return render_template("public/registers.html", **page_links("public.registers"), registers=rows)


@public.get("/about/")
def about() -> str:
    read_parameters()
    with services().views.connect() as db:
        kept = [(entry.settings, keeper_of(entry)) for entry in catalogue.registers(db) if entry.is_open]
    return render_template("public/about.html", **page_links("public.about"), kept=kept)
