"""Withdrawing what is published, with the reason that the public reads."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.guard import allowed, current_person
from app.staff.blueprint import staff
from app.staff.forms import Form
from app.web.asking import applied
from app.web.services import services
from domain import commands as c
from domain.errors import NotFound, Refused, say
from domain.facts import Assessment
from domain.recommendation.events import AssessmentPublished, AssessmentWithdrawn
from projections.catalogue import queries as catalogue
from projections.timeline import queries as timeline


@staff.route("/<register:register>/assessments/<ident:assessment>/withdraw/", methods=["GET", "POST"])
@allowed("withdraw")
def withdraw(register: str, assessment: str) -> tuple[str, int] | Response:
    with services().views.connect() as db:
        events = timeline.of_assessment(db, register, assessment)
        published = next((e for e in events if isinstance(e.event, AssessmentPublished)), None)
        if published is None or any(isinstance(e.event, AssessmentWithdrawn) for e in events):
            raise NotFound(say("“{id}” is not published, or it is withdrawn already.", id=assessment))
        facts = catalogue.recommendation(db, register, published.recommendation, applied(db))
        others = _replacements(timeline.of_recommendation(db, register, published.recommendation), assessment)
    form = Form().read("reason", "replaced_by")
    if request.method == "POST":
        command = c.WithdrawAssessment(
            register,
            recommendation=published.recommendation,
            assessment=assessment,
            reason=form["reason"],
            replaced_by=form["replaced_by"],
        )
        try:
            services().execute(command, by=current_person().id)
            return redirect(url_for("staff.desk", register=register))
        except Refused as refused:
            form.refuse(refused)
    page = render_template(
        "staff/withdraw.html",
        register=register,
        facts=facts.facts if facts else None,
        assessment=published.event.assessment,  # type: ignore[attr-defined]
        others=others,
        form=form,
    )
    return page, form.status


def _replacements(events: list[timeline.Entry], but: str) -> list[Assessment]:
    """Published assessments of the same recommendation that still hold, newest first."""
    gone = {e.event.assessment for e in events if isinstance(e.event, AssessmentWithdrawn)}
    found = [e.event.assessment for e in events if isinstance(e.event, AssessmentPublished)]
    return [a for a in reversed(found) if a.id not in gone and a.id != but]
