"""Who was asked, for staff: the addressees of a recommendation with their days, and bodies that are merged."""

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, execute_confirmed, in_public
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.name_picker import NamePicker, name_options, picker_fields
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.setup.addressee_rows import TypedAddressees, role_choices
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _, ngettext
from app.services.container import Services
from app.services.search.names import NamedFact, NameSearch
from app.services.shown_versions import shown_version
from domain.commands import AmendAddressees, MergeBodies
from domain.errors import Conflict, NotFound, Refusal, Refused, refusal, refuse
from domain.ids import recommendation_id, register_id
from domain.recommendation.aggregate import Recommendation
from domain.values import BodyMerge
from projections.addressees.queries import NOT_ASKED, asked
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at

MERGED = ("body", "into")
"""The fields of the two bodies of a merge."""
FIELDS = ("rows", "find", "pasted", "why", "version", "action", "add", "leave_out")


@staff.route("/<register:register>/recommendations/<ident:recommendation>/addressees/", methods=["GET", "POST"])
@allowed("settings")
def addressees(register: str, recommendation: str) -> tuple[str, int] | Response:
    """One row for each addressee; bodies are found by name, and rows can be pasted from a spreadsheet."""
    form, entry = Form().read(*FIELDS), register_entry(services(), register)
    with services().views.connect() as db:
        page = AddresseePage(services(), db, register, recommendation, form)
        try:
            if request.method == "POST" and not page.rows.press():
                command = page.command()
                asked = in_public(entry, _new_addressees(len(command.addressees), form["why"]))
                execute_confirmed(services(), current_person(), [command], asked, entry=entry)
                announce(_("The addressees are saved."))
                return redirect(url_for("staff.recommendation", register=register, recommendation=recommendation))
        except Refused as refused:
            if isinstance(refused, Conflict):
                del form.values["version"]  # the page shows the new one
            form.refuse(refused)
        return render_template("staff/addressees.html", entry=entry, **page.values()), form.status


@staff.route("/<register:register>/bodies/merge/", methods=["GET", "POST"])
@allowed("settings")
def merge_bodies(register: str) -> tuple[str, int] | Response:
    form, entry = (
        Form().read(*picker_fields(*MERGED), "on", "why", "version", "action"),
        register_entry(services(), register),
    )
    with services().views.connect() as db:
        search = NameSearch(db, register, last_applied_at(db))
        version = shown_version(services(), db, register_id(register))
        form.show_version(version)
        pickers = {field: NamePicker(form, field, search) for field in MERGED}
        if request.method == "POST" and not any(picker.is_finding for picker in pickers.values()):
            try:
                merge, body, into = _read_merge(form, pickers)
                command = MergeBodies(register, merge=merge, expected_version=form.expected_version or 0)
                asked = _merge(body, into, merge.why, is_open=entry.is_open)
                execute_confirmed(services(), current_person(), [command], asked, entry=entry)
                announce(_("The bodies are merged."))
                return redirect(url_for("staff.facts", register=register, kind="bodies"))
            except Refused as refused:
                form.refuse(refused)
                form.show_version(version, refused)
        options = {field: picker.options() for field, picker in pickers.items()}
    return render_template("staff/merge_bodies.html", entry=entry, options=options, form=form), form.status


def _read_merge(form: Form, pickers: Mapping[str, NamePicker]) -> tuple[BodyMerge, str, str]:
    """The merge, and the names of both bodies. Raises `Refused` with everything that is wrong."""
    problems, found, on = list[Refusal](), dict[str, NamedFact](), ""
    for field, picker in pickers.items():
        try:
            if match := picker.read():
                found[field] = match.fact
            else:
                problems.append(refusal("Choose a body.", field=field))
        except Refused as refused:
            problems += refused.refusals
    try:
        on = form.day("on")
    except Refused as refused:
        problems += refused.refusals
    refuse(problems)
    body, into = found["body"], found["into"]
    merge = BodyMerge(body=body.id, into=into.id, on=on, why=form["why"])
    return merge, localized_text(body, "name"), localized_text(into, "name")


def _new_addressees(count: int, why: str) -> Confirmation:
    return Confirmation(
        title=_("Change who was asked?"),
        about=_("Reason: %(reason)s", reason=why),
        happens=(
            ngettext("%(num)d addressee is recorded.", "%(num)d addressees are recorded.", count),
            _("Everyone can read the change and its reason at once. The scorecards of these bodies follow."),
            _("Pages as known before keep the earlier addressees."),
        ),
        button=_("Change the addressees"),
    )


def _merge(body: str, into: str, why: str, *, is_open: bool) -> Confirmation:
    seen = _("Everyone can read it with your reason, and pages as known before stay as they were.")
    return Confirmation(
        title=_("Merge “%(body)s” into “%(into)s”?", body=body, into=into),
        about=_("Reason: %(reason)s", reason=why),
        happens=(
            _("What was asked of “%(body)s” counts for “%(into)s”.", body=body, into=into),
            seen if is_open else _("This register is not public, so only staff see it."),
            _("You cannot undo it."),
        ),
        button=_("Merge the bodies"),
    )


class AddresseePage:
    """The form of the addressees of a recommendation. Raises `NotFound`."""

    def __init__(self, services: Services, db: Connection, register: str, recommendation: str, form: Form) -> None:
        self.form, self._register = form, register
        known_at = last_applied_at(db)
        found = catalogue.recommendation(db, register, recommendation, known_at)
        if found is None:
            raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
        self.facts, self._search = found.facts, NameSearch(db, register, known_at)
        entries = catalogue.elements(db, register, known_at, recommendation)
        self.elements = {entry.element.id: entry.element for entry in entries}
        self.rows = TypedAddressees(form, self._search, self.elements)
        if "rows" not in form.values:
            of = asked(db, register, known_at, [recommendation]).get(recommendation, NOT_ASKED)
            self.rows.fill(of.rows or of.of())
        aggregate = services.tracker.load(Recommendation, recommendation_id(register, recommendation))
        self._version = str(aggregate.version)
        form.values.setdefault("version", self._version)

    def command(self) -> AmendAddressees:
        return AmendAddressees(
            self._register,
            recommendation=self.facts.id,
            addressees=self.rows.read(),
            why=self.form["why"],
            expected_version=self.form.expected_version or 0,
        )

    def values(self) -> dict[str, object]:
        """Returns the template values."""
        self.form.values.setdefault("version", self._version)
        return {
            "facts": self.facts,
            "rows": range(self.rows.count),
            "roles": role_choices(),
            "elements": [(e.id, localized_text(e, "title")) for e in self.elements.values()],
            "options": name_options(self._search, self._search.matches(self.form["find"]) if self.form["find"] else []),
            "form": self.form,
        }
