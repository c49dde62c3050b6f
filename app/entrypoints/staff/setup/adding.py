"""Adds one thing to a register by its fields, or many rows pasted from a spreadsheet."""

from collections.abc import Mapping
from enum import EnumType

from flask import redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import (
    Confirmation,
    in_public,
    require_confirmation,
)
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.problem_reports import keep_problems
from app.entrypoints.staff.setup.registers import register_entry
from app.entrypoints.staff.setup.row_import import (
    ADDABLE_KINDS,
    MAKE,
    add_missing_names,
    add_pasted,
    add_refusals,
    add_typed,
)
from app.presentation.i18n.field_labels import ADD_HINTS
from app.presentation.i18n.localize import in_language, localized_text
from app.presentation.i18n.translation import _, ngettext
from app.services.accounts.actors import Person
from app.services.bundles.adding import AddedRows, MissingNames
from app.services.bundles.causes import group_problems
from app.services.bundles.columns import SHEETS_BY_NAME
from app.services.bundles.problems import BundleRefused
from app.services.bundles.sheet_types import BundleColumn, Sheet
from app.services.bundles.words import code_labels, column_label
from app.services.container import Services
from domain.errors import NotFound, Refused, refusal
from domain.times import shown
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.engine.position import last_applied_at

SUGGESTED = {
    "publication": "publication",
    "also_in": "publication",
    "addressees": "body",
    "parent": "body",
    "theme": "theme",
}
"""The columns that name a thing of the register, and its kind."""
MAX_SUGGESTIONS = 20
ONE = "one"
"""The action of the button that adds what is typed in the fields."""
LONG_TEXTS = ("summary", "done_when")
NOT_ASKED = (
    *("registered_at", "published_at", "withdrawn_at", "withdrawn_by", "withdrawn_reason"),
    *("merged_into", "merged_on", "merged_why", "merged_at"),
)
"""Columns that only imported records fill, or a page of their own."""


@staff.route("/<register:register>/setup/<ident:kind>/", methods=["GET", "POST"])
@allowed("settings")
def add(register: str, kind: str) -> tuple[str, int] | Response:
    """Add one thing by its fields, or many pasted from a spreadsheet."""
    if kind not in ADDABLE_KINDS:
        raise _unknown_kind(kind)
    entry, form, added = register_entry(services(), register), Form(), None
    buttons: dict[str, str] = {}
    sheet = SHEETS_BY_NAME[kind].in_languages(entry.settings.languages)
    if request.method == "POST":
        form.read("action")
        form.read(*((col.name for col in sheet.columns) if form["action"] == ONE else ["pasted"]))
        try:
            added = _add(services(), current_person(), entry, sheet, form)
            if added is None and not form.errors:
                announce(_("Added to: %(kind)s.", kind=kind_names()[kind]))
                return redirect(url_for("staff.add", register=register, kind=kind))
        except MissingNames as refused:
            form.refuse(refused)
            buttons = _buttons(refused)
        except Refused as refused:
            form.refuse(refused)
        keep_problems(services(), current_person(), form)
    columns = [c for c in sheet.columns if c.name not in NOT_ASKED]
    values: dict[str, object] = {
        "kind": kind,
        "columns": [(labelled(c), c.name) for c in columns],
        "fields": _fields(sheet, _suggestions(services(), register, sheet)),
        "names": kind_names(),
        "added": added,
        "buttons": buttons,
    }
    return render_template("staff/add.html", entry=entry, form=form, **values), form.status


def _add(services: Services, person: Person, entry: RegisterEntry, sheet: Sheet, form: Form) -> AddedRows | None:
    """Adds what was typed or pasted; returns the rows where the person sees them first. Raises `Refused`."""

    def confirm(count: int) -> None:
        if asked := in_public(entry, _addition(sheet.name, count)):
            require_confirmation(asked, entry=entry)

    if form["action"] == ONE:
        try:
            add_typed(services, person, entry.id, sheet, form, confirm)
        except BundleRefused as refused:
            add_refusals(form, refused, [column.name for column in sheet.columns])
        return None
    if form["action"].startswith(MAKE):
        add_missing_names(services, person, entry.id, sheet, form, confirm)
    return add_pasted(services, person, entry.id, sheet, form, confirm)


def _addition(kind: str, count: int) -> Confirmation:
    return Confirmation(
        title=ngettext("Add %(num)d row to the open register?", "Add %(num)d rows to the open register?", count),
        about=kind_names()[kind],
        happens=(
            _("Everyone can read it at once, on every page that shows it."),
            _("Nothing is removed from an open register. You can change it later, with a public reason."),
        ),
        button=ngettext("Add %(num)d row", "Add %(num)d rows", count),
    )


def _buttons(refused: MissingNames) -> dict[str, str]:
    """The label of a button for each cause, by its sentence, that is cured by adding what the rows name."""
    labels = {}
    for group in group_problems(refused.problems):
        kind, names = refused.names.get(group.column, ("", ()))
        if not set(group.values) & {shown(name) for name in names}:
            continue
        if kind == "themes":
            labels[group.sentence] = ngettext("Make %(num)d theme", "Make %(num)d themes", len(names))
        else:
            labels[group.sentence] = ngettext("Make %(num)d body", "Make %(num)d bodies", len(names))
    return labels


def _unknown_kind(kind: str) -> NotFound:
    kinds = ", ".join(ADDABLE_KINDS)
    return NotFound(refusal("You cannot add “{kind}” here. Use one of: {known}.", kind=kind, known=kinds))


class AddField(Struct, frozen=True):
    """A field of the form for one thing: its column, what it is called, a hint and choices, if it has any."""

    column: BundleColumn
    label: str
    hint: str
    choices: list[tuple[str, str]]
    is_long: bool


def _fields(sheet: Sheet, suggestions: Mapping[str, list[str]]) -> list[AddField]:
    return [_field(c, suggestions.get(c.name, [])) for c in sheet.columns if c.name not in NOT_ASKED]


def _field(column: BundleColumn, suggestions: list[str]) -> AddField:
    hints = [str(hint)] if (hint := ADD_HINTS.get(column.name)) else []
    hints += [_("Here: %(names)s.", names="; ".join(suggestions))] if suggestions else []
    hints += [] if column.required and column.name != "id" else [_("Optional.")]
    choices = [("yes", _("yes")), ("no", _("no"))] if column.kind == "yes_no" else []
    if isinstance(column.kind, EnumType):
        choices = code_labels(column.kind)
    text = column.original or column.name
    return AddField(column, labelled(column), " ".join(hints), choices, text in LONG_TEXTS)


def labelled(column: BundleColumn) -> str:
    """What a column is called, with its language if it holds translations."""
    label = column_label(column.original or column.name)
    return in_language(label, column.language) if column.language else label


def _suggestions(services: Services, register: str, sheet: Sheet) -> dict[str, list[str]]:
    """The names of the first things that a column may name, for the hint at its field."""
    kinds = {c.name: SUGGESTED[c.name] for c in sheet.columns if c.name in SUGGESTED}
    with services.views.connect() as db:
        at = last_applied_at(db)
        facts = {
            kind: catalogue.facts_page(db, register, kind, at, after=0, limit=MAX_SUGGESTIONS)
            for kind in set(kinds.values())
        }
    return {
        name: [localized_text(fact, "name" if kind == "body" else "title") for _place, _id, fact in facts[kind]]
        for name, kind in kinds.items()
    }


def kind_names() -> dict[str, str]:
    return {
        "publications": _("Publications"),
        "bodies": _("Bodies"),
        "themes": _("Themes"),
        "recommendations": _("Recommendations"),
        "elements": _("Parts of recommendations"),
        "developments": _("Developments"),
        "deadlines": _("Deadlines"),
    }
