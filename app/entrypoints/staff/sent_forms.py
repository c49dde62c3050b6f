"""A form that a browser sends again (a double click, a reload, a page from the history) is carried out once.

Each form has an id, made when its page is shown. The same id with the same content is the same form; its second sending
leads to where the first one led. While one is carried out, its process holds a lock that ends with the process, so that
neither a slow form nor a stopped server lets it be carried out twice.
"""

from contextlib import ExitStack
from hashlib import sha256
from secrets import token_hex
from time import sleep

import msgspec
from flask import Flask, Response, g, redirect, request, session
from flask_security import current_user
from msgspec import Struct
from werkzeug.wrappers import Response as Answer

from app.adapters.process_lock import process_lock
from app.entrypoints.http.guard import page_of_form
from app.entrypoints.http.services import services
from app.entrypoints.staff.accepted_forms import is_accepted
from app.entrypoints.staff.clock import page_zone
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.proposals.drafts import PARTIAL_ACTION
from app.presentation.i18n.clock import clock_time
from app.presentation.i18n.labels import day_text
from app.presentation.i18n.translation import _
from app.services.container import Services
from app.services.drafts import sent_forms
from app.services.drafts.models import SentForm
from domain.times import day_in

FORM_ID = "form_id"
_FLASHES = "_flashes"
_NOT_CONTENT = ("csrf_token", FORM_ID)
_WAIT_SECONDS, _WAITS = 0.1, 100
_DOUBLE_CLICK_SECONDS = 10
"""Within this time the answer is that of the first sending, with its banner."""


class SentAnswer(Struct, frozen=True):
    """Where an accepted form led, with its banners. A page that shows something once has no banner for later."""

    address: str
    banners: list[tuple[str, object]] = []
    shows_once: bool = False


def add_sent_forms(app: Flask) -> None:
    """Runs after drafts are handled: a form that only saves a draft may be sent often."""
    app.jinja_env.globals[FORM_ID] = form_id
    app.before_request(_answer_again)
    app.after_request(_finish)
    app.teardown_request(_release)


def form_id() -> str:
    """The id of the forms of this page. A page that is shown again with errors keeps the one that was sent."""
    if g.get("person") is None:
        return ""
    sent = "" if g.get("is_accepted") else request.form.get(FORM_ID, "")
    g.form_id = g.get("form_id") or sent or token_hex(8)
    return str(g.form_id)


def _answer_again() -> Answer | None:
    is_of_staff = g.get("person") is not None and (request.endpoint or "").startswith("staff.")
    if request.method != "POST" or not is_of_staff or not request.form.get(FORM_ID):
        return None
    if request.form.get("action") == PARTIAL_ACTION:
        return None
    key = _key_of_form()
    if not _take(services(), key):
        g.was_kept = True
        announce(_("This form is still being carried out"), _("Look again in a minute."))
        return redirect(page_of_form())
    with services().accounts.work() as db:
        earlier = sent_forms.find_sent_form(db, key)
    if earlier is None:
        g.sent_form = key, current_user.id
        return None
    g.was_kept = True  # a draft that was saved since then stays
    return _lead_on(services(), earlier)


def _key_of_form() -> str:
    """Names the form: its id, the person, the address, and everything that was typed."""
    digest = sha256(f"{current_user.id} {request.form[FORM_ID]} {request.full_path}".encode())
    digest.update(msgspec.json.encode([(n, v) for n, v in request.form.items(multi=True) if n not in _NOT_CONTENT]))
    for file in request.files.values():
        while part := file.stream.read(2**20):
            digest.update(part)
        file.stream.seek(0)
    return digest.hexdigest()


def _take(services: Services, key: str) -> bool:
    """Hold the lock of a form until the request ends; returns False if another request still carries the form out."""
    for _turn in range(_WAITS):
        with ExitStack() as stack:
            if stack.enter_context(process_lock(services.settings, f"form-{key}")):
                g.form_lock = stack.pop_all()
                return True
        sleep(_WAIT_SECONDS)
    return False


def _release(_error: BaseException | None) -> None:
    if lock := g.pop("form_lock", None):
        lock.close()


def _lead_on(services: Services, earlier: SentForm) -> Answer:
    answer = msgspec.json.decode(earlier.answer, type=SentAnswer)
    if answer.banners and (services.clock() - earlier.sent_at).total_seconds() <= _DOUBLE_CLICK_SECONDS:
        session[_FLASHES] = answer.banners
        return redirect(answer.address)
    zone = page_zone()
    day, time = day_in(zone, earlier.sent_at), clock_time(earlier.sent_at, zone)
    details = [_("Nothing was done a second time.")]
    if answer.shows_once:
        details.append(_("What was shown once is not shown again. Make a new one if you did not copy it."))
    if day == day_in(zone, services.clock()):
        announce(_("You sent this form at %(time)s already", time=time), *details)
    else:
        announce(_("You sent this form on %(day)s already", day=day_text(day.isoformat())), *details)
    return redirect(answer.address)


def _finish(response: Response) -> Response:
    key, user_id = g.pop("sent_form", ("", 0))
    if key and is_accepted(response):
        with services().accounts.work() as db:
            sent_forms.keep_sent_form(db, user_id, key, _answer_of(response), services().clock())
    return response


def _answer_of(response: Response) -> str:
    shows_once = response.status_code != 302
    address = page_of_form() if shows_once else str(response.location)
    banners = [] if shows_once else session.get(_FLASHES, [])
    return msgspec.json.encode(SentAnswer(address, banners, shows_once)).decode()
