"""The pages of help: the guide for staff as it is packaged, and what the terms mean."""

from flask import render_template

from app.entrypoints.http.guard import SIGNED_IN, allowed
from app.entrypoints.staff.blueprint import staff
from app.presentation.narrative.guide import staff_guide
from domain.methodology.versions import NEWEST, methodology_of


@staff.get("/help/")
@allowed(SIGNED_IN)
def help_guide() -> str:
    return render_template("staff/help/guide.html", guide=staff_guide())


@staff.get("/help/terms/")
@allowed(SIGNED_IN)
def help_terms() -> str:
    return render_template("staff/help/terms.html", method=methodology_of(NEWEST))
