"""Success criteria: drafted by one person, approved by another; old versions stay in the record."""

from typing import TypedDict

from flask import redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, execute_confirmed, in_public
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.translation import _
from app.services.container import Services
from app.services.shown_versions import shown_version
from domain import commands as c
from domain.errors import NotFound, Refused, refusal
from domain.ids import recommendation_id
from domain.recommendation.judging_context import JudgingContext
from domain.values import Element, RecommendationFacts, SuccessCriteria, translations_by_name
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import CriteriaEntry
from projections.engine.position import last_applied_at
from projections.worklist.queries import CriteriaDraft, criteria_drafts_of

FIELDS = ("counts", "does_not_count", "sources_needed")


class CriteriaPageValues(TypedDict):
    """What the template shows; `approved` is by element."""

    facts: RecommendationFacts
    elements: list[Element]
    approved: dict[str, CriteriaEntry]
    draft: CriteriaDraft | None


@staff.route("/<register:register>/recommendations/<ident:recommendation>/card/", methods=["GET", "POST"])
@allowed("propose")
def card(register: str, recommendation: str) -> tuple[str, int] | Response:
    """Draft success criteria, or a new version of them."""
    element = request.values.get("element", "")
    if request.method == "GET":
        return _page(services(), register, recommendation, element)
    form = Form().read(*FIELDS, "element", "version").read_translations(*FIELDS)
    if criteria := _read_criteria(form):
        try:
            command = c.DraftCriteria(
                register, recommendation=recommendation, card=criteria, expected_version=form.expected_version
            )
            services().execute_for(current_person(), command)
            announce(
                _("The draft of the success criteria is saved."),
                _("It counts once another person has approved it."),
                _("People who may approve it find it on their home pages."),
            )
            return redirect(_workbench(register, recommendation))
        except Refused as refused:
            form.refuse(refused)
    return _page(services(), register, recommendation, element, form)


def _page(
    services: Services,
    register: str,
    recommendation: str,
    element: str,
    form: Form | None = None,
    refused: Refused | None = None,
) -> tuple[str, int]:
    """Without a form, its fields hold the draft, else the approved version; `refused` is why that was not approved."""
    entry = register_entry(services, register)
    with services.views.connect() as db:
        values = _template_values(db, register, recommendation, element)
        version = shown_version(services, db, recommendation_id(register, recommendation))
    if form is None:
        current = values["draft"] or values["approved"].get(element)
        form = Form(element=element, **(_texts_of(current.card) if current else {}))
    if refused:
        form.refuse(refused)
    context = JudgingContext.of(entry.settings, services.clock())
    page = render_template(
        "staff/success_criteria.html",
        entry=entry,
        **values,
        form=form,
        version=version,
        may_approve_own=context.author_may_approve,
    )
    return page, form.status


def _template_values(db: Connection, register: str, recommendation: str, element: str) -> CriteriaPageValues:
    """The recommendation with its elements, approved criteria, and the open draft of an element."""
    known_at = last_applied_at(db)
    recommendation_entry = catalogue.recommendation(db, register, recommendation, known_at)
    if recommendation_entry is None:
        raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
    drafts = {d.card.element: d for d in criteria_drafts_of(db, register, [recommendation])}
    return {
        "facts": recommendation_entry.facts,
        "elements": [e.element for e in catalogue.elements(db, register, known_at, recommendation)],
        "approved": {k.card.element: k for k in catalogue.success_criteria(db, register, known_at, recommendation)},
        "draft": drafts.get(element),
    }


def _read_criteria(form: Form) -> SuccessCriteria | None:
    """Returns the typed criteria; None, with errors in the form, if a text is missing."""
    for name in ("counts", "does_not_count"):
        if not form[name]:
            form.add(name, _("Enter a sentence or two. Every later assessment is tested against it."))
    if form.errors:
        return None
    texts = {n: form[n] for n in FIELDS}
    return SuccessCriteria(element=form["element"], **texts, translations=form.translations(*FIELDS))


def _texts_of(criteria: SuccessCriteria) -> dict[str, str]:
    return {n: getattr(criteria, n) for n in FIELDS} | translations_by_name(criteria)


@staff.post("/<register:register>/recommendations/<ident:recommendation>/card/approve/")
@allowed("publish")
def approve_card(register: str, recommendation: str) -> tuple[str, int] | Response:
    """Approve the draft that the person saw; a register that is open asks first."""
    entry, sent = register_entry(services(), register), Form().read("element", "version")
    command = c.ApproveCriteria(
        register, recommendation=recommendation, element=sent["element"], expected_version=sent.expected_version or 0
    )
    try:
        execute_confirmed(services(), current_person(), [command], in_public(entry, _approval()), entry=entry)
        announce(_("The success criteria are approved."), _("From now on, assessments are tested against them."))
        return redirect(_workbench(register, recommendation))
    except Refused as refused:
        return _page(services(), register, recommendation, sent["element"], refused=refused)


def _approval() -> Confirmation:
    return Confirmation(
        title=_("Approve these success criteria?"),
        happens=(
            _("Everyone can read them at once on the page of the recommendation."),
            _("Later assessments are held to them. A new version never removes the old one from the record."),
            _("You cannot undo it. You can write and approve a new version."),
        ),
        button=_("Approve the success criteria"),
    )


def _workbench(register: str, recommendation: str) -> str:
    return url_for("staff.recommendation", register=register, recommendation=recommendation)
