"""The history of one recommendation, as sentences."""

from flask import render_template
from sqlalchemy import Connection

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import parse_number
from app.entrypoints.staff.overview.history_lines import DescribedEntry, history_lines
from app.entrypoints.staff.setup.registers import register_entry
from app.entrypoints.staff.workbench.recommendation_facts import find_recommendation
from app.services.accounts.actors import Person
from app.services.container import Services
from projections.timeline import queries as timeline

LINES_PER_PAGE = 50


@staff.get("/<register:register>/recommendations/<ident:recommendation>/history/")
@allowed("read")
def recommendation_history(register: str, recommendation: str) -> str:
    """Every entry about it, newest first."""
    before = parse_number(read_parameters("before").get("before", ""))
    with services().views.connect() as db:
        facts = find_recommendation(db, register, recommendation)
        lines, older = latest_lines(
            services(), current_person(), db, register, recommendation, before=before, limit=LINES_PER_PAGE
        )
    entry = register_entry(services(), register)
    return render_template("staff/recommendation_history.html", entry=entry, facts=facts, lines=lines, older=older)


def latest_lines(
    services: Services,
    person: Person,
    db: Connection,
    register: str,
    recommendation: str,
    *,
    before: int | None = None,
    limit: int,
) -> tuple[list[DescribedEntry], int | None]:
    """The latest entries, newest first, without what is hidden; and the position before which there are more."""
    found = timeline.newest_about(db, register, recommendation, before=before, limit=limit + 1)
    lines = list(history_lines(services, person, db, found[:limit]))
    return lines, found[limit - 1].position if len(found) > limit else None
