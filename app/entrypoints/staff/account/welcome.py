"""The page of an invitation or the first set-up: choose a name and a password, and go on to Home, signed in."""

from flask import redirect, render_template, request, url_for
from flask_security import current_user, login_user, logout_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import ANYONE, allowed
from app.entrypoints.http.security import end_login_session
from app.entrypoints.http.services import services
from app.entrypoints.staff.account.new_password import read_new_password
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.people.roles import role_sentences
from app.presentation.i18n.translation import _, page_language
from app.services.accounts import one_time_links, people, recovery
from app.services.accounts.models import OneTimeLink, User
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.container import Services
from domain.errors import Refused
from domain.text import valid_name


@staff.route("/welcome/<secret>/", methods=["GET", "POST"])
@allowed(ANYONE)
def welcome(secret: str) -> tuple[str, int] | Response:
    accounts, now = services().accounts, services().clock()
    with accounts.work() as db:
        link = one_time_links.find_link(db, secret, now)
        user = db.get(User, link.user_id) if link.user_id else None
        form = Form(email=user.email if user else "", name=user.name if user else "")
        invitation = _invitation(services(), db, link, user)
        if request.method == "GET":
            return render_template("accounts/welcome.html", form=form, **invitation), 200
        form.read("name", *(() if user else ("email",)))
        try:
            account = user or people.add_user(db, form["email"], form["name"])
            account.name, account.language = valid_name(form["name"]), page_language()
            password_hash = read_new_password(form, account)
            if user is None:
                people.give_role(db, account, ALL_REGISTERS, StaffRole.ADMINISTRATOR)
        except Refused as refused:
            form.refuse(refused)
        if form.errors:
            db.rollback()
            return render_template("accounts/welcome.html", form=form, **invitation), 400
        one_time_links.use_link(db, link, now)
        recovery.set_password(db, account, password_hash, now)
    _sign_in(services(), account.id)
    announce_welcome(services(), account)
    return redirect(url_for("staff.home"))


def _invitation(services: Services, db: Session, link: OneTimeLink, user: User | None) -> dict[str, object]:
    """Who invites to what, for the page."""
    maker = people.find_person(db, link.made_by)
    roles = role_sentences(services, user) if user else []
    return {"first": user is None, "by": maker.name if maker else "", "roles": roles}


def _sign_in(services: Services, account: int) -> None:
    """Sign in with the password that was just chosen; a person who was signed in in this browser is signed out."""
    if current_user.is_authenticated:
        end_login_session(services)
        logout_user()
    login_user(services.accounts.session.get_one(User, account), authn_via=["password"])


def announce_welcome(services: Services, user: User) -> None:
    announce(
        _("Welcome, %(name)s", name=user.name or user.email),
        *role_sentences(services, user),
        _("You can protect your account with a second factor or a passkey at any time."),
        links=[(_("My account"), url_for("staff.account"))],
    )
