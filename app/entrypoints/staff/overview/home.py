"""The home page: open tasks, due assessments, coming reviews and recent activity of others."""

from flask import render_template

from app.entrypoints.http.guard import SIGNED_IN, allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.overview.recent_activity import others_today
from app.services.inbox.inbox import inboxes_of
from app.services.mapping.drafts import imports_of

MAX_PER_KIND = 8
"""How many tasks of each kind are shown here; the register's own pages list all."""


@staff.get("/")
@allowed(SIGNED_IN)
def home() -> str:
    container, person = services(), current_person()
    waiting = list(inboxes_of(container, person))
    with container.views.connect() as db:
        today = {w.entry.id: others_today(container, person, db, w.entry, container.clock()) for w in waiting}
    with container.accounts.work() as accounts:
        begun = [kept for kept in imports_of(accounts, person.id, container.clock()) if kept.is_open]
    return render_template("staff/home.html", waiting=waiting, today=today, most=MAX_PER_KIND, begun=begun)
