"""Drafts: a saved form is restored when it is opened again, until it is sent or deleted."""

from flask import Flask, Response, g, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response as Answer

from app.entrypoints.http.guard import SIGNED_IN, allowed, page_of_form
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.services.container import Services
from app.services.drafts import drafts
from app.services.drafts.models import FILE_FIELD

SAVE_ACTION = "save_draft"
"""The action of the button that only saves the draft."""


def save_form(services: Services, user_id: int) -> bool:
    """Save the fields of this request as a draft for a person who must sign in first."""
    if not (request.endpoint or "").startswith("staff."):
        return False
    view_args = request.view_args or {}
    files = {FILE_FIELD: ["yes"]} if any(f.filename for f in request.files.values()) else {}
    g.was_kept = True
    with services.accounts.work() as db:
        return drafts.save_draft(
            db,
            user_id,
            page_of_form(),
            dict(request.form.lists()) | files,
            services.clock(),
            register=str(view_args.get("register", "")),
            about=str(view_args.get("recommendation") or view_args.get("assessment") or view_args.get("review") or ""),
        )


def add_drafts(app: Flask) -> None:
    app.extensions["save_form"] = save_form  # the guard must not import the pages it guards
    app.before_request(_load_draft)
    app.after_request(_discard_sent_draft)


@staff.post("/drafts/throw-away/")
@allowed(SIGNED_IN)
def throw_draft_away() -> Answer:
    path = request.form.get("path", "")
    with services().accounts.work() as db:
        drafts.delete_draft(db, current_user.id, path)
    return redirect(path if path.startswith("/staff/") and "\\" not in path else url_for("staff.home"))


def _load_draft() -> Answer | None:
    """Runs after the guard: loads the draft of this page, or saves the form as a draft."""
    g.draft = None
    if g.get("person") is None or not (request.endpoint or "").startswith("staff."):
        return None
    if request.method == "GET":
        with services().accounts.work() as db:
            g.draft = drafts.find_draft(db, current_user.id, page_of_form())
    elif request.form.get("action") == SAVE_ACTION and save_form(services(), current_user.id):
        return redirect(url_for("staff.home"))
    return None


def _discard_sent_draft(response: Response) -> Response:
    """Delete the draft of a form that was accepted."""
    is_sent = request.method == "POST" and not g.get("was_kept")
    if is_sent and g.get("person") and response.status_code == 302 and (request.endpoint or "").startswith("staff."):
        with services().accounts.work() as db:
            drafts.delete_draft(db, current_user.id, page_of_form())
    return response
