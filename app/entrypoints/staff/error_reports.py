"""The errors that readers reported in a register: read, closed, opened again and deleted."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.query_params import read_page_number, read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, require_confirmation
from app.entrypoints.staff.outcomes import Undo, announce
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.translation import _
from app.services.error_reports import handling
from app.services.error_reports.handling import REPORTS_PER_PAGE
from domain.errors import Refused
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at


@staff.get("/<register:register>/error-reports/")
@allowed("propose")
def error_reports(register: str) -> str:
    parameters, entry, container = read_parameters("show", "page"), register_entry(services(), register), services()
    is_closed = parameters.get("show") == "closed"
    with container.accounts.work() as db:
        _rows, total = handling.list_reports(db, register, is_closed=is_closed, limit=0)
        pages = max(1, -(-total // REPORTS_PER_PAGE))
        number = read_page_number(parameters, pages)
        reports, _total = handling.list_reports(db, register, is_closed=is_closed, skip=(number - 1) * REPORTS_PER_PAGE)
        contacts = handling.contacts_of(db, reports) if current_person().may("publish", register) else {}
    with container.views.connect() as db:
        about = {report.recommendation for report in reports if report.recommendation}
        facts = catalogue.recommendations_of(db, register, last_applied_at(db), about)
    return render_template(
        "staff/error_reports.html",
        entry=entry,
        reports=reports,
        contacts=contacts,
        facts={ident: found.facts for ident, found in facts.items()},
        is_closed=is_closed,
        total=total,
        number=number,
        pages=pages,
    )


@staff.post("/<register:register>/error-reports/<number:number>/close/")
@allowed("propose")
def close_error_report(register: str, number: int) -> Response:
    container = services()
    with container.accounts.work() as db:
        handling.close_report(db, register, number, current_person().id, container.clock())
    undo = Undo(url_for("staff.reopen_error_report", register=register, number=number), _("Open it again"))
    announce(_("The report is closed."), undo=undo)
    return redirect(url_for("staff.error_reports", register=register))


@staff.post("/<register:register>/error-reports/<number:number>/reopen/")
@allowed("propose")
def reopen_error_report(register: str, number: int) -> Response:
    with services().accounts.work() as db:
        handling.reopen_report(db, register, number)
    announce(_("The report is open again."))
    return redirect(url_for("staff.error_reports", register=register))


@staff.post("/<register:register>/error-reports/<number:number>/delete/")
@allowed("publish")
def delete_error_report(register: str, number: int) -> Response:
    """Delete a report, or only the address that the reader left."""
    is_contact = request.form.get("what") == "contact"
    title = _("Delete the e-mail address of the reader?") if is_contact else _("Delete the report?")
    happens = _("No one can answer the reader then.") if is_contact else _("Its text and the e-mail address are gone.")
    question = Confirmation(title=title, happens=(happens, _("This cannot be undone.")), button=_("Delete"))
    try:
        require_confirmation(question, entry=register_entry(services(), register))
    except Refused:  # the person went back
        return redirect(url_for("staff.error_reports", register=register))
    with services().accounts.work() as db:
        if is_contact:
            handling.delete_contact(db, register, number)
            announce(_("The e-mail address is deleted."))
        else:
            handling.delete_report(db, register, number)
            announce(_("The report is deleted, with the e-mail address."))
    return redirect(url_for("staff.error_reports", register=register))
