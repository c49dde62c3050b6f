"""Assigns one recommendation from its page."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import Undo, announce
from app.presentation.i18n.translation import _
from app.services.accounts.assignments import assign as give
from app.services.accounts.assignments import assignment_of, colleagues, unassign
from domain.errors import NotFound, Refused, refusal
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at


@staff.post("/<register:register>/recommendations/<ident:recommendation>/assign/")
@allowed("propose")
def assign_one(register: str, recommendation: str) -> Response:
    """Assign it to a colleague, or to no one with an empty `person`; the banner can undo it."""
    form, by = Form().read("person", "to_me"), current_person()
    person = by.id if form["to_me"] else form["person"]
    with services().views.connect() as views, services().accounts.work() as db:
        if catalogue.recommendation(views, register, recommendation, last_applied_at(views)) is None:
            raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
        names = dict(colleagues(db, register))
        if person and person not in names:
            raise Refused(refusal("Choose a colleague who may propose in this register."))
        before = assignment_of(db, views, register, recommendation)
        if person:
            give(db, register, [recommendation], person, by=by.id, now=services().clock())
        else:
            unassign(db, register, [recommendation])
    address = url_for("staff.assign_one", register=register, recommendation=recommendation)
    undo = Undo(address, _("Undo"), {"person": before.person if before else ""})
    if person == by.id:
        announce(_("The recommendation is assigned to you."), _("It is on your home page."), undo=undo)
    elif person:
        sentence = _("It is on that person’s home page until they propose something or you assign it to someone else.")
        announce(_("The recommendation is assigned to %(name)s.", name=names[person]), sentence, undo=undo)
    else:
        announce(_("The recommendation is assigned to no one."), undo=undo)
    return redirect(url_for("staff.recommendation", register=register, recommendation=recommendation))
