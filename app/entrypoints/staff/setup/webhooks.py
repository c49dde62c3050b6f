"""Webhooks of a register: create, inspect, stop and restart."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.adapters.outgoing_post import PRIVATE, UNKNOWN, UNUSABLE
from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.accepted_forms import mark_sent
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.translation import _
from app.services.webhooks import subscriptions
from app.services.webhooks.models import DeliveryAttempt, Webhook
from app.services.webhooks.signatures import secret_of
from domain.errors import Refused

MAX_ATTEMPTS_SHOWN = 100


@staff.route("/<register:register>/webhooks/", methods=["GET", "POST"])
@allowed("settings")
def webhooks(register: str) -> tuple[str, int]:
    """Lists the webhooks; a new one's secret is shown once, in the response."""
    container, entry, form, secret = services(), register_entry(services(), register), Form().read("url"), ""
    with container.accounts.work() as db:
        if request.method == "POST":
            by, after = current_person().id, container.views.position().count
            try:
                created_hook = subscriptions.add_webhook(
                    db, container.settings, register, form["url"], by=by, after=after, now=container.clock()
                )
                secret, form = secret_of(container.settings, created_hook.seed), Form()
                db.flush()
                mark_sent()
            except Refused as refused:
                form.refuse(refused)
        hooks = [
            (hook, next(iter(subscriptions.attempts(db, hook, 1)), None))
            for hook in subscriptions.webhooks_of(db, register)
        ]
    page = render_template(
        "staff/webhooks.html", entry=entry, hooks=hooks, form=form, secret=secret, outcome=_outcome, state=_state
    )
    return page, form.status


@staff.get("/<register:register>/webhooks/<number:number>/")
@allowed("settings")
def webhook(register: str, number: int) -> str:
    """Shows one webhook with its deliveries."""
    entry = register_entry(services(), register)
    with services().accounts.work() as db:
        hook = subscriptions.find_webhook(db, register, number)
        attempts = subscriptions.attempts(db, hook, MAX_ATTEMPTS_SHOWN)
    return render_template(
        "staff/webhook.html", entry=entry, hook=hook, attempts=attempts, outcome=_outcome, state=_state
    )


@staff.post("/<register:register>/webhooks/<number:number>/switch/")
@allowed("settings")
def switch_webhook(register: str, number: int) -> Response:
    with services().accounts.work() as db:
        hook = subscriptions.find_webhook(db, register, number)
        if request.form.get("action") == "begin":
            subscriptions.resume_webhook(hook, services().clock())
        else:
            subscriptions.stop_webhook(hook, services().clock())
    return redirect(url_for("staff.webhook", register=register, number=number))


def _state(hook: Webhook) -> str:
    if hook.stopped_at:
        return _("stopped")
    return _("will be retried") if hook.tries else _("runs")


def _outcome(attempt: DeliveryAttempt) -> str:
    """Describes the result of an attempt."""
    if attempt.status is not None:
        return _("answered %(status)s", status=attempt.status)
    words = {
        UNUSABLE: _("not sent: the address is no longer valid"),
        UNKNOWN: _("not sent: the host name does not exist"),
        PRIVATE: _("not sent: the address is in a private network"),
    }
    return words.get(attempt.why, _("no answer (%(kind)s)", kind=attempt.why))
