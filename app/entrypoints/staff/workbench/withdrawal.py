"""Withdraws a whole recommendation that was entered by mistake."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, execute_confirmed
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.setup.registers import register_entry
from app.entrypoints.staff.workbench.recommendation_facts import find_recommendation
from app.presentation.i18n.translation import _
from app.services.shown_versions import shown_version
from domain.commands import WithdrawRecommendation
from domain.errors import Refused
from domain.ids import recommendation_id


@staff.route("/<register:register>/recommendations/<ident:recommendation>/withdraw/", methods=["GET", "POST"])
@allowed("withdraw")
def withdraw_recommendation(register: str, recommendation: str) -> tuple[str, int] | Response:
    form, entry = Form().read("reason", "version"), register_entry(services(), register)
    with services().views.connect() as db:
        facts = find_recommendation(db, register, recommendation)
        version = shown_version(services(), db, recommendation_id(register, recommendation))
    form.show_version(version)
    if request.method == "POST":
        command = WithdrawRecommendation(
            register,
            recommendation=recommendation,
            reason=form["reason"],
            expected_version=form.expected_version or 0,
        )
        try:
            execute_confirmed(services(), current_person(), [command], _withdrawal(form["reason"]), entry=entry)
            announce(_("The recommendation is withdrawn."), _("The reason is on the public page of corrections."))
            return redirect(url_for("staff.desk", register=register))
        except Refused as refused:
            form.refuse(refused)
            form.show_version(version, refused)
    return render_template("staff/withdraw_recommendation.html", entry=entry, facts=facts, form=form), form.status


def _withdrawal(reason: str) -> Confirmation:
    return Confirmation(
        title=_("Withdraw this recommendation?"),
        about=_("Reason: %(reason)s", reason=reason),
        happens=(
            _("It leaves every scorecard from now on. Scorecards as known before keep it."),
            _("Its page stays and says that it was withdrawn, with your reason, which everyone can read."),
            _("You cannot undo it."),
        ),
        button=_("Withdraw the recommendation"),
    )
