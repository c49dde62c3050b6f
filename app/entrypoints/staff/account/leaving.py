"""People leave, or an administrator of the installation removes them; names can be erased later."""

from flask import g, redirect, render_template, request, session, url_for
from flask_security import current_user, logout_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import SIGNED_IN, allowed
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.services.accounts import people
from app.services.accounts.models import User
from app.services.container import Services
from domain.errors import Refused, refusal


@staff.get("/accounts/")
@allowed("people")
def accounts() -> str:
    with services().accounts.work() as db:
        users = list(db.scalars(select(User).order_by(User.email)))
        return render_template("accounts/accounts.html", users=users, former=people.former_names(db))


@staff.post("/accounts/<ident:person>/erase/")
@allowed("people", fresh=True)
def erase(person: str) -> Response:
    """Erase the name of a person who has left."""
    with services().accounts.work() as db:
        people.erase_person(db, person)
    return redirect(url_for("staff.accounts"))


@staff.route("/accounts/<ident:person>/remove/", methods=["GET", "POST"])
@allowed("people", fresh=True)
def remove(person: str) -> tuple[str, int] | Response:
    if person == current_user.person:
        return redirect(url_for("staff.leave"))
    return _page(services(), person) or redirect(url_for("staff.accounts"))


@staff.route("/account/leave/", methods=["GET", "POST"])
@allowed(SIGNED_IN, fresh=True)
def leave() -> tuple[str, int]:
    if page := _page(services(), current_user.person):
        return page
    logout_user()
    session.clear()
    g.person = None
    return render_template("accounts/left.html"), 200


def _page(services: Services, person: str) -> tuple[str, int] | None:
    """The form that removes an account; None once it is removed."""
    form = Form().read("email", "erase")
    with services.accounts.work() as db:
        user = people.find_user(db, person)
        own, shows_name = user.id == current_user.id, user.shows_name and bool(user.name)
        if request.method == "POST":
            try:
                if form["email"].lower() != user.email:
                    raise Refused(refusal("Type {email} to confirm.", email=user.email, field="email"))
                people.remove_user(db, user, erase=form["erase"] == "yes")
                return None
            except Refused as refused:
                form.refuse(refused)
    return render_template("accounts/leave.html", form=form, user=user, own=own, shows_name=shows_name), form.status
