"""The form that relates a recommendation to another one, and withdraws such a relation."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.labels import RELATION
from app.services.container import Services
from domain import commands as c
from domain.codes import RelationKind
from domain.errors import NotFound, Refused, refusal
from domain.values import Relation
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.lineage import queries as lineage

FIELDS = ("relation", "to", "on", "note")


@staff.route("/<register:register>/recommendations/<ident:recommendation>/relations/", methods=["GET", "POST"])
@allowed("publish")
def relations(register: str, recommendation: str) -> tuple[str, int] | Response:
    form = Form().read(*FIELDS)
    try:
        if request.method == "POST":
            services().execute_for(current_person(), _command(register, recommendation, form))
            return redirect(url_for("staff.relations", register=register, recommendation=recommendation))
    except Refused as refused:
        form.refuse(refused)
    return _page(services(), register, recommendation, form)


@staff.post("/<register:register>/recommendations/<ident:recommendation>/relations/withdraw/")
@allowed("withdraw")
def withdraw_relation(register: str, recommendation: str) -> tuple[str, int] | Response:
    form = Form().read("withdrawn_relation", "withdrawn_to", "reason")
    try:
        kind = _kind(form["withdrawn_relation"], "withdrawn_relation")
        command = c.WithdrawRelation(
            register, recommendation=recommendation, relation=kind, to=form["withdrawn_to"], reason=form["reason"]
        )
        services().execute_for(current_person(), command)
    except Refused as refused:
        form.refuse(refused)
        return _page(services(), register, recommendation, form)
    return redirect(url_for("staff.relations", register=register, recommendation=recommendation))


def _page(services: Services, register: str, recommendation: str, form: Form) -> tuple[str, int]:
    entry = register_entry(services, register)
    with services.views.connect() as db:
        known_at = last_applied_at(db)
        recommendation_entry = catalogue.recommendation(db, register, recommendation, known_at)
        if recommendation_entry is None:
            raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
        stated = lineage.stated_by(db, register, recommendation, known_at)
    page = render_template(
        "staff/relations.html",
        entry=entry,
        facts=recommendation_entry.facts,
        stated=stated,
        kinds=[(k.value, str(RELATION[k])) for k in RelationKind],
        form=form,
    )
    return page, form.status


def _command(register: str, recommendation: str, form: Form) -> c.StateRelation:
    relation = Relation(relation=_kind(form["relation"], "relation"), to=form["to"], on=form["on"], note=form["note"])
    return c.StateRelation(register, recommendation=recommendation, relation=relation)


def _kind(text: str, field: str) -> RelationKind:
    if text not in set(RelationKind):
        raise Refused(refusal("Choose how it is related.", field=field))
    return RelationKind(text)
