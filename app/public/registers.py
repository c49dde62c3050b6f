"""The list of registers, and what Uptake is."""

from flask import render_template

from app.pairs import ask
from app.public.blueprint import public
from app.web.asking import parameters
from app.web.services import services
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.scorecards.queries import counts


@public.get("/")
def registers() -> str:
    parameters()
    now = services().clock()
    with services().views.connect() as db:
        listed = []
        for entry in catalogue.registers(db):
            if entry.is_open:
                times = ask(entry, last_applied_at(db), now, None, None)
                listed.append({"entry": entry, "counts": counts(db, entry.id, times.pair), "as_of": times.as_of})
    return render_template("public/registers.html", registers=listed)


@public.get("/about/")
def about() -> str:
    parameters()
    return render_template("public/about.html")
