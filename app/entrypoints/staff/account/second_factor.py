"""My second factor: set it up with an authenticator app, turn it off, and its recovery codes."""

from flask import current_app, redirect, render_template, request, session, url_for
from flask_security import Totp, current_user
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import SIGNED_IN, allowed
from app.entrypoints.http.library_texts import ERRORS
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, ask_to_confirm, goes_back, is_confirmed
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.presentation.i18n.translation import _
from app.services.accounts import people
from app.services.accounts import second_factor as factors
from app.services.accounts.models import User
from app.services.mail.account_messages import queue_account_message

_NEW_KEY, _SHOW_CODES = "new_second_factor", "show_recovery_codes"
"""Keys of the browser's session: the encrypted key that is being set up, and whether to show the codes at once."""


@staff.route("/account/second-factor/", methods=["GET", "POST"])
@allowed(SIGNED_IN, fresh=True)
def second_factor() -> str | Response:
    with services().accounts.work() as db:
        user = people.find_user(db, current_user.person)
        if request.form.get("action") == "begin":
            session[_NEW_KEY] = _codes().generate_totp_secret()
            return redirect(url_for("staff.set_up_second_factor"))
        is_required = services().settings.require_second_factor
        is_turned_off = request.form.get("action") == "off" and factors.is_on(user) and not is_required
        if is_turned_off and not is_confirmed() and not goes_back():
            return ask_to_confirm(_turning_off())
        if is_turned_off and is_confirmed():
            factors.turn_off(user)
            queue_account_message(db, user, "second_factor_off", services().clock())
            announce(
                _("Your second factor is off"),
                _("You sign in with your password alone. The recovery codes no longer work."),
            )
            return redirect(url_for("staff.second_factor"))
        is_on, left = factors.is_on(user), factors.recovery_codes_left(user)
    return render_template("accounts/second_factor.html", is_on=is_on, is_required=is_required, codes_left=left)


@staff.route("/account/second-factor/set-up/", methods=["GET", "POST"])
@allowed(SIGNED_IN, fresh=True)
def set_up_second_factor() -> tuple[str, int] | Response:
    """The key stays the same until a code from it was typed correctly."""
    key = session.get(_NEW_KEY)
    if key is None:
        return redirect(url_for("staff.second_factor"))
    form = Form()
    if request.method == "POST":
        form.read("code")
        if _is_right(form["code"], key):
            with services().accounts.work() as db:
                user = people.find_user(db, current_user.person)
                _turn_on(user, key)
                queue_account_message(db, user, "second_factor_on", services().clock())
            announce(
                _("Your second factor is on"),
                _("From now on, signing in with your password also needs a code from the app."),
                _("Save the recovery codes below now. They let you in when you lose your phone."),
            )
            session.pop(_NEW_KEY)
            session[_SHOW_CODES] = True
            return redirect(url_for("staff.recovery_codes"))
        form.values.pop("code")
        wrong = str(ERRORS["TWO_FACTOR_INVALID_TOKEN"])
        form.add("code", f"{wrong} {_('If this happens again, check that the clock of your phone is right.')}")
    values = _codes().fetch_setup_values(key, current_user)
    page = render_template("accounts/set_up_second_factor.html", form=form, image=values["image"], key=values["key"])
    return page, form.status


@staff.route("/account/recovery-codes/", methods=["GET", "POST"])
@allowed(SIGNED_IN, fresh=True)
def recovery_codes() -> str | Response:
    action = request.form.get("action", "")
    if action == "make" and not is_confirmed():
        return redirect(url_for("staff.recovery_codes")) if goes_back() else ask_to_confirm(_new_codes_question())
    shows = session.pop(_SHOW_CODES, False) or action in ("show", "make")
    with services().accounts.work() as db:
        user = people.find_user(db, current_user.person)
        is_on = factors.is_on(user)
        if is_on and action == "make":
            user.mf_recovery_codes = _new_codes()
            announce(_("You have new recovery codes"), _("The old ones no longer work. Save these now."))
        codes = list(user.mf_recovery_codes or []) if is_on else []
    return render_template("accounts/recovery_codes.html", is_on=is_on, left=len(codes), codes=codes if shows else [])


def _turning_off() -> Confirmation:
    return Confirmation(
        title=_("Turn your second factor off?"),
        happens=(
            _("Without it, your password alone opens your account. The recovery codes stop working."),
            _("You can set it up again at any time, with a new key and new recovery codes."),
        ),
        button=_("Turn it off"),
    )


def _new_codes_question() -> Confirmation:
    return Confirmation(
        title=_("Make new recovery codes?"),
        happens=(_("The old codes stop working at once, also where you wrote them down."),),
        button=_("Make new codes"),
    )


def _is_right(code: str, key: str) -> bool:
    window: int = current_app.config["SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY"]
    return _codes().verify_totp("".join(code.split()), key, current_user, window=window)


def _turn_on(user: User, key: str) -> None:
    user.tf_primary_method, user.tf_totp_secret = "authenticator", key
    user.mf_recovery_codes = user.mf_recovery_codes or _new_codes()


def _new_codes() -> list[str]:
    number: int = current_app.config["SECURITY_MULTI_FACTOR_RECOVERY_CODES_N"]
    return list(_codes().generate_recovery_codes(number))


def _codes() -> Totp:
    codes: Totp = current_app.extensions["security"].totp_factory
    return codes
