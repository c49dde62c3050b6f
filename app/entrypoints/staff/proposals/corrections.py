"""Withdraws a published assessment with a public reason, and optionally replaces it."""

from flask import redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, execute_confirmed
from app.entrypoints.staff.evidence.source_form import (
    add_typed_sources,
    fields_after_adding,
    handle_source_buttons,
    has_typed_sources,
)
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.proposals.proposal_fields import proposal_fields
from app.entrypoints.staff.proposals.proposal_form import FIELD_NAMES, form_from_assessment, read_assessment
from app.entrypoints.staff.proposals.proposal_sidebar import sidebar_values
from app.entrypoints.staff.proposals.rule_check import RuleCheck
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.labels import STATUS, day_text
from app.presentation.i18n.translation import _
from app.services.accounts.actors import Person
from app.services.container import Services
from domain import commands as c
from domain.codes import Reason
from domain.errors import NotFound, Refused, refusal
from domain.values import Assessment
from projections.assessments import queries as assessments
from projections.assessments.queries import PublicAssessment
from projections.worklist.queries import open_proposal

NOTHING, PUBLISHED, NEW = "nothing", "published", "new"
"""What replaces the assessment: the values of the field `then`."""
NOT_COMPARED = ("version", "action", "then", "replaced_by", "why", "revise", "evidence")


@staff.route("/<register:register>/assessments/<ident:assessment>/withdraw/", methods=["GET", "POST"])
@allowed("withdraw")
def withdraw(register: str, assessment: str) -> tuple[str, int] | Response:
    with services().views.connect() as db:
        published = assessments.publication(db, register, assessment)
        if published is None or published.withdrawal:
            raise NotFound(refusal("“{id}” is not published, or is already withdrawn.", id=assessment))
        replacements = _replacements(db, register, published)
    recommendation, wrong = published.recommendation, published.assessment
    rule_check = RuleCheck(services(), register, recommendation)
    initial = _initial_form(wrong, rule_check)
    if request.method == "GET":
        form = initial
    else:
        form = Form(element=wrong.element).read(*FIELD_NAMES[1:], "why", "then", "replaced_by", many=["evidence"])
        form.read_translations(*Assessment.TRANSLATED)
        if next_page := _withdraw_or_replace(services(), current_person(), register, published, form, initial):
            return redirect(next_page)
    page = render_template(
        "staff/withdraw.html",
        **proposal_fields(services(), current_person(), register, recommendation, form),
        **sidebar_values(services(), rule_check, form, without=wrong.id),
        wrong=wrong,
        replacements=replacements,
    )
    return page, form.status


def _initial_form(wrong: Assessment, rule_check: RuleCheck) -> Form:
    """The wrong assessment to correct, without values that evidence and methodology filled in."""
    first = rule_check.is_first(wrong.element, without=wrong.id)
    reason = Reason.FIRST_ASSESSMENT if first else Reason.OUR_CORRECTION
    form = form_from_assessment(wrong, confidence="", review_by="", reason=reason.value, then=NOTHING)
    form.values.setdefault("version", rule_check.version)
    return form


def _withdraw_or_replace(
    services: Services, person: Person, register: str, wrong: PublicAssessment, form: Form, initial: Form
) -> str:
    """Returns the next page; empty if refused, with the reasons in the form."""
    try:
        handle_source_buttons(services, person, register, form)
        if form["action"] == "withdraw" and form["then"] == NEW:
            add_typed_sources(services, person, register, form)
        replacement = _read_replacement(form, initial) if form["action"] == "withdraw" else None
        if form.errors or form["action"] != "withdraw":
            return ""
        command = c.WithdrawAssessment(
            register,
            recommendation=wrong.recommendation,
            assessment=wrong.assessment.id,
            reason=form["why"],
            expected_version=form.expected_version or 0,
            replaced_by=form["replaced_by"],
            replacement=replacement,
        )
        asked = _confirmation(wrong.assessment, command, fields_after_adding(form))
        proposal_id = execute_confirmed(services, person, [command], asked, entry=register_entry(services, register))
    except Refused as refused:
        form.refuse(refused)
        form.show_version(int(initial["version"]), refused)
        return ""
    return _next_page(services, register, wrong.recommendation, proposal_id)


def _read_replacement(form: Form, initial: Form) -> Assessment | None:
    """The new assessment, if one was chosen. Adds an error for everything that was typed and would be ignored."""
    if not form["why"]:
        form.add("why", _("Enter why it is withdrawn. The reason is public."))
    if form["replaced_by"] and form["then"] != PUBLISHED:
        form.add("replaced_by", _("Choose that a published assessment replaces it, or choose “Nothing” here."))
    if form["then"] == PUBLISHED and not form["replaced_by"]:
        form.add("replaced_by", _("Choose the assessment that replaces it."))
    if form["then"] == NEW:
        return read_assessment(form)
    sent = [name for name in request.form if name in initial.values and name not in NOT_COMPARED]
    if has_typed_sources(form) or any(form[name] != initial[name] for name in sent):
        form.add("then", _("You entered another assessment. Choose that it replaces this one, or undo your changes."))
    return None


def _confirmation(wrong: Assessment, command: c.WithdrawAssessment, fields: dict[str, list[str]]) -> Confirmation:
    status = str(STATUS[wrong.status])
    happens = [
        _("It stays in the record, struck through, with your reason, which everyone can read."),
        _("The page of corrections and its feed name it. Scorecards change at once."),
        _("You cannot undo it. A new assessment can be proposed."),
    ]
    if new := command.replacement:
        label = str(STATUS[new.status])
        happens.insert(0, _("“%(status)s” from %(day)s replaces it.", status=label, day=day_text(new.effective_on)))
        happens.insert(1, _("If it needs a second person, it waits for them, and only the withdrawal is public."))
    elif command.replaced_by:
        happens.insert(0, _("The published assessment that you chose is named as its replacement."))
    else:
        happens.insert(0, _("Nothing replaces it. The status before it applies again."))
    day = day_text(wrong.effective_on)
    return Confirmation(
        title=_("Withdraw “%(status)s” from %(day)s?", status=status, day=day),
        about=_("Reason: %(reason)s", reason=command.reason),
        happens=tuple(happens),
        button=_("Withdraw it and replace it") if command.replacement else _("Withdraw it"),
        fields=fields,
    )


def _next_page(services: Services, register: str, recommendation: str, proposal_id: str) -> str:
    """The proposal that now waits for a second person, or the recommendation."""
    with services.views.connect() as db:
        waits = proposal_id and open_proposal(db, register, proposal_id)
    if waits:
        announce(_("The assessment is withdrawn."), _("The new one waits for a second person."))
        return url_for("staff.proposal", register=register, assessment=proposal_id)
    announce(_("The assessment is withdrawn."), _("The reason is on the public page of corrections."))
    return url_for("staff.recommendation", register=register, recommendation=recommendation)


def _replacements(db: Connection, register: str, wrong: PublicAssessment) -> list[Assessment]:
    """Returns the recommendation's other published assessments that are not withdrawn, newest first."""
    published = assessments.of_recommendation(db, register, wrong.recommendation)
    return [p.assessment for p in reversed(published) if not p.withdrawal and p.position != wrong.position]
