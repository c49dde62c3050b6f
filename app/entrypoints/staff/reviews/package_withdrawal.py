"""Withdraws the package of a frozen review, for administrators, after a page that says what happens."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, goes_back, require_confirmation
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.labels import choices, day_text
from app.presentation.i18n.source_titles import REMOVAL_REASON
from app.presentation.i18n.translation import _
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.removals.packages import withdraw_package
from app.services.shown_versions import shown_version
from app.services.snapshots.review_schedule import find_snapshot
from domain import commands as c
from domain.codes import RemovalReason
from domain.errors import Refused, refusal
from domain.ids import review_id
from projections.catalogue.entries import RegisterEntry


@staff.route("/<register:register>/reviews/<ident:review>/<day:as_of>/withdraw-package/", methods=["GET", "POST"])
@allowed("settings", fresh=True)
def withdraw_review_package(register: str, review: str, as_of: str) -> tuple[str, int] | Response:
    entry, form = register_entry(services(), register), Form().read("reason", "version")
    with services().views.connect() as db:
        plan, _snapshot = find_snapshot(db, register, review, as_of)
        version = shown_version(services(), db, review_id(register, review))
    form.show_version(version)
    if request.method == "POST":
        try:
            _withdraw(services(), current_person(), entry, review, as_of, form)
            announce(_("The package is withdrawn."))
            return redirect(url_for("staff.stocktaking", register=register, review=review, as_of=as_of))
        except Refused as refused:
            form.refuse(refused)
            form.show_version(version, refused)
    values = {"entry": entry, "plan": plan, "form": form, "reasons": choices(REMOVAL_REASON)}
    return render_template("staff/withdraw_package.html", **values), form.status


def _withdraw(services: Services, person: Person, entry: RegisterEntry, review: str, as_of: str, form: Form) -> None:
    """Asks, and withdraws the package once the person confirmed. Raises `Refused` and `ConfirmationNeeded`."""
    if form["reason"] not in list(RemovalReason):
        raise Refused(refusal("Choose a reason.", field="reason"))
    reason, version = RemovalReason(form["reason"]), form.expected_version or 0
    command = c.WithdrawPackage(entry.id, review=review, as_of=as_of, reason=reason, expected_version=version)
    if not goes_back():
        services.check_for(person, [command])
    confirmation = Confirmation(
        title=_("Withdraw the package of the review of %(day)s?", day=day_text(as_of)),
        about=_("Reason: %(reason)s", reason=REMOVAL_REASON[reason]),
        happens=(
            _("The package and all its files are deleted here, and no one can download them any more."),
            _("Its addresses, the page of the review and the record say the day and the reason."),
            _("What was frozen stays: the page of the review, its digests and its place in the log."),
            _("You cannot undo this."),
        ),
        notes=(_("Backups that were made before, and copies that others saved, still hold the package."),),
        button=_("Withdraw the package"),
    )
    require_confirmation(confirmation, entry=entry)
    withdraw_package(services, person, command)
