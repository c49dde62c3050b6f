"""My API tokens: scripts act under my name with the permissions of my role."""

from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask_security import current_user
from msgspec import Struct
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import SIGNED_IN, allowed
from app.entrypoints.http.services import services
from app.entrypoints.staff.accepted_forms import mark_sent
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, ask_to_confirm, goes_back, is_confirmed
from app.entrypoints.staff.forms import Form, parse_number
from app.entrypoints.staff.outcomes import announce
from app.presentation.i18n.localize import refusal_text
from app.presentation.i18n.translation import _
from app.services.accounts import api_tokens as keys
from app.services.accounts import people
from app.services.accounts.models import User
from app.services.accounts.permissions import PERMISSIONS
from domain.errors import Refused

DEFAULT_DAYS = "90"


class ScopeChoice(Struct, frozen=True):
    """What a token may do, as a choice in a form."""

    value: str
    label: str
    permits: str


def scope_choices() -> list[ScopeChoice]:
    return [ScopeChoice(key, refusal_text(p.name), refusal_text(p.to)) for key, p in PERMISSIONS.items()]


@staff.route("/account/tokens/", methods=["GET", "POST"])
@allowed(SIGNED_IN, fresh=True)
def tokens() -> tuple[str, int]:
    """A new token is shown once."""
    new_token, now = "", services().clock()
    form = Form(days=DEFAULT_DAYS)
    with services().accounts.work() as db:
        user = people.find_user(db, current_user.person)
        if request.method == "POST":
            form.read("name", "days", many=["scope"])
            try:
                new_token = _make(db, user, form, now)
                form.values, form.lists = {"days": DEFAULT_DAYS}, {}
            except Refused as refused:
                form.refuse(refused)
        own_tokens = keys.active_tokens(db, user, now)
    scopes = scope_choices()
    values = {"new_token": new_token, "scopes": scopes, "scope_names": {s.value: s.label for s in scopes}}
    return render_template("accounts/tokens.html", form=form, tokens=own_tokens, **values), form.status


def _make(db: Session, user: User, form: Form, now: datetime) -> str:
    token = keys.create_token(db, user, form["name"], form.lists["scope"], parse_number(form["days"]) or 0, now)
    mark_sent()
    announce(
        _("The token “%(name)s” is made", name=form["name"]),
        _("Copy it below now and give it to your script: it is not shown again."),
    )
    return token


@staff.post("/account/tokens/revoke/")
@allowed(SIGNED_IN)
def revoke_token() -> str | Response:
    name = Form().read("revoke")["revoke"]
    with services().accounts.work() as db:
        token = keys.find_token(db, people.find_user(db, current_user.person), name)
        if not is_confirmed() and not goes_back():
            return ask_to_confirm(_revoking(name))
        if is_confirmed():
            keys.revoke_token(token, services().clock())
            announce(
                _("The token “%(name)s” is revoked", name=name),
                _("Scripts that use it are refused from now on. Give them a new token if they should go on."),
            )
    return redirect(url_for("staff.tokens"))


def _revoking(name: str) -> Confirmation:
    return Confirmation(
        title=_("Revoke the token “%(name)s”?", name=name),
        happens=(
            _("Scripts that use it stop working at once: every request with it is refused."),
            _("What was done with it stays in the record."),
            _("You cannot undo this. You can make a new token, with another name."),
        ),
        button=_("Revoke it"),
    )
