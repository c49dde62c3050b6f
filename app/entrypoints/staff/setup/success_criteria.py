"""Success criteria: drafted by one person, approved by another; old versions stay in the record."""

from typing import TypedDict

from flask import redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.translation import _
from domain import commands as c
from domain.errors import NotFound, Refused, refusal
from domain.values import Element, RecommendationFacts, SuccessCriteria, translations_by_name
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import CriteriaEntry
from projections.engine.position import last_applied_at
from projections.worklist.queries import CriteriaDraft, open_criteria_drafts

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
    with services().views.connect() as db:
        values = _template_values(db, register, recommendation, element)
    if request.method == "GET":
        current = values["draft"] or values["approved"].get(element)
        form = Form(element=element, **(_texts_of(current.card) if current else {}))
    elif criteria := _read_criteria(form := Form().read(*FIELDS, "element").read_translations(*FIELDS)):
        try:
            command = c.DraftCriteria(register, recommendation=recommendation, card=criteria)
            services().execute_for(current_person(), command)
            return redirect(url_for("staff.card", register=register, recommendation=recommendation, element=element))
        except Refused as refused:
            form.refuse(refused)
    page = render_template(
        "staff/success_criteria.html", entry=register_entry(services(), register), **values, form=form
    )
    return page, form.status


def _template_values(db: Connection, register: str, recommendation: str, element: str) -> CriteriaPageValues:
    """The recommendation with its elements, approved criteria, and the open draft of an element."""
    known_at = last_applied_at(db)
    recommendation_entry = catalogue.recommendation(db, register, recommendation, known_at)
    if recommendation_entry is None:
        raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
    drafts = {d.card.element: d for d in open_criteria_drafts(db, register) if d.recommendation == recommendation}
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
    element = request.form.get("element", "")
    try:
        command = c.ApproveCriteria(register, recommendation=recommendation, element=element)
        services().execute_for(current_person(), command)
    except Refused as refused:
        return render_template("staff/refused.html", status=400, sentences=[str(r) for r in refused.refusals]), 400
    return redirect(url_for("staff.card", register=register, recommendation=recommendation, element=element))
