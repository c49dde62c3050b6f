"""The deadlines of a recommendation for staff: state one, a later one that moves it, or withdraw one."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, execute_confirmed, in_public
from app.entrypoints.staff.evidence.source_form import (
    FILTER_FIELDS,
    SEARCH_FIELDS,
    SOURCE_FIELDS,
    add_typed_sources,
    fields_after_adding,
    handle_source_buttons,
    search_defaults,
    source_classes,
)
from app.entrypoints.staff.evidence.sources import offered_sources
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.setup.registers import register_entry
from app.entrypoints.staff.workbench import stated_by
from app.presentation.i18n.labels import day_text
from app.presentation.i18n.translation import _
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.shown_versions import shown_version
from domain.commands import StateDeadline, WithdrawDeadline
from domain.errors import NotFound, Refused, refusal
from domain.ids import deadline_id
from domain.values import DeadlineFacts
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import DeadlineEntry
from projections.engine.position import last_applied_at

FIELDS = (
    *("element", "due_on", "stated_on"),
    *stated_by.FIELD_NAMES,
    *("note", "action"),
    *SOURCE_FIELDS,
    *SEARCH_FIELDS,
    *FILTER_FIELDS,
)


@staff.route("/<register:register>/recommendations/<ident:recommendation>/deadlines/", methods=["GET", "POST"])
@allowed("publish")
def deadlines(register: str, recommendation: str) -> tuple[str, int] | Response:
    form, person = Form().read(*FIELDS, many=["evidence"]), current_person()
    entry = register_entry(services(), register)
    is_sent = request.method == "POST" and form["action"] != stated_by.FIND
    if is_sent and not handle_source_buttons(services(), person, register, form):
        try:
            add_typed_sources(services(), person, register, form)
            if form.errors:
                return _page(services(), person, register, recommendation, form)
            command = StateDeadline(
                register, recommendation=recommendation, deadline=_facts(services(), register, form)
            )
            asked = in_public(entry, _statement(command.deadline, fields_after_adding(form)))
            execute_confirmed(services(), person, [command], asked, entry=entry)
            announce(_("The deadline is stated."), _("Whether it is overdue or met follows from the statuses."))
            return redirect(_workbench(register, recommendation))
        except Refused as refused:
            form.refuse(refused)
    return _page(services(), person, register, recommendation, form)


@staff.route(
    "/<register:register>/recommendations/<ident:recommendation>/deadlines/<ident:deadline>/withdraw/",
    methods=["GET", "POST"],
)
@allowed("withdraw")
def withdraw_deadline(register: str, recommendation: str, deadline: str) -> tuple[str, int] | Response:
    form = Form().read("reason", "version")
    stated, version = _find_deadline(services(), register, recommendation, deadline)
    form.show_version(version)
    entry = register_entry(services(), register)
    if request.method == "POST":
        command = WithdrawDeadline(
            register,
            recommendation=recommendation,
            deadline=deadline,
            reason=form["reason"],
            expected_version=form.expected_version or 0,
        )
        try:
            execute_confirmed(services(), current_person(), [command], _withdrawal(stated, form["reason"]), entry=entry)
            announce(_("The deadline is withdrawn."), _("The reason is on the public page of the recommendation."))
            return redirect(_workbench(register, recommendation))
        except Refused as refused:
            form.refuse(refused)
            form.show_version(version, refused)
    return render_template("staff/withdraw_deadline.html", entry=entry, stated=stated, form=form), form.status


def _statement(facts: DeadlineFacts, fields: dict[str, list[str]]) -> Confirmation:
    return Confirmation(
        title=_("State this deadline?"),
        about=_("Due: %(day)s", day=day_text(facts.due_on)),
        happens=(
            _("Everyone can read the deadline at once, with who stated it and where."),
            _("If it moves an earlier deadline, the earlier one stays readable."),
            _("You cannot delete it. You can withdraw it, with a public reason."),
        ),
        button=_("State the deadline"),
        fields=fields,
    )


def _withdrawal(stated: DeadlineEntry, reason: str) -> Confirmation:
    return Confirmation(
        title=_("Withdraw the deadline of %(day)s?", day=day_text(stated.deadline.due_on)),
        about=_("Reason: %(reason)s", reason=reason),
        happens=(
            _("Nothing is due on that day any more. Counts of what is overdue follow at once."),
            _("Everyone can read the reason. The deadline stays in the record, marked as withdrawn."),
            _("You cannot undo it. You can state the deadline again."),
        ),
        button=_("Withdraw the deadline"),
    )


def _workbench(register: str, recommendation: str) -> str:
    return url_for("staff.recommendation", register=register, recommendation=recommendation)


def _facts(services: Services, register: str, form: Form) -> DeadlineFacts:
    with services.views.connect() as db:
        who = stated_by.read_stated_by(db, register, form)
    return DeadlineFacts(
        id="",
        element=form["element"],
        due_on=form.day("due_on"),
        stated_on=form.day("stated_on"),
        stated_by=who,
        evidence=tuple(form.lists.get("evidence", ())),
        note=form["note"],
    )


def _page(services: Services, person: Person, register: str, recommendation: str, form: Form) -> tuple[str, int]:
    entry = register_entry(services, register)
    form.values = search_defaults(services, person) | {name: text for name, text in form.values.items() if text}
    with services.views.connect() as db:
        known_at = last_applied_at(db)
        found = catalogue.recommendation(db, register, recommendation, known_at)
        if found is None:
            raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
        elements = {e.element.id: e.element for e in catalogue.elements(db, register, known_at, recommendation)}
        stated = catalogue.deadlines(db, register, known_at, recommendation)
        offered = offered_sources(services, db, register, recommendation, form)
        options = stated_by.stated_by_picker(db, register, form).options()
    page = render_template(
        "staff/deadlines.html",
        entry=entry,
        facts=found.facts,
        elements=elements,
        deadlines=stated[::-1],
        offered=offered,
        options=options,
        classes=source_classes(),
        may_fetch=services.settings.capture,
        form=form,
    )
    return page, form.status


def _find_deadline(services: Services, register: str, recommendation: str, deadline: str) -> tuple[DeadlineEntry, int]:
    """The deadline and its version. Raises `NotFound`."""
    with services.views.connect() as db:
        stated = catalogue.deadlines(db, register, last_applied_at(db), recommendation)
        for entry in stated:
            if entry.deadline.id == deadline:
                return entry, shown_version(services, db, deadline_id(register, deadline))
    raise NotFound(
        refusal("There is no deadline “{id}” of “{recommendation}”.", id=deadline, recommendation=recommendation)
    )
