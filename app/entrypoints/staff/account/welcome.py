"""The page of an invitation or the first set-up: choose a name and a password."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import ANYONE, allowed
from app.entrypoints.http.security import hash_new_password
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.presentation.i18n.translation import _
from app.services.accounts import one_time_links, people
from app.services.accounts.models import User
from app.services.accounts.permissions import StaffRole
from domain.errors import Refused


@staff.route("/welcome/<secret>/", methods=["GET", "POST"])
@allowed(ANYONE)
def welcome(secret: str) -> tuple[str, int] | Response:
    accounts, now = services().accounts, services().clock()
    with accounts.work() as db:
        link = one_time_links.find_link(db, secret, now)
        user = db.get(User, link.user_id) if link.user_id else None
        form = Form(email=user.email if user else "", name=user.name if user else "")
        if request.method == "GET":
            return render_template("accounts/welcome.html", form=form, first=user is None), 200
        form.read("name", "password", "again", *(() if user else ("email",)))
        try:
            account = user or people.add_user(db, form["email"], form["name"])
            account.name = form["name"][:200]
            account.password = _password(form, account)
            if user is None:
                people.give_role(db, account, people.ALL_REGISTERS, StaffRole.ADMINISTRATOR)
            one_time_links.use_link(db, link, now)
            one_time_links.use_all_links(db, account, now)
        except Refused as refused:
            form.refuse(refused)
        if form.errors:
            db.rollback()
            form.values.pop("password"), form.values.pop("again")
            return render_template("accounts/welcome.html", form=form, first=user is None), 400
    return redirect(url_for("security.login"))


def _password(form: Form, account: User) -> str:
    if form["password"] != form["again"]:
        form.add("again", _("The passwords do not match. Type the same password twice."))
        return ""
    try:
        return hash_new_password(form["password"], account)
    except ValueError as problems:
        for sentence in problems.args:
            form.add("password", sentence)
        return ""
