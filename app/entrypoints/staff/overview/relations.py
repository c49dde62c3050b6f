"""Relates recommendations to others, one by one or pasted from a spreadsheet, and withdraws such relations."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, execute_confirmed, in_public
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.name_picker import NamePicker, picker_fields
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.pasted_names import PastedNames, is_elsewhere, with_ids
from app.entrypoints.staff.pasted_rows import add_row_errors, column_choices, read_rows, refuse_unknown_codes
from app.entrypoints.staff.problem_reports import keep_problems
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.labels import RELATION
from app.presentation.i18n.translation import _, ngettext
from app.services.container import Services
from app.services.search.names import RECOMMENDATION, NameSearch
from app.services.shown_versions import shown_version
from domain import commands as c
from domain.batch import BatchRefused
from domain.codes import RelationKind
from domain.errors import NotFound, Refused, refusal
from domain.ids import recommendation_id
from domain.values import Relation
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.lineage import queries as lineage

FIELDS = ("relation", *picker_fields("to"), "on", "note", "action")
COLUMNS = ("from", "relation", "to", "on", "note")
FIND = "find_to"
"""The button that lists the recommendations with the typed words."""
REQUIRED_COLUMNS = ("from", "relation", "to")


@staff.route("/<register:register>/recommendations/<ident:recommendation>/relations/", methods=["GET", "POST"])
@allowed("publish")
def relations(register: str, recommendation: str) -> tuple[str, int] | Response:
    form, entry = Form().read(*FIELDS), register_entry(services(), register)
    try:
        if request.method == "POST" and form["action"] != FIND:
            commands = [_command(services(), register, recommendation, form)]
            execute_confirmed(services(), current_person(), commands, in_public(entry, _stated(1)), entry=entry)
            announce(_("The relation is stated."), _("Both recommendations show it."))
            return redirect(url_for("staff.recommendation", register=register, recommendation=recommendation))
    except Refused as refused:
        form.refuse(refused)
    return _page(services(), register, recommendation, form)


@staff.route("/<register:register>/relations/", methods=["GET", "POST"])
@allowed("publish")
def paste_relations(register: str) -> tuple[str, int] | Response:
    form = Form().read("pasted")
    entry = register_entry(services(), register)
    if request.method == "POST":
        numbers: list[int] = []
        try:
            rows = read_rows(form["pasted"], COLUMNS, REQUIRED_COLUMNS)
            numbers += [number for number, _cells in rows]
            commands = _commands(services(), register, rows)
            asked = in_public(entry, _stated(len(commands)))
            execute_confirmed(services(), current_person(), commands, asked, entry=entry)
            announce(ngettext("%(num)d relation is stated.", "%(num)d relations are stated.", len(commands)))
            return redirect(url_for("staff.paste_relations", register=register))
        except BatchRefused as batch:
            add_row_errors(form, batch, numbers)
        except Refused as refused:
            form.refuse(refused)
        keep_problems(services(), current_person(), form)
    return render_template(
        "staff/paste_relations.html", entry=entry, form=form, columns=column_choices(COLUMNS)
    ), form.status


@staff.post("/<register:register>/recommendations/<ident:recommendation>/relations/withdraw/")
@allowed("withdraw")
def withdraw_relation(register: str, recommendation: str) -> tuple[str, int] | Response:
    form = Form().read("version", "relation_to", reason_field := f"reason {request.form.get('relation_to', '')}")
    reason = form[reason_field]
    try:
        kind, to = _relation_of_button(form)
        command = c.WithdrawRelation(
            register,
            recommendation=recommendation,
            relation=kind,
            to=to,
            reason=reason,
            expected_version=form.expected_version or 0,
        )
        entry = register_entry(services(), register)
        execute_confirmed(services(), current_person(), [command], _withdrawal(reason), entry=entry)
    except Refused as refused:
        form.refuse(refused)
        return _page(services(), register, recommendation, form)
    announce(_("The relation is withdrawn."), _("The reason is public."))
    return redirect(url_for("staff.relations", register=register, recommendation=recommendation))


@staff.post("/<register:register>/recommendations/<ident:recommendation>/relations/remove/")
@allowed("settings")
def remove_relation(register: str, recommendation: str) -> tuple[str, int] | Response:
    """Remove a relation of a register that is being prepared."""
    form = Form().read("relation_to")
    try:
        kind, to = _relation_of_button(form)
        command = c.RemoveRelation(register, recommendation=recommendation, relation=kind, to=to)
        services().execute_for(current_person(), command)
    except Refused as refused:
        form.refuse(refused)
        return _page(services(), register, recommendation, form)
    announce(_("The relation is removed."))
    return redirect(url_for("staff.relations", register=register, recommendation=recommendation))


def _page(services: Services, register: str, recommendation: str, form: Form) -> tuple[str, int]:
    entry = register_entry(services, register)
    with services.views.connect() as db:
        known_at = last_applied_at(db)
        recommendation_entry = catalogue.recommendation(db, register, recommendation, known_at)
        if recommendation_entry is None:
            raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
        stated = lineage.stated_by(db, register, recommendation, known_at)
        options = _picker(db, register, form).options()
        version = shown_version(services, db, recommendation_id(register, recommendation))
    page = render_template(
        "staff/relations.html",
        entry=entry,
        facts=recommendation_entry.facts,
        stated=stated,
        options=options,
        kinds=[(k.value, str(RELATION[k])) for k in RelationKind],
        form=form,
        version=version,
    )
    return page, form.status


def _stated(count: int) -> Confirmation:
    return Confirmation(
        title=ngettext("State %(num)d relation?", "State %(num)d relations?", count),
        happens=(
            _("Everyone can read it at once, on the pages of both recommendations."),
            _("You cannot delete it. You can withdraw it, with a public reason."),
        ),
        button=ngettext("State %(num)d relation", "State %(num)d relations", count),
    )


def _withdrawal(reason: str) -> Confirmation:
    return Confirmation(
        title=_("Withdraw this relation?"),
        about=_("Reason: %(reason)s", reason=reason),
        happens=(
            _("Both recommendations show it no longer. Pages as known before keep it."),
            _("Everyone can read the reason."),
            _("You cannot undo it. You can state the relation again."),
        ),
        button=_("Withdraw the relation"),
    )


def _picker(db: Connection, register: str, form: Form) -> NamePicker:
    return NamePicker(form, "to", NameSearch(db, register, last_applied_at(db), (RECOMMENDATION,)))


def _command(services: Services, register: str, recommendation: str, form: Form) -> c.StateRelation:
    to = form["to"]
    if not is_elsewhere(to):
        with services.views.connect() as db:
            match = _picker(db, register, form).read()
        to = match.fact.id if match else ""
    relation = Relation(relation=_kind(form["relation"], "relation"), to=to, on=form.day("on"), note=form["note"])
    return c.StateRelation(register, recommendation=recommendation, relation=relation)


def _commands(services: Services, register: str, rows: Sequence[tuple[int, dict[str, str]]]) -> list[c.StateRelation]:
    """A command for each row. Raises `Refused` with every unknown relation, or with every unknown recommendation."""
    refuse_unknown_codes(rows, "relation", RelationKind)
    with services.views.connect() as db:
        names = PastedNames(services, db, register)
        readers = {"from": names.recommendation, "to": names.recommendation_or_elsewhere}
        rows = with_ids(rows, readers)
    return [
        c.StateRelation(
            register,
            recommendation=cells["from"],
            relation=Relation(
                relation=RelationKind(cells["relation"]),
                to=cells["to"],
                on=cells.get("on", ""),
                note=cells.get("note", ""),
            ),
        )
        for _number, cells in rows
    ]


def _relation_of_button(form: Form) -> tuple[RelationKind, str]:
    """The relation whose button was pressed, and the other recommendation."""
    kind, _space, to = form["relation_to"].partition(" ")
    return _kind(kind, ""), to


def _kind(text: str, field: str) -> RelationKind:
    if text not in set(RelationKind):
        raise Refused(refusal("Choose how it is related.", field=field))
    return RelationKind(text)
