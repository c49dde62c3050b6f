"""Assigns several recommendations to a colleague, or ends the assignment."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.overview.selection import selected_recommendations
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.translation import _
from app.services.accounts.assignments import assign as give
from app.services.accounts.assignments import colleagues, unassign


@staff.route("/<register:register>/assign/", methods=["GET", "POST"])
@allowed("propose")
def assign(register: str) -> tuple[str, int] | Response:
    """Starts from the register overview, where recommendations are selected, or from a draft."""
    entry, form = register_entry(services(), register), Form().read("person", "action", many=["pick"])
    if request.method == "GET" and "pick" not in form.lists:
        return redirect(url_for("staff.desk", register=register))
    action = form["action"] if request.method == "POST" else ""
    selection = selected_recommendations(services(), entry, form)
    ids = [one.facts.id for one in selection]
    with services().accounts.work() as db:
        people = colleagues(db, register)
        if action == "assign" and form["person"] not in dict(people):
            form.add("person", _("Choose a colleague who may propose in this register."))
        if action and not form.errors:
            if action == "assign":
                give(db, register, ids, form["person"], by=current_person().id, now=services().clock())
            else:
                unassign(db, register, ids)
            return redirect(url_for("staff.desk", register=register))
    page = render_template("staff/assign.html", entry=entry, selection=selection, people=people, form=form)
    return page, form.status
