"""Proposes “reviewed, no change” for several recommendations at once."""

from datetime import date

from flask import redirect, render_template, request, url_for
from msgspec.structs import replace
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.evidence.source_form import (
    FILTER_FIELDS,
    SEARCH_FIELDS,
    SOURCE_FIELDS,
    handle_source_buttons,
    search_defaults,
    source_classes,
)
from app.entrypoints.staff.evidence.sources import offered_sources
from app.entrypoints.staff.forms import Form, parse_number
from app.entrypoints.staff.overview.selection import SelectedRecommendation, selected_recommendations
from app.entrypoints.staff.proposals.proposal_form import typed_day
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.translation import _
from app.services.accounts.people import Person
from app.services.container import Services
from domain import commands as c
from domain.batch import BatchRefused
from domain.codes import Reason, Status
from domain.errors import Refused
from domain.ids import recommendation_id
from domain.methodology.rules import in_force_on
from domain.recommendation.aggregate import Recommendation
from domain.times import day_in, first_day
from domain.values import Assessment
from projections.catalogue.entries import RegisterEntry

FIELD_NAMES = (
    "year",
    "month",
    "day",
    "statement",
    "rationale",
    *SOURCE_FIELDS,
    *SEARCH_FIELDS,
    *FILTER_FIELDS,
    "action",
)


@staff.route("/<register:register>/unchanged/", methods=["GET", "POST"])
@allowed("propose")
def unchanged(register: str) -> tuple[str, int] | Response:
    """Starts from the register overview or from a draft; proposes all of them or none."""
    entry, form = register_entry(services(), register), Form().read(*FIELD_NAMES, many=["pick", "evidence"])
    form.read_translations(*Assessment.TRANSLATED)
    if request.method == "GET" and "pick" not in form.lists:
        return redirect(url_for("staff.desk", register=register))
    selection = selected_recommendations(services(), entry, form)
    if request.method == "GET" or handle_source_buttons(services(), current_person(), register, form):
        return _page(services(), entry, selection, form)
    if form["action"] != "send":
        today = day_in(entry.settings.time_zone, services().clock())
        form.values |= search_defaults(services(), current_person()) | {
            "year": str(today.year),
            "month": str(today.month),
            "day": str(today.day),
        }
    elif _propose_all(services(), current_person(), register, selection, form):
        return redirect(url_for("staff.home"))
    return _page(services(), entry, selection, form)


def _propose_all(
    services: Services, person: Person, register: str, selection: list[SelectedRecommendation], form: Form
) -> bool:
    """Propose all of them. On any error, add it to the form and store nothing."""
    if not form["rationale"]:
        form.add("rationale", _("Give the reasons in two or three sentences that a reader can check."))
    try:
        on = first_day(typed_day(form))
    except Refused as refused:
        form.refuse(Refused(*(r.about("effective_on") for r in refused.refusals)))
    if form.errors:
        return False
    commands = [command for one in selection for command in _proposals(services, register, one.facts.id, form, on)]
    try:
        services.execute_all_for(person, commands)
    except BatchRefused as batch:
        for index, refused_command in batch.by_index.items():
            command = commands[index]
            form.refuse(Refused(*(r.about(f"pick-{command.recommendation}") for r in refused_command.refusals)))
    except Refused as refused:
        form.refuse(refused)
    return not form.errors


def _proposals(services: Services, register: str, ident: str, form: Form, on: date) -> list[c.ProposeAssessment]:
    """One proposal for the recommendation, or for each of its elements with an assessment."""
    aggregate = services.tracker.load(Recommendation, recommendation_id(register, ident))
    parts = list(aggregate.elements) or [""]
    version = parse_number(request.form.get(f"version-{ident}", ""))
    return [
        c.ProposeAssessment(
            register,
            recommendation=ident,
            assessment=_unchanged_assessment(aggregate, part, form, on),
            expected_version=version or 0,
        )
        for part in [p for p in parts if aggregate.earlier(p)] or parts[:1]
    ]


def _unchanged_assessment(aggregate: Recommendation, element: str, form: Form, on: date) -> Assessment:
    """Repeats the assessment in force on the day with the new rationale."""
    new = Assessment(
        id="",
        element=element,
        status=Status.NOT_ASSESSED,
        effective_on=typed_day(form),
        reason=Reason.REVIEWED_NO_CHANGE,
        statement=form["statement"],
        rationale=form["rationale"],
        translations=form.translations(*Assessment.TRANSLATED),
        evidence=tuple(form.lists["evidence"]),
    )
    in_force = in_force_on(aggregate.earlier(element), on)
    if in_force is None:
        return new  # rule 5 refuses it
    last = aggregate.assessments[in_force.id].assessment
    start = (last.window_from or last.effective_on) if last.status is Status.IN_EFFECT else ""
    return replace(
        new, status=last.status, cause=last.cause, motion=last.motion, window_from=start, window_to=last.window_to
    )


def _page(
    services: Services, entry: RegisterEntry, selection: list[SelectedRecommendation], form: Form
) -> tuple[str, int]:
    with services.views.connect() as db:
        near, others = offered_sources(services, db, entry.id, "", form.lists.get("evidence", ()), form["find"])
    versions = {
        one.facts.id: services.tracker.load(Recommendation, recommendation_id(entry.id, one.facts.id)).version
        for one in selection
    }
    page = render_template(
        "staff/bulk_review.html",
        entry=entry,
        selection=selection,
        versions=versions,
        form=form,
        near=near,
        others=others,
        classes=source_classes(),
    )
    return page, form.status
