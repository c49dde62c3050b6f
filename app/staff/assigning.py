"""Giving several recommendations to a colleague, and taking them back."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.assignments import assign as give
from app.accounts.assignments import colleagues, take_back
from app.accounts.guard import allowed, current_person
from app.staff.blueprint import staff
from app.staff.forms import Form
from app.staff.picking import picked
from app.staff.registers import register_entry
from app.web.services import services
from app.web.texts import _


@staff.route("/<register:register>/assign/", methods=["GET", "POST"])
@allowed("propose")
def assign(register: str) -> tuple[str, int] | Response:
    """Begun at the desk, where those that are meant are ticked, or gone on with from a draft."""
    entry, form = register_entry(register), Form().read("person", "action", many=["pick"])
    if request.method == "GET" and "pick" not in form.many:
        return redirect(url_for("staff.desk", register=register))
    action = form["action"] if request.method == "POST" else ""
    chosen = picked(entry, form)
    ids = [one.facts.id for one in chosen]
    with services().accounts.work() as db:
        people = colleagues(db, register)
        if action == "assign" and form["person"] not in dict(people):
            form.add("person", _("Choose a colleague who may propose in this register."))
        if action and not form.wrong:
            if action == "assign":
                give(db, register, ids, form["person"], by=current_person().id, now=services().clock())
            else:
                take_back(db, register, ids)
            return redirect(url_for("staff.desk", register=register))
    page = render_template("staff/assign.html", entry=entry, chosen=chosen, people=people, form=form)
    return page, form.status
