"""Help for a person who cannot sign in: a link to choose another password, and the reset of a second factor."""

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url
from app.entrypoints.staff.accepted_forms import mark_sent
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, require_confirmation
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.people.role_changes import shown_name
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.localize import refusal_text
from app.presentation.i18n.translation import _
from app.services.accounts import members, recovery, second_factor
from app.services.accounts.actors import Person
from app.services.accounts.models import User
from app.services.container import Services
from app.services.mail.account_messages import queue_account_message
from domain.errors import Refused
from projections.catalogue.entries import RegisterEntry

MAKE_LINK, RESET = "link", "second_factor"


@staff.route("/<register:register>/people/<ident:person>/sign-in/", methods=["GET", "POST"])
@allowed("people", fresh=True)
def sign_in_help(register: str, person: str) -> tuple[str, int] | Response:
    entry, form, by = register_entry(services(), register), Form(), current_person()
    action, link = request.form.get("action", ""), ""
    with services().accounts.work() as db:
        user = members.find_listed(db, register, person)
        try:
            if action == MAKE_LINK:
                link = _make_link(services(), db, user, by, entry)
                mark_sent()
            elif action == RESET:
                _reset(services(), db, user, by, entry)
        except Refused as refused:
            form.refuse(refused)
        if action and not link and not form.errors:
            return redirect(url_for("staff.sign_in_help", register=register, person=person))
        values = {"user": user, "name": shown_name(user), "link": link, **_state(services(), user, by)}
        return render_template("accounts/sign_in_help.html", entry=entry, form=form, **values), form.status


def _state(services: Services, user: User, by: Person) -> dict[str, object]:
    """What the page offers, or why it offers nothing."""
    obstacle, why_not = recovery.obstacle_to_recovery(user, services.settings), ""
    try:
        recovery.require_helper(by, user)
    except Refused as refused:
        why_not = refusal_text(refused.refusals[0])
    no_link = refusal_text(recovery.obstacle_sentence(obstacle)) if obstacle else ""
    return {"why_not": why_not, "no_link": no_link, "has_second_factor": second_factor.is_on(user)}


def _make_link(services: Services, db: Session, user: User, by: Person, entry: RegisterEntry) -> str:
    """Returns the address, which is shown once: it is in no banner, since a browser stores those."""
    recovery.require_recoverable(user, by=by, settings=services.settings)
    name = shown_name(user)
    happens = (
        _("Anyone who has the link can choose a new password for this account. Give it to %(name)s alone.", name=name),
        _("It works once, for 24 hours. Earlier links for a new password end."),
        _("A second factor is still asked for."),
        _told(services, user),
    )
    title = _("Make a new sign-in link for %(name)s?", name=name)
    question = Confirmation(title=title, about=user.email, happens=happens, button=_("Make the link"))
    require_confirmation(question, entry=entry)
    now = services.clock()
    secret = recovery.create_recovery_link(db, user, now, by=by, settings=services.settings)
    queue_account_message(db, user, "help_link", now, by=by.id)
    announce(_("The link for %(name)s is ready", name=name), _told(services, user))
    return absolute_url(url_for("staff.choose_password", secret=secret))


def _reset(services: Services, db: Session, user: User, by: Person, entry: RegisterEntry) -> None:
    recovery.require_helper(by, user)
    name = shown_name(user)
    happens = (
        _("The password alone opens the account, until %(name)s sets up a new second factor.", name=name),
        _("The app and the recovery codes of the old one stop working."),
        _("Be sure that the request comes from %(name)s: call, or ask in person.", name=name),
        _told(services, user),
    )
    title = _("Reset the second factor of %(name)s?", name=name)
    question = Confirmation(title=title, about=user.email, happens=happens, button=_("Reset it"))
    require_confirmation(question, entry=entry)
    recovery.reset_second_factor(user, by=by)
    queue_account_message(db, user, "second_factor_off", services.clock(), by=by.id)
    announce(_("The second factor of %(name)s is off", name=name), _told(services, user))


def _told(services: Services, user: User) -> str:
    if services.settings.smtp_url:
        return _("%(name)s gets an e-mail about it.", name=shown_name(user))
    return _(
        "%(name)s sees a notice after signing in. No mail server is set up here: tell %(name)s yourself too.",
        name=shown_name(user),
    )
