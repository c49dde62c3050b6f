"""What I am told by e-mail, chosen on my account's page; and the link in a letter that ends letters of its kind."""

from flask import redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import ANYONE, SIGNED_IN, allowed
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.presentation.i18n.translation import _, set_language
from app.services.accounts.people import find_user
from app.services.mail.models import DIGEST_INTERVALS, IMMEDIATE_KINDS, mail_preferences_of
from app.services.mail.unsubscribe import read_link


def mail_kinds() -> list[tuple[str, str]]:
    """The kinds of letters that are sent at once, with their words."""
    return [
        ("mention", _("when a comment mentions me")),
        ("review", _("when a proposal needs a second person")),
        ("returned", _("when a proposal of mine is returned")),
    ]


@staff.post("/account/mail/")
@allowed(SIGNED_IN)
def choose_mail() -> Response:
    with services().accounts.work() as db:
        wish = mail_preferences_of(db, find_user(db, current_user.person))
        wish.at_once = " ".join(k for k in IMMEDIATE_KINDS if k in request.form.getlist("at_once"))
        wish.digest = next((d for d in DIGEST_INTERVALS if d == request.form.get("digest")), "")
        db.add(wish)
    return redirect(url_for("staff.account") + "#mail")


@staff.route("/mail/stop/<token>/", methods=["GET", "POST"])
@allowed(ANYONE)
def stop_mail(token: str) -> str:
    """Opening the link only asks, since scanners of mail open links too; sending the form, or one click, ends them."""
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


# A mail program sends it without having seen a page; the signature in the address says who wants it.
staff.record_once(lambda state: state.app.extensions["csrf"].exempt(stop_mail))
