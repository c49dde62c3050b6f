"""Removes something from a register that is being prepared, or the whole register, after asking once."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.event_names import name_of
from app.presentation.i18n.localize import isolated, localized, plain_text
from app.presentation.i18n.translation import _
from app.services.container import Services
from app.services.discarding import discard_register as discard_with_its_data
from app.services.discarding import remove_recommendation
from app.services.removals.evidence_texts import remove_evidence
from app.services.sources import staff_names
from domain import commands as c
from domain.errors import NotFound, Refused, refusal
from projections.catalogue.entries import RegisterEntry

MakeCommand = Callable[[str, str, str], c.Command]
"""From register, recommendation (empty where there is none) and id."""

REMOVALS: dict[str, MakeCommand] = {
    "themes": lambda register, _of, ident: c.RemoveTheme(register, theme=ident),
    "publications": lambda register, _of, ident: c.RemovePublication(register, publication=ident),
    "bodies": lambda register, _of, ident: c.RemoveBody(register, body=ident),
    "reviews": lambda register, _of, ident: c.RemoveReview(register, review=ident),
    "evidence": lambda register, _of, ident: c.RemoveEvidence(register, evidence=ident),
    "developments": lambda register, _of, ident: c.RemoveDevelopment(register, development=ident),
    "recommendations": lambda register, _of, ident: c.RemoveRecommendation(register, recommendation=ident),
    "deadlines": lambda register, of, ident: c.RemoveDeadline(register, recommendation=of, deadline=ident),
    "elements": lambda register, of, ident: c.RemoveElement(register, recommendation=of, element=ident),
    "criteria": lambda register, of, ident: c.RemoveCriteria(
        register, recommendation=of, element="" if ident == of else ident
    ),
    "assessments": lambda register, of, ident: c.RemoveAssessment(register, recommendation=of, assessment=ident),
    "responses": lambda register, of, ident: c.RemoveResponse(register, recommendation=of, response=ident),
}
"""By the kind of fact, as in the address."""
SINGULAR = {kind: kind.removesuffix("s") for kind in REMOVALS} | {"bodies": "body"}
"""How the names of things call the same kinds."""


@staff.route("/<register:register>/remove/<ident:kind>/<ident:ident>/", methods=["GET", "POST"])
@allowed("settings")
def remove_fact(register: str, kind: str, ident: str) -> tuple[str, int] | Response:
    """Remove a fact. What belongs to a recommendation names it in the parameter `recommendation`."""
    if kind not in REMOVALS:
        raise NotFound(refusal("There is nothing called “{id}” here.", id=kind))
    entry, form = register_entry(services(), register), Form()
    title = _title(services(), entry, kind, request.args.get("recommendation", ""), ident)
    back = url_for("staff.set_up", register=register)
    if request.method == "POST":
        try:
            command = REMOVALS[kind](register, request.args.get("recommendation", ""), ident)
            if isinstance(command, c.RemoveEvidence):
                remove_evidence(services(), current_person(), command)
            elif isinstance(command, c.RemoveRecommendation):
                remove_recommendation(services(), current_person(), command)
            else:
                services().execute_for(current_person(), command)
            announce(_("“%(title)s” is removed.", title=plain_text(title)))
            return redirect(back)
        except Refused as refused:
            form.refuse(refused)
    page = render_template(
        "staff/remove.html",
        entry=entry,
        form=form,
        question=_("Remove “%(title)s”?", title=title),
        consequence=_("It disappears with everything in it. Its id can be used again. The history for staff keeps it."),
        button=_("Remove it"),
        back=back,
    )
    return page, form.status


def _title(services: Services, entry: RegisterEntry, kind: str, recommendation: str, ident: str) -> Markup | str:
    """What a page calls the fact that would be removed."""
    if kind == "criteria":
        return _("Success criteria")
    with services.views.connect() as db:
        key = f"{recommendation}/{ident}" if kind in ("elements", "deadlines", "responses") else ident
        return name_of(staff_names(services, db, entry), SINGULAR[kind], key)


@staff.route("/<register:register>/discard/", methods=["GET", "POST"])
@allowed("settings")
def discard_register(register: str) -> tuple[str, int] | Response:
    entry, form = register_entry(services(), register), Form()
    if request.method == "POST":
        try:
            discard_with_its_data(services(), current_person(), register)
            announce(_("The register is discarded."))
            return redirect(url_for("staff.home"))
        except Refused as refused:
            form.refuse(refused)
    page = render_template(
        "staff/remove.html",
        entry=entry,
        form=form,
        question=_("Discard the register “%(title)s”?", title=isolated(localized(entry.settings, "title"))),
        consequence=_(
            "It disappears with everything in it and with the roles of its staff. Its id can be used again. "
            "You cannot undo this."
        ),
        button=_("Discard it"),
        back=url_for("staff.set_up", register=register),
    )
    return page, form.status
