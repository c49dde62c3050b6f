"""The overview of a register for staff: each recommendation with its status, age and actions."""

from flask import render_template

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.hidden_proposals import blindness
from app.presentation.i18n.ordering import ItemOrder
from app.services.accounts.assignments import open_assignments
from app.services.comments.conversation import count_comments
from domain.errors import NotFound, refusal
from domain.times import day_in
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.scorecards.queries import standings
from projections.scorecards.results import TimePair
from projections.worklist.queries import open_proposals


@staff.get("/<register:register>/")
@allowed("read")
def desk(register: str) -> str:
    with services().views.connect() as db:
        entry = catalogue.register(db, register)
        if entry is None:
            raise NotFound(refusal("There is no register “{register}” here.", register=register))
        known_at = last_applied_at(db)
        today = day_in(entry.settings.time_zone, services().clock())
        facts = catalogue.recommendations(db, register, known_at)
        order = ItemOrder({i: e.facts for i, e in facts.items()}, catalogue.themes(db, register, known_at))
        facts = {i: facts[i] for i in order.sort(facts)}
        standing_by_id = standings(db, register, TimePair(today, known_at))
        hides = blindness(services(), current_person(), register).hides
        waiting = {p.recommendation for p in open_proposals(db, register) if not hides(p)}
        elements = {e.recommendation for e in catalogue.elements(db, register, known_at)}
        with services().accounts.work() as accounts:
            comment_counts = count_comments(accounts, register)
            assignees = {a.recommendation: a.name for a in open_assignments(accounts, db, register)}
    return render_template(
        "staff/register_overview.html",
        entry=entry,
        standings=standing_by_id,
        facts=facts,
        waiting=waiting,
        elements=elements,
        today=today,
        comments=comment_counts,
        assignees=assignees,
    )
