"""My account: public name, language, e-mail preferences and login sessions."""

from flask import redirect, render_template, request, session, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import SIGNED_IN, allowed
from app.entrypoints.http.services import services
from app.entrypoints.staff.account.mail_preferences import mail_kinds
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form, parse_number
from app.presentation.i18n.languages import LANGUAGES, SOURCE, language_choices
from app.services.accounts import login_sessions, people
from app.services.accounts import secret as secrets
from app.services.mail.models import mail_preferences_of


@staff.route("/account/", methods=["GET", "POST"])
@allowed(SIGNED_IN)
def account() -> tuple[str, int] | Response:
    with services().accounts.work() as db:
        user = people.find_user(db, current_user.person)
        if request.method == "POST":
            form = Form().read("name", "shows_name", "language")
            user.name = form["name"][:200]
            user.shows_name = form["shows_name"] == "yes"
            user.language = form["language"] if form["language"] in LANGUAGES else SOURCE
            return redirect(url_for("staff.account"))
        login_sessions_of_user, wish = login_sessions.active_sessions(db, user), mail_preferences_of(db, user)
    form = Form(name=user.name, shows_name="yes" if user.shows_name else "", language=user.language, digest=wish.digest)
    page = render_template(
        "accounts/account.html",
        form=form,
        languages=language_choices(),
        email=user.email,
        login_sessions=login_sessions_of_user,
        current_session=secrets.digest(session.get("seat", "")),
        sends_mail=bool(services().settings.smtp_url),
        wish=wish,
        kinds=mail_kinds(),
    )
    return page, 200


@staff.post("/account/sessions/")
@allowed(SIGNED_IN)
def end_session() -> Response:
    """End one login session, or all of them."""
    with services().accounts.work() as db:
        user = people.find_user(db, current_user.person)
        login_sessions.end_sessions(db, user, services().clock(), number=parse_number(request.form.get("seat", "")))
    return redirect(url_for("staff.account"))
