"""Reviews a proposal: before and after side by side; publish, return or decline."""

from datetime import UTC, datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.hidden_proposals import blindness
from app.entrypoints.staff.overview.history_lines import decision_on
from app.entrypoints.staff.proposals.before_and_after import before_and_after
from app.entrypoints.staff.setup.registers import register_entry
from app.services.accounts.people import Person
from app.services.container import Services
from domain import commands as c
from domain.errors import Conflict, NotFound, Refused, refusal
from projections.catalogue.entries import RegisterEntry
from projections.worklist.queries import Proposal, open_proposal


@staff.get("/<register:register>/proposals/<ident:assessment>/")
@allowed("read")
def proposal(register: str, assessment: str) -> tuple[str, int]:
    return _page(
        services(),
        current_person(),
        register,
        _find_open_proposal(services(), current_person(), register, assessment),
        Form(),
    )


@staff.post("/<register:register>/proposals/<ident:assessment>/")
@allowed("publish")
def decide(register: str, assessment: str) -> tuple[str, int] | Response:
    container, person = services(), current_person()
    form = Form().read("note", "version", "action", "publish_at")
    try:
        proposal = _find_open_proposal(container, person, register, assessment)
    except NotFound:
        return _already_decided(container, person, register, assessment, form)
    try:
        command = _command(register_entry(container, register), proposal, form)
        container.execute_for(person, command)
    except Conflict as refused:
        form.refuse(refused)
        return _page(container, person, register, _find_open_proposal(container, person, register, assessment), form)
    except Refused as refused:
        form.refuse(refused)
        return _page(container, person, register, proposal, form)
    if isinstance(command, c.PublishAssessment) and register_entry(container, register).is_open:
        page = url_for("public.recommendation", register=register, recommendation=proposal.recommendation, lang="en")
        return redirect(f"{page}#a-{assessment}")
    return redirect(url_for("staff.home"))


class ProposalTarget(TypedDict):
    recommendation: str
    assessment: str
    expected_version: int | None


def _command(entry: RegisterEntry, proposal: Proposal, form: Form) -> c.OfAssessment:
    """Returns the command of the decision. Raises `Refused` if no action was chosen."""
    target: ProposalTarget = {
        "recommendation": proposal.recommendation,
        "assessment": proposal.assessment.id,
        "expected_version": form.expected_version,
    }
    match form["action"]:
        case "publish":
            return c.PublishAssessment(entry.id, **target)
        case "schedule":
            at = publication_time(form["publish_at"], entry.settings.time_zone)
            return c.ScheduleAssessment(entry.id, **target, publish_at=at)
        case "return":
            return c.ReturnAssessment(entry.id, **target, note=form["note"])
        case "decline":
            return c.DeclineAssessment(entry.id, **target, why=form["note"])
    raise Refused(refusal("Choose whether to publish, return or decline."))


def publication_time(text: str, zone: str) -> datetime:
    """Converts a local time of the register to UTC. Raises `Refused`."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(refusal("Choose the day and time of publication.", field="publish_at")) from None


def _find_open_proposal(services: Services, person: Person, register: str, assessment: str) -> Proposal:
    with services.views.connect() as db:
        result = open_proposal(db, register, assessment)
    if result is None:
        raise NotFound(
            refusal("There is no open proposal “{id}”. It may have been published or declined.", id=assessment)
        )
    blindness(services, person, register).refuse(result)
    return result


def _page(
    services: Services, person: Person, register: str, open_proposal_entry: Proposal, form: Form
) -> tuple[str, int]:
    values = before_and_after(services, person, register, open_proposal_entry, form["version"])
    return render_template("staff/proposal_review.html", **values, form=form), form.status


def _already_decided(services: Services, person: Person, register: str, assessment: str, form: Form) -> tuple[str, int]:
    """Shows another person's earlier decision, and keeps the typed note. Raises `NotFound` if there is none."""
    with services.views.connect() as db:
        decision = decision_on(services, person, db, register, assessment)
    if decision is None:
        raise NotFound(
            refusal("There is no open proposal “{id}”. It may have been published or declined.", id=assessment)
        )
    page = render_template(
        "staff/decided.html",
        entry=register_entry(services, register),
        decision=decision,
        form=form,
    )
    return page, 409
