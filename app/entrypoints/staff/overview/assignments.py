"""Assigns several recommendations to a colleague, or ends the assignment."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import Undo, announce
from app.entrypoints.staff.overview.selection import LIST_FIELDS, list_address, selected_recommendations
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.translation import _, ngettext
from app.services.accounts import assignments
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.overview.filters import MAX_OPTIONS, holds_words
from domain.errors import Refused
from domain.times import instant, written

ASSIGN, UNASSIGN = "assign", "take_back"
MAX_UNDO_LENGTH = 1500
"""How long the note of who had them before can be: the banner travels in a cookie."""


@staff.route("/<register:register>/assign/", methods=["GET", "POST"])
@allowed("propose")
def assign(register: str) -> tuple[str, int] | Response:
    """Starts from the register overview, where recommendations are selected, or from a draft."""
    entry = register_entry(services(), register)
    form = Form().read("person", "find", "action", *LIST_FIELDS, many=["pick"])
    if request.method == "GET" and "pick" not in form.lists:
        return redirect(url_for("staff.desk", register=register))
    selection = selected_recommendations(services(), entry, current_person(), form)
    with services().accounts.work() as db:
        people = assignments.colleagues(db, register)
    ids = [one.facts.id for one in selection]
    if request.method == "POST" and _carry_out(services(), current_person(), register, ids, form, dict(people)):
        return redirect(list_address(register, form))
    offered = [p for p in people if holds_words(p[1], form["find"])][:MAX_OPTIONS]
    is_long = len(people) > MAX_OPTIONS
    page = render_template(
        "staff/assign.html", entry=entry, selection=selection, people=offered, is_long=is_long, form=form
    )
    return page, form.status


@staff.post("/<register:register>/assign/undo/")
@allowed("propose")
def undo_assignment(register: str) -> Response:
    """Gives each recommendation back to the person who had it before, or to no one."""
    register_entry(services(), register)
    form, me, now = Form().read("list", "at", "before"), current_person().id, services().clock()
    with services().accounts.work() as db:
        people = dict(assignments.colleagues(db, register))
        try:
            if form["at"]:
                assignments.unassign_made_at(db, register, instant(form["at"]), by=me)
        except Refused:
            return redirect(list_address(register, form))
        for person, ids in _read_before(form["before"]).items():
            if person in people:
                assignments.assign(db, register, ids, person, by=me, now=now)
    announce(_("The assignment is undone."))
    return redirect(list_address(register, form))


def _carry_out(
    services: Services, person: Person, register: str, ids: Sequence[str], form: Form, people: Mapping[str, str]
) -> bool:
    """Assign or unassign, and say so. Returns whether it was done."""
    if form["action"] == ASSIGN and form["person"] not in people:
        form.add("person", _("Choose a colleague who may propose in this register."))
    if form["action"] not in (ASSIGN, UNASSIGN) or form.errors:
        return False
    now = services.clock()
    with services.accounts.work() as db:
        if form["action"] == ASSIGN:
            before = assignments.assign(db, register, ids, form["person"], by=person.id, now=now)
        else:
            before = assignments.unassign(db, register, ids)
    at = written(now) if form["action"] == ASSIGN else ""
    _announce(register, form, len(ids), people, {"list": form["list"], "at": at, "before": _write_before(before)})
    return True


def _announce(register: str, form: Form, number: int, people: Mapping[str, str], fields: dict[str, str]) -> None:
    undo = Undo(url_for("staff.undo_assignment", register=register), _("Give back"), fields)
    undo_if_short = undo if len(fields["before"]) <= MAX_UNDO_LENGTH else None
    if form["action"] == ASSIGN:
        title = ngettext(
            "%(num)d recommendation is assigned to %(name)s.",
            "%(num)d recommendations are assigned to %(name)s.",
            number,
            name=people[form["person"]],
        )
        detail = _("They are on that person’s home page until a proposal is made about them.")
        announce(title, detail, undo=undo_if_short)
    else:
        one, many = "%(num)d recommendation is assigned to no one.", "%(num)d recommendations are assigned to no one."
        announce(ngettext(one, many, number), undo=undo_if_short)


def _write_before(before: Mapping[str, str]) -> str:
    """Who had what, as `person:one,two` with spaces between the people."""
    ids: dict[str, list[str]] = defaultdict(list)
    for recommendation, person in sorted(before.items()):
        ids[person].append(recommendation)
    return " ".join(f"{person}:{','.join(of)}" for person, of in ids.items())


def _read_before(text: str) -> dict[str, list[str]]:
    parts = (part.partition(":") for part in text.split())
    return {person: ids.split(",") for person, _sign, ids in parts if ids}
