"""The workbench of a recommendation, and everything that was ever published about it."""

from flask import render_template

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form, parse_number
from app.entrypoints.staff.setup.registers import register_entry
from app.entrypoints.staff.workbench.page_values import workbench_values
from app.entrypoints.staff.workbench.recommendation_facts import elements_of, find_recommendation
from domain.times import first_day
from projections.assessments import queries as assessments

PUBLISHED_PER_PAGE = 25


@staff.get("/<register:register>/recommendations/<ident:recommendation>/")
@allowed("read")
def recommendation(register: str, recommendation: str) -> str:
    entry, page = register_entry(services(), register), _page_number("sources")
    with services().views.connect() as db:
        values = workbench_values(services(), current_person(), db, entry, recommendation, page)
        return render_template("staff/workbench.html", entry=entry, **values, form=Form())


@staff.get("/<register:register>/recommendations/<ident:recommendation>/published/")
@allowed("read")
def published(register: str, recommendation: str) -> str:
    """Every assessment that was ever published about it, newest day first."""
    page = _page_number("page")
    with services().views.connect() as db:
        facts = find_recommendation(db, register, recommendation)
        elements = elements_of(db, register, recommendation)
        every = assessments.of_recommendation(db, register, recommendation)
    every.sort(key=lambda p: first_day(p.assessment.effective_on), reverse=True)
    start = (page - 1) * PUBLISHED_PER_PAGE
    return render_template(
        "staff/published.html",
        entry=register_entry(services(), register),
        facts=facts,
        elements=elements,
        published=every[start : start + PUBLISHED_PER_PAGE],
        total=len(every),
        next_page=page + 1 if start + PUBLISHED_PER_PAGE < len(every) else None,
    )


def _page_number(name: str) -> int:
    return max(parse_number(read_parameters(name).get(name, "")) or 1, 1)
