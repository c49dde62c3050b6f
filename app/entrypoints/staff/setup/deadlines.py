"""The deadlines of a recommendation for staff: state one, a later one that moves it, or withdraw one."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.setup.registers import register_entry
from app.services.container import Services
from domain.commands import StateDeadline, WithdrawDeadline
from domain.errors import NotFound, Refused, refusal
from domain.values import DeadlineFacts
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import DeadlineEntry
from projections.engine.position import last_applied_at

FIELDS = ("element", "due_on", "stated_on", "stated_by", "evidence", "note")


@staff.route("/<register:register>/recommendations/<ident:recommendation>/deadlines/", methods=["GET", "POST"])
@allowed("publish")
def deadlines(register: str, recommendation: str) -> tuple[str, int] | Response:
    form = Form().read(*FIELDS)
    if request.method == "POST":
        try:
            command = StateDeadline(register, recommendation=recommendation, deadline=_facts(form))
            services().execute_for(current_person(), command)
            return redirect(url_for("staff.deadlines", register=register, recommendation=recommendation))
        except Refused as refused:
            form.refuse(refused)
    return _page(services(), register, recommendation, form)


@staff.route(
    "/<register:register>/recommendations/<ident:recommendation>/deadlines/<ident:deadline>/withdraw/",
    methods=["GET", "POST"],
)
@allowed("withdraw")
def withdraw_deadline(register: str, recommendation: str, deadline: str) -> tuple[str, int] | Response:
    form = Form().read("reason")
    if request.method == "POST":
        try:
            command = WithdrawDeadline(
                register, recommendation=recommendation, deadline=deadline, reason=form["reason"]
            )
            services().execute_for(current_person(), command)
            return redirect(url_for("staff.deadlines", register=register, recommendation=recommendation))
        except Refused as refused:
            form.refuse(refused)
    stated = _find_deadline(services(), register, recommendation, deadline)
    entry = register_entry(services(), register)
    return render_template("staff/withdraw_deadline.html", entry=entry, stated=stated, form=form), form.status


def _facts(form: Form) -> DeadlineFacts:
    return DeadlineFacts(
        id="",
        element=form["element"],
        due_on=form["due_on"],
        stated_on=form["stated_on"],
        stated_by=form["stated_by"],
        evidence=tuple(part for part in form["evidence"].replace(";", " ").split() if part),
        note=form["note"],
    )


def _page(services: Services, register: str, recommendation: str, form: Form) -> tuple[str, int]:
    entry = register_entry(services, register)
    with services.views.connect() as db:
        known_at = last_applied_at(db)
        found = catalogue.recommendation(db, register, recommendation, known_at)
        if found is None:
            raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
        elements = {e.element.id: e.element for e in catalogue.elements(db, register, known_at, recommendation)}
        stated = catalogue.deadlines(db, register, known_at, recommendation)
    page = render_template(
        "staff/deadlines.html", entry=entry, facts=found.facts, elements=elements, deadlines=stated[::-1], form=form
    )
    return page, form.status


def _find_deadline(services: Services, register: str, recommendation: str, deadline: str) -> DeadlineEntry:
    with services.views.connect() as db:
        stated = catalogue.deadlines(db, register, last_applied_at(db), recommendation)
    for entry in stated:
        if entry.deadline.id == deadline:
            return entry
    raise NotFound(
        refusal("There is no deadline “{id}” of “{recommendation}”.", id=deadline, recommendation=recommendation)
    )
