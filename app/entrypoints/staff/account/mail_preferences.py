"""E-mail preferences on the account page, and the unsubscribe link of a message."""

from flask import redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import ANYONE, SIGNED_IN, allowed
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.presentation.i18n.translation import _, set_language
from app.services.accounts.people import find_user
from app.services.mail.models import DIGEST_INTERVALS, IMMEDIATE_KINDS, mail_preferences_of
from app.services.mail.unsubscribe import read_link


def mail_kinds() -> list[tuple[str, str]]:
    """The kinds of immediate messages, with their labels."""
    return [
        ("mention", _("when a comment mentions me")),
        ("review", _("when a proposal needs a second person")),
        ("returned", _("when a proposal of mine is returned")),
        ("published", _("when a proposal of mine is published")),
        ("declined", _("when a proposal of mine is declined")),
        ("assigned", _("when a recommendation is assigned to me")),
        ("opinion", _("when I am asked for a second opinion")),
        ("role", _("when my role changes")),
    ]


@staff.post("/account/mail/")
@allowed(SIGNED_IN)
def choose_mail() -> Response:
    with services().accounts.work() as db:
        wish = mail_preferences_of(db, find_user(db, current_user.person))
        form = Form().read("digest", many=["at_once"])
        wish.at_once = " ".join(k for k in IMMEDIATE_KINDS if k in form.lists["at_once"])
        wish.digest = next((d for d in DIGEST_INTERVALS if d == form["digest"]), "")
        db.add(wish)
    announce(
        _("Your choice of e-mail is saved"),
        _("It applies from now on. Messages about your password and your second factor always come."),
    )
    return redirect(url_for("staff.account"))


@staff.route("/mail/stop/<token>/", methods=["GET", "POST"])
@allowed(ANYONE)
def stop_mail(token: str) -> str:
    """Opening the link only asks, because mail scanners open links; the form, or one-click, unsubscribes."""
    person, kind = read_link(services().settings, token)
    with services().accounts.work() as db:
        user = find_user(db, person)
        set_language(user.language)
        if request.method == "POST":
            wish = mail_preferences_of(db, user)
            wish.stop(kind)
            db.add(wish)
    kind_label = dict(mail_kinds()).get(kind, _("a digest of my open tasks"))
    return render_template("accounts/stop_mail.html", kind_label=kind_label, stopped=request.method == "POST")


# Mail programs send this without a page, so without a CSRF token; the signed address identifies the person.
staff.record_once(lambda state: state.app.extensions["csrf"].exempt(stop_mail))
