"""Withdraws a published assessment with a public reason, and optionally replaces it."""

from flask import redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.evidence.source_form import handle_source_buttons
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.proposals.proposal_fields import proposal_fields
from app.entrypoints.staff.proposals.proposal_form import FIELD_NAMES, form_from_assessment, read_assessment
from app.entrypoints.staff.proposals.proposal_sidebar import sidebar_values
from app.entrypoints.staff.proposals.rule_check import RuleCheck
from app.services.accounts.people import Person
from app.services.container import Services
from domain import commands as c
from domain.codes import Reason
from domain.errors import NotFound, Refused, refusal
from domain.values import Assessment
from projections.assessments import queries as assessments
from projections.assessments.queries import PublicAssessment
from projections.worklist.queries import open_proposal


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
    if request.method == "GET":
        form = _initial_form(wrong, rule_check)
    else:
        form = Form(element=wrong.element).read(*FIELD_NAMES[1:], "why", "replaced_by", many=["evidence"])
        form.read_translations(*Assessment.TRANSLATED)
        if next_page := _withdraw_or_replace(services(), current_person(), register, recommendation, wrong, form):
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
    form = form_from_assessment(wrong, confidence="", review_by="", reason=reason.value)
    form.values["version"] = rule_check.version
    return form


def _withdraw_or_replace(
    services: Services, person: Person, register: str, recommendation: str, wrong: Assessment, form: Form
) -> str:
    """Returns the next page; empty if refused, with the reasons in the form."""
    replacement: Assessment | None = None
    try:
        handle_source_buttons(services, person, register, form)
        if form["action"] == "replace":
            replacement = read_assessment(form)
            if not form["why"]:
                form.add("why", str(refusal("Enter why it is withdrawn. The reason is public.")))
        if form.errors or form["action"] not in ("withdraw", "replace"):
            return ""
        command = c.WithdrawAssessment(
            register,
            recommendation=recommendation,
            assessment=wrong.id,
            reason=form["why"],
            expected_version=form.expected_version,
            replaced_by="" if replacement else form["replaced_by"],
            replacement=replacement,
        )
        proposal_id = services.execute_for(person, command)
    except Refused as refused:
        form.refuse(refused)
        return ""
    with services.views.connect() as db:
        waits = proposal_id and open_proposal(db, register, proposal_id)
    if waits:
        return url_for("staff.proposal", register=register, assessment=proposal_id)
    return url_for("staff.desk", register=register)


def _replacements(db: Connection, register: str, wrong: PublicAssessment) -> list[Assessment]:
    """Returns the recommendation's other published assessments that are not withdrawn, newest first."""
    published = assessments.of_recommendation(db, register, wrong.recommendation)
    return [p.assessment for p in reversed(published) if not p.withdrawal and p.position != wrong.position]
