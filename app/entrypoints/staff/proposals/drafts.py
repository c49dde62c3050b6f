"""Drafts: a saved form is restored when it is opened again, until it is sent or deleted."""

from datetime import datetime

from flask import Flask, Response, abort, g, jsonify, redirect, request, url_for
from flask_security import current_user
from msgspec import Struct
from werkzeug.wrappers import Response as Answer

from app.entrypoints.http.guard import PAGE_FIELD, SIGNED_IN, allowed, is_staff_page, page_of_form
from app.entrypoints.http.services import services
from app.entrypoints.staff.accepted_forms import is_accepted
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.clock import page_zone
from app.entrypoints.staff.outcomes import announce
from app.presentation.i18n.clock import clock_time
from app.presentation.i18n.labels import day_text
from app.presentation.i18n.translation import _
from app.services.container import Services
from app.services.drafts import drafts, kept_forms
from app.services.drafts.models import FILE_FIELD
from domain.times import day_in

SAVE_AND_LEAVE, SAVE_NOW, AUTOSAVE = "save_draft", "save_now", "autosave"
"""The actions that only save the draft: one leads to Home, one back to the form, one answers the script of the page."""
SAVE_ACTIONS = (SAVE_AND_LEAVE, SAVE_NOW, AUTOSAVE)


NOT_TYPED = {"version", "assessment", "page", "element", "list", "everything", "digest", "saved"}
"""Hidden fields, which a page fills in."""
PARTIAL_ACTION = "beside"
"""The action of the script that asks for the sidebar. It sends a part of the form, which never replaces all of it."""


class _SentForm(Struct, frozen=True):
    """The form of this request and the page that it belongs to."""

    path: str
    fields: dict[str, list[str]]
    register: str
    about: str


def save_form(services: Services, user_id: int) -> bool:
    """Save the fields of this request as a draft for a person who must confirm their identity first."""
    form = _sent_form()
    if form is None:
        return False
    with services.accounts.work() as db:
        now = services.clock()
        return drafts.save_draft(db, user_id, form.path, form.fields, now, register=form.register, about=form.about)


def keep_form(services: Services, secret: str) -> bool:
    """Keep the fields of this request until the person whose login session ended signs in again in this browser."""
    form = _sent_form()
    if form is None:
        return False
    with services.accounts.work() as db:
        now = services.clock()
        return kept_forms.keep_form(db, secret, form.path, form.fields, now, register=form.register, about=form.about)


def _sent_form() -> _SentForm | None:
    if not (request.endpoint or "").startswith("staff.") or request.form.get("action") == PARTIAL_ACTION:
        return None
    files = {FILE_FIELD: ["yes"]} if any(f.filename for f in request.files.values()) else {}
    g.was_kept = True
    return _form_of_page(dict(request.form.lists()) | files)


def _form_of_page(fields: dict[str, list[str]]) -> _SentForm:
    view_args = request.view_args or {}
    about = str(view_args.get("recommendation") or view_args.get("assessment") or view_args.get("review") or "")
    return _SentForm(page_of_form(), fields, str(view_args.get("register", "")), about)


def add_drafts(app: Flask) -> None:
    app.extensions["save_form"] = save_form  # the guard must not import the pages it guards
    app.jinja_env.globals["saved_text"] = saved_text
    app.jinja_env.globals["shown_page"] = shown_page
    app.extensions["keep_form"] = keep_form
    app.before_request(_load_draft)
    app.after_request(_discard_sent_draft)


@staff.post("/drafts/throw-away/")
@allowed(SIGNED_IN)
def throw_draft_away() -> Answer:
    path = request.form.get("path", "")
    with services().accounts.work() as db:
        drafts.delete_draft(db, current_user.id, path)
    return redirect(path if is_staff_page(path) else url_for("staff.home"))


def _load_draft() -> Answer | None:
    """Runs after the guard: loads the draft of this page, or saves the form as a draft."""
    g.draft = None
    if g.get("person") is None or not (request.endpoint or "").startswith("staff."):
        return None
    if request.method == "GET":
        with services().accounts.work() as db:
            g.draft = drafts.find_draft(db, current_user.id, page_of_form())
    elif request.form.get("action") in SAVE_ACTIONS:
        return _save(services(), request.form["action"])
    return None


def _save(services: Services, action: str) -> Answer:
    """Saves the draft and never runs the view of the page, so that saving decides nothing."""
    if not save_form(services, current_user.id):
        abort(413, _("This is too long to save as a draft. Send it, or shorten it."))
    if action == AUTOSAVE:
        return jsonify(saved=saved_text(services.clock()))
    if action == SAVE_AND_LEAVE:
        announce(_("Your draft is saved"), _("Nothing was sent or decided. It is on top of Home."))
        return redirect(url_for("staff.home"))
    return redirect(page_of_form())


def saved_text(at: datetime) -> str:
    """When a draft was saved, on the clock of the page."""
    zone, now = page_zone(), services().clock()
    time, day = clock_time(at, zone), day_in(zone, at)
    if day == day_in(zone, now):
        return _("Saved %(time)s", time=time)
    return _("Saved on %(day)s, %(time)s", day=day_text(day.isoformat()), time=time)


def shown_page(page: str) -> str:
    """The address of the page whose form is shown with all that was typed: the given one, or that of this request."""
    g.shown_page = page or page_of_form()
    return str(g.shown_page)


def _discard_sent_draft(response: Response) -> Response:
    """Delete the draft of a form that was accepted; keep what was typed on its page for another button."""
    accepted = is_accepted(response)
    if accepted or _is_page_hidden():
        form = _form_of_page(_fields_of_other_buttons())
        with services().accounts.work() as db:
            if PAGE_FIELD in request.form and _is_typed(form.fields):
                now, about = services().clock(), {"register": form.register, "about": form.about}
                drafts.save_draft(db, current_user.id, form.path, form.fields, now, **about)
            elif accepted:
                drafts.delete_draft(db, current_user.id, form.path)
    return response


def _is_page_hidden() -> bool:
    """Whether a form of a whole page was answered with another page, which does not show what was typed."""
    if g.get("person") is None or g.get("was_kept") or PAGE_FIELD not in request.form:
        return False
    return bool(g.get("shown_page") != page_of_form())


def _fields_of_other_buttons() -> dict[str, list[str]]:
    """The fields of this request that its view did not read."""
    read = g.get("read_names", set())
    files = {FILE_FIELD: ["yes"]} if any(f.filename for name, f in request.files.items() if name not in read) else {}
    return {n: texts for n, texts in request.form.lists() if n not in read - NOT_TYPED} | files


def _is_typed(fields: dict[str, list[str]]) -> bool:
    """Whether one of the fields differs from what the page showed at first."""
    return any(
        [t.replace("\r\n", "\n").strip() for t in texts if t.strip()]
        != [t.replace("\r\n", "\n").strip() for t in request.form.getlist(drafts.BEFORE_TYPING + name) if t.strip()]
        for name, texts in fields.items()
        if name not in NOT_TYPED | drafts.UNSAVED_FIELDS and not name.startswith(drafts.BEFORE_TYPING)
    )
