"""The glossary of a register: what the words of its pages mean."""

from flask import render_template

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.presentation.narrative.glossary import TERMS


@public.get("/<register:register>/glossary/")
def glossary(register: str) -> str:
    read_parameters()
    with services().views.connect() as db:
        page = Page(services(), db, register, {})
        return render_template(
            "public/glossary.html",
            **page.context("public.glossary", dated=False),
            terms=TERMS,
            method=page.methodology,
        )
