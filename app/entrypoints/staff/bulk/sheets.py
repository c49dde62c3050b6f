"""Spreadsheet pages: download a sheet, upload it filled in, check it, propose all rows."""

from flask import Response as Download
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.http.streamed_files import in_this_context
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.bulk.sheet_check import CheckedSheet, check_rows
from app.entrypoints.staff.bulk.sheet_rows import MAX_FILE_BYTES, build_sheet, read_rows
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.translation import _
from app.services.accounts.actors import Person
from app.services.container import Services
from domain.errors import Refused, refusal
from projections.catalogue.entries import RegisterEntry
from projections.engine.position import last_applied_at

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff.get("/<register:register>/sheet/assessments.xlsx")
@allowed("propose")
def download_sheet(register: str) -> Download:
    entry = register_entry(services(), register)
    with services().views.connect() as db:
        known_at = last_applied_at(db)
    answer = Download(in_this_context(build_sheet(services(), entry, known_at)), content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{register}-assessments.xlsx"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@staff.route("/<register:register>/sheet/", methods=["GET", "POST"])
@allowed("propose")
def sheet(register: str) -> tuple[str, int] | Response:
    """Checks an uploaded sheet; proposes its rows if that button was pressed and all are valid."""
    entry, form, check = register_entry(services(), register), Form().read("action"), None
    if request.method == "POST":
        try:
            check = _check_upload(services(), current_person(), entry)
            if not check.is_fit:
                form.add("file", _("Correct the rows listed below, and upload the sheet again."))
            elif form["action"] == "propose":
                services().execute_all_for(current_person(), check.commands)
                return redirect(url_for("staff.home"))
        except Refused as refused:
            form.refuse(refused)
    return render_template("staff/sheet.html", entry=entry, form=form, check=check), form.status


def _check_upload(services: Services, person: Person, entry: RegisterEntry) -> CheckedSheet:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refused(refusal("Choose a file first.", field="file"))
    return check_rows(services, person, entry, read_rows(file.filename, file.read(MAX_FILE_BYTES + 1)))
