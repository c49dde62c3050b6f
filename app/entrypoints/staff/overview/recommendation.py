"""One recommendation for staff: its public history, open proposals and actions, such as withdrawing it."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.hidden_proposals import blindness
from app.entrypoints.staff.setup.registers import register_entry
from app.services.accounts.people import Person
from app.services.comments.conversation import count_comments
from app.services.container import Services
from domain.commands import WithdrawRecommendation
from domain.errors import NotFound, Refused, refusal
from domain.times import day_in, first_day
from projections.assessments import queries as assessments
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.responses import queries as responses
from projections.scorecards.queries import standings
from projections.scorecards.results import TimePair
from projections.worklist.queries import open_proposals, proposed_responses


@staff.get("/<register:register>/recommendations/<ident:recommendation>/")
@allowed("read")
def recommendation(register: str, recommendation: str) -> tuple[str, int]:
    return _page(services(), current_person(), register, recommendation, Form())


@staff.post("/<register:register>/recommendations/<ident:recommendation>/withdraw/")
@allowed("withdraw")
def withdraw_recommendation(register: str, recommendation: str) -> tuple[str, int] | Response:
    form = Form().read("reason")
    try:
        command = WithdrawRecommendation(register, recommendation=recommendation, reason=form["reason"])
        services().execute_for(current_person(), command)
    except Refused as refused:
        form.refuse(refused)
        return _page(services(), current_person(), register, recommendation, form)
    return redirect(url_for("staff.desk", register=register))


def _page(services: Services, person: Person, register: str, recommendation: str, form: Form) -> tuple[str, int]:
    entry = register_entry(services, register)
    with services.views.connect() as db:
        known_at = last_applied_at(db)
        recommendation_entry = catalogue.recommendation(db, register, recommendation, known_at)
        if recommendation_entry is None:
            raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
        pair = TimePair(day_in(entry.settings.time_zone, services.clock()), known_at)
        elements = {e.element.id: e.element for e in catalogue.elements(db, register, known_at, recommendation)}
        published = assessments.of_recommendation(db, register, recommendation)
        hides = blindness(services, person, register).hides
        waiting = [p for p in open_proposals(db, register, recommendation) if not hides(p)]
        waiting_responses = proposed_responses(db, register, recommendation)
        said = responses.of_recommendation(db, register, recommendation, pair.as_of, known_at)
        standing = standings(db, register, pair, recommendation).get(recommendation)
    with services.accounts.work() as accounts:
        comments = count_comments(accounts, register).get(recommendation, 0)
    page = render_template(
        "staff/recommendation.html",
        entry=entry,
        facts=recommendation_entry.facts,
        elements=elements,
        standing=standing,
        published=sorted(published, key=lambda p: first_day(p.assessment.effective_on), reverse=True),
        waiting=waiting,
        waiting_responses=waiting_responses,
        responses=said,
        comments=comments,
        form=form,
    )
    return page, form.status
