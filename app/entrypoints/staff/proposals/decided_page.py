"""The page of a proposal after its decision: what was decided, by whom, why, and the text that it was about."""

from flask import render_template

from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.source_titles import source_title
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.inbox.decided import decisions_on
from app.services.sources import sources_by_id
from domain.errors import NotFound, refusal
from projections.assessments import queries as assessments
from projections.assessments.decisions import DecisionKind
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at


def decided_page(services: Services, person: Person, register: str, assessment: str, form: Form, status: int) -> str:
    """`status` is 409 if a decision was sent that came too late. Raises `NotFound` if there was no decision."""
    decisions = decisions_on(services, person, register, assessment)
    if not decisions:
        raise NotFound(
            refusal("There is no open proposal “{id}”. It may have been published or declined.", id=assessment)
        )
    last = decisions[-1]
    is_declined = last.decision is DecisionKind.DECLINED
    with services.views.connect() as db:
        known_at = last_applied_at(db)
        recommendation = catalogue.recommendation(db, register, last.recommendation, known_at)
        published = assessments.publication(db, register, assessment)
        sources = sources_by_id(services, db, register, set(last.assessment.evidence))
        parts = {e.element.id: e.element for e in catalogue.elements(db, register, known_at, last.recommendation)}
    return render_template(
        "staff/decided.html",
        entry=register_entry(services, register),
        facts=recommendation.facts if recommendation else None,
        element=parts.get(last.assessment.element),
        decisions=decisions,
        last=last,
        titles={e.id: source_title(e) for e in sources.values()},
        is_late=status == 409,
        is_withdrawn=published is not None and bool(published.withdrawal),
        may_withdraw=published is not None and not published.withdrawal and person.may("withdraw", register),
        may_propose=is_declined and recommendation is not None and person.may("propose", register),
        form=form,
    )
