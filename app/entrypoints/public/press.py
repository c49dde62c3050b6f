"""The page of a register for journalists: what can be quoted, how, and whom to ask."""

from flask import render_template

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import page_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.presentation.narrative.findings import findings


@public.get("/<register:register>/press/")
def press(register: str) -> str:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        return render_template(
            "public/press.html",
            **page.context("public.press"),
            link_times=page.link_times(),
            pinned=page.times.query(services().clock()),
            findings=findings(
                db, page.entry, page.times.pair, page.schedules, page.evidence_reach, past=page.times.is_past
            ),
            picture_url=page_url("public.picture", register=register, **page.link_times()),
        )
