"""The download of all problems of what a person uploaded or pasted last."""

from flask import Response

from app.entrypoints.http.guard import SIGNED_IN, allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.problem_reports.reports import find_report, keep_report
from domain.errors import NotFound, refusal


def keep_problems(services: Services, person: Person, form: Form) -> None:
    """Keep the problems of a form, so that its page links to all of them."""
    if form.problems:
        with services.accounts.work() as db:
            form.report = keep_report(db, person.id, form.problems, services.clock())


@staff.get("/problems/<name>.csv")
@allowed(SIGNED_IN)
def problem_report(name: str) -> Response:
    with services().accounts.work() as db:
        content = find_report(db, current_person().id, name, services().clock())
    if content is None:
        raise NotFound(refusal("These problems are no longer kept. Check the file or the rows again."))
    answer = Response(content, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="problems.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
