"""The home page: what waits for a person, what was begun, and recent activity of others."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import SIGNED_IN, allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.overview.home_page import HomePage
from app.entrypoints.staff.overview.notices import NOTICES_ON_HOME, read_notices
from app.entrypoints.staff.overview.recent_activity import others_today
from app.services.accounts.permissions import ALL_REGISTERS
from app.services.inbox.inbox import inboxes_of
from app.services.inbox.workspace import first_to_review, workspace_of
from app.services.mapping.drafts import imports_of
from app.services.operations.backups.runs import backup_status


@staff.get("/")
@allowed(SIGNED_IN)
def home() -> str:
    container, person = services(), current_person()
    inboxes = list(inboxes_of(container, person))
    with container.views.connect() as db:
        activity = {i.entry.id: others_today(container, person, db, i.entry, container.clock()) for i in inboxes}
    with container.accounts.work() as accounts:
        imports = [begun for begun in imports_of(accounts, person.id, container.clock()) if begun.is_open]
    page = HomePage(inboxes, imports, activity, container.clock())
    notices = read_notices(container, person, limit=NOTICES_ON_HOME)
    backups = backup_status(container) if person.may("settings", ALL_REGISTERS) else None
    return render_template("staff/home.html", page=page, notices=notices, backups=backups)


@staff.get("/registers/to-review/")
@allowed(SIGNED_IN)
def review_first() -> Response:
    """Leads to the proposal that has waited longest for this person."""
    found = first_to_review(services(), current_person())
    if found is None:
        return redirect(url_for("staff.home"))
    register, assessment = found
    return redirect(url_for("staff.proposal", register=register, assessment=assessment))


@staff.get("/registers/")
@allowed(SIGNED_IN)
def registers() -> str:
    """The registers of a person, to choose one."""
    workspace = workspace_of(services(), current_person())
    return render_template("staff/registers.html", registers=workspace.registers)
