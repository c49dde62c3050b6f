"""The page that begins an import: where it goes, and a file or pasted cells."""

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import SIGNED_IN, allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.spreadsheet.beginning import begin, may_make_registers, read_upload, registers_to_choose
from app.entrypoints.staff.spreadsheet.steps import step_address
from app.presentation.i18n.localize import localized_text
from app.services.accounts.permissions import ALL_REGISTERS
from app.services.mapping import drafts
from domain.errors import Refused


@staff.route("/spreadsheet/", methods=["GET", "POST"])
@allowed(SIGNED_IN)
def spreadsheet() -> tuple[str, int] | Response:
    """Begin with a file for a new register, or for one that the person may set up."""
    person, form = current_person(), Form(register=request.args.get("register", "")).read("register", "pasted")
    entries, may_make = registers_to_choose(services(), person), may_make_registers(person)
    if not entries:
        person.require("settings", ALL_REGISTERS)
    if not may_make and not form["register"]:
        form.values["register"] = entries[0].id
    if request.method == "POST":
        try:
            workbook, content = read_upload()
            number = begin(services(), person, form["register"], workbook, content)
            return redirect(step_address(number, "file"))
        except Refused as refused:
            form.refuse(refused)
    with services().accounts.work() as db:
        begun = [kept for kept in drafts.imports_of(db, person.id, services().clock()) if kept.is_open]
    page = render_template(
        "staff/spreadsheet/begin.html",
        form=form,
        registers=[(entry.id, localized_text(entry.settings, "title")) for entry in entries],
        may_make=may_make,
        begun=begun,
    )
    return page, form.status
