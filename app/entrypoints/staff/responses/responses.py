"""Proposes, publishes, declines and withdraws responses, one by one or pasted from a spreadsheet."""

from collections.abc import Callable
from hashlib import sha256

import msgspec
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, execute_confirmed
from app.entrypoints.staff.evidence.source_form import add_typed_sources, handle_source_buttons
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.pasted_rows import add_row_errors, column_choices
from app.entrypoints.staff.problem_reports import keep_problems
from app.entrypoints.staff.responses.response_form import (
    COLUMNS,
    FIELD_NAMES,
    FIND,
    form_values,
    read_response,
    read_responses,
)
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.localize import refusal_text
from app.presentation.i18n.translation import _, ngettext
from app.services.accounts.actors import Person
from app.services.container import Services
from domain import commands as c
from domain.batch import BatchRefused
from domain.errors import Conflict, NotFound, Refused, refusal
from domain.ids import response_id
from domain.recommendation.judging_context import JudgingContext
from domain.response import aggregate
from domain.response.policy import needs_second_person
from domain.values import ResponseFacts
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.responses import queries as responses
from projections.worklist.queries import proposed_response, proposed_responses


@staff.route("/<register:register>/recommendations/<ident:recommendation>/respond/", methods=["GET", "POST"])
@allowed("propose")
def respond(register: str, recommendation: str) -> tuple[str, int] | Response:
    container, person = services(), current_person()
    chosen = f"body/{request.args['body']}" if "body" in request.args else ""
    form = Form(body_is=chosen).read(*FIELD_NAMES, many=["evidence"])
    form.read_translations(*ResponseFacts.TRANSLATED)
    is_sent = request.method == "POST" and form["action"] != FIND
    if is_sent and not handle_source_buttons(container, person, register, form):
        add_typed_sources(container, person, register, form)
        facts = read_response(container, register, recommendation, form)
        command = c.ProposeResponse(register, recommendation=recommendation, facts=facts) if facts else None
        if command and (response := _propose(container, person, command, form)):
            announce(_("Sent to an editor."), _("It is not public before an editor publishes it."))
            return redirect(url_for("staff.response", register=register, response=response))
    values = form_values(container, person, register, recommendation, form)
    page = render_template("staff/responses/respond.html", entry=register_entry(container, register), **values)
    return page, form.status


@staff.route("/<register:register>/responses/", methods=["GET", "POST"])
@allowed("propose")
def paste_responses(register: str) -> tuple[str, int] | Response:
    """The responses that wait for a decision, and a field for many more."""
    container, form = services(), Form().read("pasted")
    if request.method == "POST":
        numbers: list[int] = []
        try:
            commands = read_responses(container, register, form["pasted"])
            numbers += commands
            container.execute_all_for(current_person(), list(commands.values()))
            announce(ngettext("%(num)d response is proposed.", "%(num)d responses are proposed.", len(commands)))
            return redirect(url_for("staff.paste_responses", register=register))
        except BatchRefused as batch:
            add_row_errors(form, batch, numbers)
        except Refused as refused:
            form.refuse(refused)
        keep_problems(container, current_person(), form)
    entry = register_entry(container, register)
    with container.views.connect() as db:
        waiting = proposed_responses(db, register)
    columns = column_choices(COLUMNS)
    page = render_template("staff/responses/responses.html", entry=entry, waiting=waiting, form=form, columns=columns)
    return page, form.status


@staff.get("/<register:register>/responses/<ident:response>/")
@allowed("read")
def response(register: str, response: str) -> tuple[str, int]:
    return _page(services(), register, response, Form())


@staff.post("/<register:register>/responses/<ident:response>/publish/")
@allowed("publish")
def publish_response(register: str, response: str) -> tuple[str, int] | Response:
    return _decide(services(), current_person(), c.PublishResponse, register, response)


@staff.post("/<register:register>/responses/<ident:response>/decline/")
@allowed("publish")
def decline_response(register: str, response: str) -> tuple[str, int] | Response:
    return _decide(services(), current_person(), c.DeclineResponse, register, response, "why")


@staff.post("/<register:register>/responses/<ident:response>/withdraw/")
@allowed("withdraw")
def withdraw_response(register: str, response: str) -> tuple[str, int] | Response:
    return _decide(services(), current_person(), c.WithdrawResponse, register, response, "reason")


def _propose(services: Services, person: Person, command: c.ProposeResponse, form: Form) -> str:
    """Returns the id of the response; empty if refused, with the reasons in the form. The same form proposes once."""
    try:
        key = f"{person.id}/{sha256(msgspec.json.encode(command)).hexdigest()}"
        return services.execute_for(person, command, command_id=key)
    except Refused as refused:
        form.refuse(refused)
        return ""


def _decide(
    services: Services, person: Person, kind: type[c.OfResponse], register: str, response: str, text: str = ""
) -> tuple[str, int] | Response:
    """Sends a command about one response, made on the version that the page showed."""
    form = Form().read("version", *([text] if text else []))
    found = _find(services, register, response)
    more = {text: form[text]} if text else {}
    try:
        if kind is c.PublishResponse and request.form.get("why", "").strip():
            raise Refused(
                refusal("You wrote why you decline the response. Clear it to publish the response.", field="why")
            )
        command = kind(
            register,
            recommendation=found.recommendation,
            response=response,
            expected_version=form.expected_version or 0,
            **more,
        )
        entry = register_entry(services, register)
        execute_confirmed(services, person, [command], _confirmation(command), entry=entry)
    except Conflict as conflict:
        form.add("", refusal_text(conflict.refusals[0]))
        return _page(services, register, response, form)
    except Refused as refused:
        form.refuse(refused)
        return _page(services, register, response, form)
    announce(_DECIDED[kind]())
    return redirect(url_for("staff.recommendation", register=register, recommendation=found.recommendation))


_DECIDED: dict[type[c.OfResponse], Callable[[], str]] = {
    c.PublishResponse: lambda: _("The response is published."),
    c.DeclineResponse: lambda: _("The response is declined. Its author reads your note."),
    c.WithdrawResponse: lambda: _("The response is withdrawn. The reason is public."),
}


def _confirmation(command: c.OfResponse) -> Confirmation | None:
    """What to confirm; None for what is neither public nor final."""
    if isinstance(command, c.PublishResponse):
        return Confirmation(
            title=_("Publish this response?"),
            happens=(
                _("Everyone can read it, with its sources, on the page of the recommendation and in the feeds."),
                _("You cannot delete it. A second person can withdraw it, with a public reason."),
            ),
            button=_("Publish the response"),
        )
    if isinstance(command, c.WithdrawResponse):
        return Confirmation(
            title=_("Withdraw this response?"),
            about=_("Reason: %(reason)s", reason=command.reason),
            happens=(
                _("It stays in the record, marked as withdrawn, with your reason, which everyone can read."),
                _("You cannot undo it. The response can be recorded again."),
            ),
            button=_("Withdraw the response"),
        )
    return None


def _find(services: Services, register: str, response: str) -> aggregate.Response:
    found = services.tracker.find(aggregate.Response, response_id(register, response))
    if found is None:
        raise NotFound(refusal("There is no response “{id}” in “{register}”.", id=response, register=register))
    return found


def _page(services: Services, register: str, response: str, form: Form) -> tuple[str, int]:
    found, entry = _find(services, register, response), register_entry(services, register)
    with services.views.connect() as db:
        known_at = last_applied_at(db)
        recommendation = catalogue.recommendation(db, register, found.recommendation, known_at)
        bodies = catalogue.bodies(db, register, known_at)
        elements = {e.element.id: e.element for e in catalogue.elements(db, register, known_at, found.recommendation)}
        waiting, published = proposed_response(db, register, response), responses.published(db, register, response)
    context = JudgingContext.of(entry.settings, services.clock())
    page = render_template(
        "staff/responses/response.html",
        entry=entry,
        facts=recommendation.facts if recommendation else None,
        said=found.facts,
        body=bodies.get(found.facts.body),
        element=elements.get(found.facts.element),
        waiting=waiting,
        published=published,
        needs_two=needs_second_person(found.facts, context),
        version=found.version,
        form=form,
    )
    return page, form.status
