"""The methodology page of a register."""

from flask import render_template

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.services.opinions.agreement import agreement


@public.get("/<register:register>/methodology/")
def methodology(register: str) -> str:
    read_parameters()
    with services().views.connect() as db, services().accounts.work() as accounts:
        page = Page(services(), db, register, {})
        return render_template(
            "public/methodology.html",
            **page.context("public.methodology", dated=False),
            agreement=agreement(accounts, register),
            method=page.methodology,
        )
