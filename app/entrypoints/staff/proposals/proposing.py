"""Proposes a status: the form with rule checks and a preview."""

from hashlib import sha256
from urllib.parse import urlsplit

import msgspec
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.evidence.source_form import add_typed_sources, handle_source_buttons
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.hidden_proposals import blindness
from app.entrypoints.staff.proposals.comments import read_conversation
from app.entrypoints.staff.proposals.proposal_fields import proposal_fields
from app.entrypoints.staff.proposals.proposal_form import FIELD_NAMES, form_from_assessment, read_assessment
from app.entrypoints.staff.proposals.proposal_sidebar import sidebar_values
from app.entrypoints.staff.proposals.rule_check import RuleCheck
from app.entrypoints.staff.proposals.sent_proposal import announce_sent, way_back
from app.entrypoints.staff.proposals.suggestions import read_revised_proposal, read_suggestions, take_suggestion
from app.presentation.i18n.translation import _
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.inbox.decided import decisions_on
from domain import commands as c
from domain.errors import Conflict, NotFound, Refused, refusal
from domain.values import Assessment
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.worklist.queries import open_proposal


@staff.route("/<register:register>/recommendations/<ident:recommendation>/propose/", methods=["GET", "POST"])
@allowed("propose")
def propose(register: str, recommendation: str) -> tuple[str, int] | Response:
    container, person = services(), current_person()
    rule_check = _rule_check(container, register, recommendation)
    if request.method == "GET":
        return _page(container, person, rule_check, _initial_form(container, person, rule_check))
    form = Form().read(*FIELD_NAMES, many=["evidence"]).read_translations(*Assessment.TRANSLATED)
    if form["action"] == "beside":
        return render_template("staff/proposal_sidebar.html", **sidebar_values(container, rule_check, form)), 200
    if take_suggestion(container, person, register, recommendation, form):
        return _page(container, person, rule_check, form)
    if handle_source_buttons(container, person, register, form) or form["action"] == "part":
        return _page(container, person, rule_check, form)
    if form["action"] != "check":
        add_typed_sources(container, person, register, form)
    assessment = read_assessment(form, form["revise"])
    if assessment is None or form["action"] == "check":
        return _page(container, person, rule_check, form)
    kind, version = (c.ReviseAssessment if form["revise"] else c.ProposeAssessment), form.expected_version or 0
    command = kind(register, recommendation=recommendation, assessment=assessment, expected_version=version)
    try:
        proposal_id = container.execute_for(person, command, command_id=_command_id(person, command))
        announce_sent(container, person, register, proposal_id)
        return redirect(way_back(form["back"]) or url_for("staff.proposal", register=register, assessment=proposal_id))
    except Conflict as conflict:
        rule_check = _rule_check(container, register, recommendation)
        _add_conflict(form, rule_check, conflict)
    except Refused as refused:
        form.refuse(refused)
    return _page(container, person, rule_check, form)


def _add_conflict(form: Form, rule_check: RuleCheck, conflict: Conflict) -> None:
    """Say that the recommendation changed, and take over its new version."""
    form.values["version"] = rule_check.version
    form.refuse(conflict)
    form.add("", _("Compare your proposal with what is public now, and send it again."))


def _command_id(person: Person, command: c.Command) -> str:
    """Returns the same id for the same form, so that sending it twice proposes once."""
    return f"{person.id}/{sha256(msgspec.json.encode(command)).hexdigest()}"


def _rule_check(services: Services, register: str, recommendation: str) -> RuleCheck:
    with services.views.connect() as db:
        recommendation_entry = catalogue.recommendation(db, register, recommendation, last_applied_at(db))
    if recommendation_entry is None:
        raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
    return RuleCheck(services, register, recommendation)


def _initial_form(services: Services, person: Person, rule_check: RuleCheck) -> Form:
    """Returns an empty form, or one filled with the proposal to revise."""
    if ident := request.args.get("revise", ""):
        with services.views.connect() as db:
            proposal = open_proposal(db, rule_check.register, ident)
        if proposal is None:
            raise NotFound(refusal("There is no open proposal “{id}”.", id=ident[:80]))
        blindness(services, person, rule_check.register).refuse(proposal)
        form = form_from_assessment(proposal.assessment)
    elif ident := request.args.get("again", ""):
        form = _form_of_declined(services, person, rule_check, ident)
    else:
        parts, element = rule_check.recommendation.elements, request.args.get("element", "")
        element = element if element in parts else next(iter(parts), "")
        form = Form(element=element, reason=rule_check.usual_reason(element).value)
    form.values.setdefault("back", way_back(urlsplit(request.referrer or "").path))
    form.values.setdefault("version", rule_check.version)  # a draft has that for which it was typed
    return form


def _form_of_declined(services: Services, person: Person, rule_check: RuleCheck, ident: str) -> Form:
    """Returns the form of a new proposal, filled with one that was decided."""
    decisions = decisions_on(services, person, rule_check.register, ident)
    if not decisions or decisions[-1].recommendation != rule_check.recommendation.facts.id:
        raise NotFound(refusal("There is no decided proposal “{id}”.", id=ident[:80]))
    return form_from_assessment(decisions[-1].assessment, revise="")


def _page(services: Services, person: Person, rule_check: RuleCheck, form: Form) -> tuple[str, int]:
    recommendation = rule_check.recommendation
    fields = proposal_fields(services, person, rule_check.register, recommendation.facts.id, form)
    usual_reasons = {part: rule_check.usual_reason(part) for part in recommendation.elements}
    sidebar = sidebar_values(services, rule_check, form)
    suggestions = read_suggestions(services, person, rule_check.register, recommendation.facts.id, form)
    remarks = _read_remarks(services, person, rule_check.register, form)
    page = render_template(
        "staff/propose.html", **fields, **sidebar, **remarks, usual=usual_reasons, suggestions=suggestions
    )
    return page, form.status


def _read_remarks(services: Services, person: Person, register: str, form: Form) -> dict[str, object]:
    """Returns what colleagues said on the proposal that the form begins with: why it came back, and comments."""
    if proposal := read_revised_proposal(services, person, register, form):
        place = register, proposal.recommendation, proposal.assessment.id
        with services.accounts.work() as db:
            return {"revised": proposal, "conversation": read_conversation(services, person, db, *place)}
    declined = decisions_on(services, person, register, request.args.get("again", ""))
    return {"declined": declined[-1] if declined else None}
