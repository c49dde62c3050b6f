"""Offers the demonstration registers, and loads one."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.services.demos import demo_names, demo_settings, load_demo
from domain.errors import Refused
from projections.catalogue import queries as catalogue


@staff.get("/demos/")
@allowed("settings")
def demos() -> str:
    with services().views.connect() as db:
        here = {entry.id for entry in catalogue.registers(db) if entry.is_open}
    return render_template("staff/demos.html", demos=[demo_settings(name).settings for name in demo_names()], here=here)


@staff.post("/demos/<ident:name>/")
@allowed("settings", fresh=True)
def add_demo(name: str) -> tuple[str, int] | Response:
    try:
        register = load_demo(services(), current_person(), name)
    except Refused as refused:
        return render_template("staff/refused.html", status=400, sentences=[str(r) for r in refused.refusals]), 400
    return redirect(url_for("public.scorecard", register=register, lang="en"))
