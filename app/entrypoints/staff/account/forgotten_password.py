"""A forgotten password: ask for a link by e-mail, and choose another password with it."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import ANYONE, allowed
from app.entrypoints.http.services import services
from app.entrypoints.staff.account.new_password import read_new_password
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.presentation.i18n.translation import _
from app.services.accounts import one_time_links, people, recovery
from app.services.accounts.models import User
from app.services.accounts.one_time_links import LinkKind, UnusableLink
from app.services.container import Services
from app.services.mail.account_messages import queue_account_message, request_recovery_link


@staff.route("/forgotten-password/", methods=["GET", "POST"])
@allowed(ANYONE)
def forgotten_password() -> tuple[str, int] | Response:
    form, status, sends_mail = Form().read("email"), 200, bool(services().settings.smtp_url)
    if request.method == "POST" and sends_mail:
        status = _ask(services(), form, request.remote_addr or "")
        if status == 200:
            return redirect(url_for("security.login"))
    with services().accounts.work() as db:
        administrators = [] if sends_mail else recovery.public_administrators(db)
    page = render_template(
        "accounts/forgotten_password.html", form=form, sends_mail=sends_mail, administrators=administrators
    )
    return page, status


def _ask(services: Services, form: Form, address: str) -> int:
    """Ask for the message and announce the same for every address; returns the status of the answer."""
    if not people.is_email(form["email"]):
        form.add("email", _("Type a whole e-mail address, such as name@example.org."))
        return 400
    if not request_recovery_link(services, form["email"], address):
        form.add("", _("There were too many requests. Look at your e-mail, or wait 15 minutes."))
        return 429
    announce(
        _("Look at your e-mail"),
        _("If “%(email)s” has an account, a message with a link is on its way.", email=form["email"]),
        _("The link is valid for 1 hour. If nothing arrives, look in the spam folder or ask an administrator."),
    )
    return 200


@staff.route("/password/<secret>/", methods=["GET", "POST"])
@allowed(ANYONE)
def choose_password(secret: str) -> tuple[str, int] | Response:
    """Opening the link only shows the form, because mail scanners open links."""
    now, form = services().clock(), Form()
    with services().accounts.work() as db:
        link = one_time_links.find_link(db, secret, now, kind=LinkKind.RECOVERY)
        user = db.get_one(User, link.user_id)
        password_hash = read_new_password(form, user) if request.method == "POST" else ""
        if not password_hash:
            return render_template("accounts/choose_password.html", form=form, email=user.email), form.status
        one_time_links.use_link(db, link, now)
        recovery.set_password(db, user, password_hash, now)
        queue_account_message(db, user, "password_changed", now)
    announce(
        _("Your password is changed"),
        _("Sign in with the new one. Your other devices are signed out, and your tokens for scripts no longer work."),
        _("If another person may have used your account, also look at your passkeys under “My account”."),
    )
    return redirect(url_for("security.login"))


@staff.errorhandler(UnusableLink)
def unusable_link(error: UnusableLink) -> tuple[str, int]:
    """Say why a link does not work, and how to go on."""
    kinds = {"is_recovery": error.kind is LinkKind.RECOVERY, "is_welcome": error.kind is LinkKind.WELCOME}
    return render_template("accounts/unusable_link.html", why=error.refusals[0], **kinds), 404
