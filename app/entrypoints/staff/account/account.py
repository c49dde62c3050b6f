"""My account: public name, language, e-mail preferences and login sessions."""

from flask import redirect, render_template, request, session, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import SIGNED_IN, allowed
from app.entrypoints.http.services import services
from app.entrypoints.staff.account.mail_preferences import mail_kinds
from app.entrypoints.staff.account.sign_in_outcomes import signed_out
from app.entrypoints.staff.account.sign_in_ways import sign_in_ways
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form, parse_number
from app.entrypoints.staff.outcomes import announce
from app.presentation.i18n.devices import device_name
from app.presentation.i18n.languages import LANGUAGES, SOURCE, language_choices
from app.presentation.i18n.translation import _, set_language
from app.services.accounts import login_sessions, people
from app.services.accounts import secret as secrets
from app.services.accounts.models import User
from app.services.mail.models import mail_preferences_of
from domain.errors import Refused
from domain.text import valid_name


@staff.route("/account/", methods=["GET", "POST"])
@allowed(SIGNED_IN)
def account() -> tuple[str, int] | Response:
    with services().accounts.work() as db:
        user = people.find_user(db, current_user.person)
        wish, shows_name = mail_preferences_of(db, user), "yes" if user.shows_name else ""
        form = Form(name=user.name, shows_name=shows_name, language=user.language, digest=wish.digest)
        form.read("name", "shows_name", "language")
        if request.method == "POST":
            try:
                _save(user, form)
                return redirect(url_for("staff.account"))
            except Refused as refused:
                form.refuse(refused)
        login_sessions_of_user = login_sessions.active_sessions(db, user)
        ways = list(sign_in_ways(services(), db, user))
    page = render_template(
        "accounts/account.html",
        form=form,
        languages=language_choices(),
        email=user.email,
        login_sessions=login_sessions_of_user,
        device_name=device_name,
        current_session=secrets.digest(session.get("seat", "")),
        sends_mail=bool(services().settings.smtp_url),
        wish=wish,
        kinds=mail_kinds(),
        ways=ways,
    )
    return page, form.status


def _save(user: User, form: Form) -> None:
    """Save how the person is shown, and say so in the language that was chosen."""
    user.name = valid_name(form["name"])
    user.shows_name = form["shows_name"] == "yes"
    user.language = form["language"] if form["language"] in LANGUAGES else SOURCE
    set_language(user.language)
    shown = _("The public pages show your role only.")
    if user.shows_name and user.name:
        shown = _("The public pages show the name “%(name)s” from now on.", name=user.name)
    announce(_("Your name and your language are saved"), shown)


@staff.post("/account/sessions/")
@allowed(SIGNED_IN)
def end_session() -> Response:
    """End one login session, or all of them."""
    number, here = parse_number(Form().read("seat")["seat"]), secrets.digest(session.get("seat", ""))
    with services().accounts.work() as db:
        user = people.find_user(db, current_user.person)
        ended = login_sessions.end_sessions(db, user, services().clock(), number=number)
        is_left = here in [s.secret for s in login_sessions.active_sessions(db, user)]
    if is_left:
        _announce_ended(ended)
        return redirect(url_for("staff.account"))
    title = _("You are signed out on every device") if number is None else _("You are signed out on this device")
    return signed_out(title, _("Sign in again to go on."))


def _announce_ended(number: int) -> None:
    if not number:
        announce(_("That session had ended already"), _("Nothing was changed."))
        return
    announce(
        _("The session on the other device is ended"),
        _("If you do not know that device, change your password now."),
        links=[(_("Change my password"), url_for("security.change_password"))],
    )
