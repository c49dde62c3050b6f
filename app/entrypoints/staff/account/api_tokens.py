"""My API tokens: scripts act under my name with the permissions of my role."""

from flask import redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import SIGNED_IN, allowed
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form, parse_number
from app.services.accounts import api_tokens as keys
from app.services.accounts import people
from app.services.accounts.permissions import PERMISSIONS
from domain.errors import Refused

DEFAULT_DAYS = "90"


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
                new_token = keys.create_token(
                    db, user, form["name"], form.lists["scope"], parse_number(form["days"]) or 0, now
                )
                form.values, form.lists = {"days": DEFAULT_DAYS}, {}
            except Refused as refused:
                form.refuse(refused)
        own_tokens = keys.active_tokens(db, user, now)
    page = render_template(
        "accounts/tokens.html", form=form, tokens=own_tokens, new_token=new_token, scopes=PERMISSIONS
    )
    return page, form.status


@staff.post("/account/tokens/revoke/")
@allowed(SIGNED_IN)
def revoke_token() -> Response:
    with services().accounts.work() as db:
        user = people.find_user(db, current_user.person)
        keys.revoke_token(db, user, request.form.get("name", ""), services().clock())
    return redirect(url_for("staff.tokens"))
